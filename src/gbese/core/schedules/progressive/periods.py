"""The periods of a progressive plan, and the stretches of one balance they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(slots=True)
class Stretch:
    """A part of a period with one balance; what moves the balance does so at its end.

    Amounts are minor units. `corrected` is principal repaid ahead (negative) or not repaid in time.
    """

    start: date
    end: date
    is_paused: bool = False
    factor: Decimal = ZERO  # what one unit costs from its start to its end
    factor_to_due: Decimal = ZERO  # ... from its start to the end of the period
    balance: int = 0
    drawn: int = 0
    capitalised: int = 0
    corrected: int = 0
    credited_principal: int = 0
    credited_interest: int = 0

    @property
    def moved(self) -> int:
        """What joins the balance at its end."""
        return self.drawn + self.capitalised + self.corrected

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.end - self.start).days


@dataclass(slots=True, eq=False)
class PlanPeriod:
    """One period of the plan and its level payment, in minor units.

    `level_agreed` is the level before the plan was fitted to payments. Interest that found no room
    in a level payment is `interest_pulled` into this one from periods after it, or is not counted
    where `interest_is_pulled_away`. `drawn_before` is all that was drawn by its start.
    """

    start: date
    due: date
    stretches: list[Stretch]
    level: int = 0
    level_agreed: int = 0
    paid_principal: int = 0
    paid_interest: int = 0
    interest_pulled: int = 0
    interest_is_pulled_away: bool = False
    has_interest_grace: bool = False
    has_principal_grace: bool = False
    interest_fixed: int = 0
    drawn_before: int = 0

    @property
    def paid(self) -> int:
        """What has been paid of it."""
        return self.paid_principal + self.paid_interest

    @property
    def credited_principal(self) -> int:
        """Principal that came back: charged back, or refunded beyond what was overpaid."""
        return max(sum(stretch.credited_principal for stretch in self.stretches), 0)

    @property
    def credited_interest(self) -> int:
        """Interest that came back."""
        return max(sum(stretch.credited_interest for stretch in self.stretches), 0)

    @property
    def credited(self) -> int:
        """All that came back."""
        return self.credited_principal + self.credited_interest

    @property
    def to_pay(self) -> int:
        """The level payment with what came back and what was pulled in."""
        return self.level + self.credited + self.interest_pulled

    @property
    def is_fully_paid(self) -> bool:
        """Whether exactly what it asks for was paid."""
        return self.to_pay == self.paid

    def copy(self) -> PlanPeriod:
        """The same period, free to be changed."""
        return replace(self, stretches=[replace(stretch) for stretch in self.stretches])

    def holds(self, day: date, *, is_first: bool) -> bool:
        """Whether a day lies in it: after its start, up to its due date; the first takes both."""
        return (self.start < day or (is_first and self.start == day)) and day <= self.due


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """What a period asks for: read off its level payment and its stretches, in minor units."""

    interest_earned: int  # with what could not be paid before
    interest: int
    principal: int

    @property
    def interest_deferred(self) -> int:
        """Earned and without room in this level payment."""
        return max(self.interest_earned - self.interest, 0)


@dataclass(slots=True)
class PlannedRate:
    """A nominal rate, a fraction a year, for stretches that start on or after a day."""

    start: date
    rate: Decimal


@dataclass(slots=True)
class OverdueCorrection:
    """A correction of the balance because principal was not repaid in time."""

    day: date
    amount: int
    due: date  # of the period it changed


@dataclass(slots=True)
class Periods:
    """The periods of a plan, ascending, and how to find one."""

    items: list[PlanPeriod] = field(default_factory=list)

    def __iter__(self) -> Iterator[PlanPeriod]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> PlanPeriod:
        return self.items[index]

    @property
    def last(self) -> PlanPeriod:
        """The one that ends at maturity."""
        return self.items[-1]

    def index(self, period: PlanPeriod) -> int:
        """Its place."""
        return self.items.index(period)

    def holding(self, day: date) -> PlanPeriod | None:
        """The period a day lies in, its due date included."""
        for place, period in enumerate(self.items):
            if period.holds(day, is_first=place == 0):
                return period
        return None

    def due_from(self, day: date) -> list[PlanPeriod]:
        """The periods due on a day or later."""
        return [period for period in self.items if period.due >= day]

    def copy(self) -> Periods:
        """The same periods, free to be changed."""
        return Periods([period.copy() for period in self.items])


def periods_between(dates: Sequence[tuple[date, date]]) -> Periods:
    """Periods without anything in them yet, from pairs of start and due date."""
    return Periods([PlanPeriod(start, due, [Stretch(start, due)]) for start, due in dates])
