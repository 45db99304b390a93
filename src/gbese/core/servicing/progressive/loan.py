"""A progressive loan: facts by date, instalments and postings out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from gbese.core.calendars.frequencies import Frequency, roll
from gbese.core.contracts.progressive import (
    Owed,
    ProgressiveTerms,
)
from gbese.core.contracts.terms import Terms
from gbese.core.money import round_minor
from gbese.core.schedules.progressive.periods import periods_between
from gbese.core.schedules.progressive.plan import ProgressivePlan
from gbese.core.servicing.events import (
    Component,
    Levied,
    Received,
)
from gbese.core.servicing.progressive.instalments import (
    Instalment,
    InstalmentKind,
    Levy,
    LevyState,
    no_parts,
    unpaid,
)
from gbese.core.servicing.progressive.postings import Posting, PostingKind

_NIGHT = timedelta(days=1)
_PARTS_OF = {Component.FEE: Owed.FEE, Component.PENALTY: Owed.PENALTY}


@dataclass(frozen=True, slots=True)
class Settled:
    """A part of an instalment that was paid on a day, in minor units."""

    event: int
    day: date
    instalment: Instalment
    owed: Owed
    amount: int


@dataclass(slots=True)
class ProgressiveLoan:
    """The loan on one day, built by letting its facts happen in order."""

    terms: Terms
    agreed: ProgressiveTerms
    plan: ProgressivePlan
    instalments: list[Instalment]
    day: date
    event: int = 0
    settled: list[Settled] = field(default_factory=list)
    drawn: int = 0
    interest_refunded: int = 0
    interest_without: Callable[[Received], int] | None = None  # if what is returned were not lent
    planned_drawings: int = 0
    tranches: list[tuple[date, int]] = field(default_factory=list)  # to be drawn, day and amount
    expected: int = 0  # to be drawn on the first day, as long as nothing is
    overpaid: int = 0
    first_drawn_on: date | None = None
    written_off_on: date | None = None
    charged_off_on: date | None = None
    is_fraud: bool = False
    charge_off_reason: str = ""
    interest_is_stopped: bool = False
    levies: list[Levy] = field(default_factory=list)
    each_instalment: list[Levied] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    known_ahead: set[int] = field(default_factory=set)  # drawings the plan has already
    down_payments_undone: set[int] = field(default_factory=set)  # of these drawings
    is_paying_off: bool = False
    given_up: dict[int, int] = field(default_factory=dict)  # by the fact that gave it up
    charged_back: dict[int, int] = field(default_factory=dict)  # event and the payment it took back

    @property
    def recalculates(self) -> bool:
        """Whether interest follows what was really paid; not once it has been stopped."""
        return self.agreed.recalculation is not None and not self.interest_is_stopped

    @property
    def planned(self) -> list[Instalment]:
        """The instalments of the plan."""
        return [each for each in self.instalments if each.kind is InstalmentKind.PLANNED]

    @property
    def outstanding(self) -> int:
        """All that is still to be paid by the instalments as they stand."""
        return sum(each.outstanding for each in self.instalments)

    @property
    def principal_left(self) -> int:
        """Principal that is still to be paid."""
        return sum(each.left(Owed.PRINCIPAL) for each in self.instalments)

    def levied(self) -> tuple[LevyState, ...]:
        """The fees and penalties levied so far, one a fact, in the order of recording."""
        numbers = sorted({levy.number for levy in self.levies})
        return tuple(
            LevyState.of([levy for levy in self.levies if levy.number == number])
            for number in numbers
        )

    @property
    def is_paid_off(self) -> bool:
        """Whether something was drawn and nothing is left to pay."""
        return bool(self.drawn) and not unpaid(self.instalments)

    @property
    def last_paid_on(self) -> date | None:
        """The day of the last payment; None where there is none."""
        return max((each.day for each in self.settled), default=None)

    def overdue(self, day: date) -> int:
        """What was due before a day and is not paid."""
        return sum(each.outstanding for each in self.instalments if each.due < day)

    def amount_to_pay_off(self, day: date) -> int:
        """What has to be paid on a day so that nothing is left."""
        left = self.outstanding
        if self.recalculates and self.written_off_on is None:
            agreed = self.agreed.recalculation
            current = self.plan.periods.holding(day)
            if agreed and agreed.closes_with_period and current is not None:
                day = current.due
            principal, interest = self.plan.outstanding_on(day)
            beside = sum(
                each.left(Owed.PRINCIPAL) + each.left(Owed.INTEREST)
                for each in self.instalments
                if each.period is None
            )
            levied = sum(each.left(Owed.FEE) + each.left(Owed.PENALTY) for each in self.instalments)
            left = principal + interest + beside + levied
        return max(left - self.overpaid, 0)

    def earned(self) -> dict[Owed, int]:
        """All interest, fees and penalties that are asked for and were not given up."""
        parts = no_parts()
        for instalment in self.instalments:
            parts[Owed.INTEREST] += instalment.charged[Owed.INTEREST] - instalment.credited_interest
            for owed in (Owed.FEE, Owed.PENALTY):
                parts[owed] += instalment.charged[owed] - instalment.waived[owed]
        return parts

    def earned_by(self, day: date) -> dict[Owed, int]:
        """Interest earned by a day, and the fees and penalties due by it."""
        parts = no_parts()
        bears_to = day + _NIGHT if self.agreed.plan.year_ends_on_new_year else day
        for instalment in self.instalments:
            for levy in instalment.levies:
                if levy.due <= day:
                    parts[levy.owed] += levy.amount - levy.waived
            if instalment.due <= bears_to or instalment.start < bears_to:
                parts[Owed.INTEREST] += self._interest_by(instalment, bears_to)
        return parts

    def _interest_by(self, instalment: Instalment, day: date) -> int:
        charged = instalment.charged[Owed.INTEREST] - instalment.credited_interest
        if instalment.period is None or (
            instalment.due < day and not instalment.period.interest_pulled
        ):
            return charged
        if not self.agreed.drawings_are_known_ahead:
            plan = self.plan.as_of(day)
            period = plan.periods[self.plan.periods.index(instalment.period)]
            return plan.row(period).interest_earned - period.credited_interest
        days = (instalment.due - instalment.start).days
        exact = Decimal(charged) * (day - instalment.start).days / days
        return round_minor(*exact.as_integer_ratio(), self.agreed.plan.rounding)

    def follow_to(self, day: date) -> None:
        """Interest on principal that is late is counted up to a day."""
        agreed = self.agreed.recalculation
        is_given_up = self.written_off_on is not None or self.charged_off_on is not None
        if agreed is None or not agreed.counts_overdue or is_given_up:
            return
        to_due_date = agreed.rests_by_period or self.is_paying_off
        if self.plan.follow_overdue(day, to_due_date=to_due_date):
            self.follow_plan(self.planned)

    def additional(self, due: date) -> Instalment:
        """The instalment for what arises after the plan has ended."""
        additional = [each for each in self.instalments if each.kind is InstalmentKind.ADDITIONAL]
        if additional:
            additional[0].due = max(additional[0].due, due)
            return additional[0]
        last = self.planned[-1].due
        instalment = Instalment(min(last, due), due, InstalmentKind.ADDITIONAL)
        self.instalments.append(instalment)
        return instalment

    # The plan's figures

    def follow_plan_from(self, day: date) -> None:
        """Instalments due from a day that are not met ask for what the plan says."""
        self.follow_plan([each for each in self.planned if not each.is_met and each.due >= day])

    def follow_plan(self, instalments: Iterable[Instalment]) -> None:
        """Instalments ask for what the plan says."""
        rows = dict(zip(map(id, self.plan.periods), self.plan.rows(), strict=True))
        for instalment in instalments:
            if instalment.period is None:
                continue
            row = rows[id(instalment.period)]
            instalment.charged[Owed.PRINCIPAL] = row.principal
            instalment.charged[Owed.INTEREST] = row.interest
            instalment.credited_principal = instalment.period.credited_principal
            instalment.credited_interest = instalment.period.credited_interest
            instalment.check_met(self.day)

    def post(self, event: int, kind: PostingKind, amount: int) -> Posting:
        """A posting of the day."""
        posting = Posting(event, kind, self.day, amount)
        self.postings.append(posting)
        return posting


def open_progressive(terms: Terms, agreed: ProgressiveTerms, start: date) -> ProgressiveLoan:
    """The loan before anything has happened: periods from its first day, nothing drawn."""
    frequency = agreed.plan.frequency
    ends = [
        roll(start, frequency, number, end_of_month=False)
        for number in range(agreed.instalments + 1)
    ]
    if agreed.fixed_length is not None:
        unit = Frequency(agreed.fixed_length, frequency.unit)
        ends[-1] = roll(start, unit, 1, end_of_month=False)
    periods = periods_between(list(pairwise(ends)))
    plan = ProgressivePlan(agreed.plan, periods, terms.rate.fixed or Decimal(0))
    instalments = [Instalment(each.start, each.due, period=each) for each in periods]
    return ProgressiveLoan(terms, agreed, plan, instalments, start)
