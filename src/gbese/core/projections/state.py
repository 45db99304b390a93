"""Where a loan stands while its facts are lived through: what accrues, what is owed, what is paid.

Amounts are minor units. The functions of the modules beside it move a `LoanState` from one day of
change to the next; the rows they leave behind are the projection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.accruals.claims import AccruingClaim
from gbese.core.accruals.rate_path import RatePath
from gbese.core.contracts.terms import (
    AllocationClaim,
    FeeTerms,
    FeeTiming,
    InterestBase,
    Terms,
)
from gbese.core.money import round_money
from gbese.core.projections.facts import SharedFacts
from gbese.core.projections.owed import OwedInstalment
from gbese.core.projections.rows import Cause, Interval, IntervalKind, Step
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.schedules.interest_periods import InterestPeriod, InterestUse
from gbese.core.schedules.plan import Planning
from gbese.core.servicing.allocation import Allocation, OpenClaim, allocate
from gbese.core.servicing.events import Component

_OF_KIND: Mapping[AllocationClaim, tuple[Component, bool | None]] = {
    AllocationClaim.FEE: (Component.FEE, None),
    AllocationClaim.OVERDUE_INTEREST: (Component.INTEREST, True),
    AllocationClaim.OVERDUE_PRINCIPAL: (Component.PRINCIPAL, True),
    AllocationClaim.CURRENT_INTEREST: (Component.INTEREST, False),
    AllocationClaim.CURRENT_PRINCIPAL: (Component.PRINCIPAL, False),
}
RUNNING_INTEREST = -1  # key of the interest that has accrued and not fallen due


@dataclass(slots=True)
class Ceiling:
    """A limit that claims of some components share, over the loan's life or a contract year."""

    fraction: Decimal  # of what was drawn
    components: frozenset[Component]
    is_yearly: bool
    used_before: int = 0  # accrued before the running year
    is_reached: bool = False


@dataclass(slots=True)
class Unallocated:
    """Money of one payment that has met no claim yet."""

    event: int
    amount: int


@dataclass(slots=True)
class LoanState:
    """One loan on one day. `periods` and `parts` go together: planned principal by period."""

    shared: SharedFacts
    terms: Terms
    rates: RatePath
    open_ended_until: date | None = None
    periods: tuple[InterestPeriod, ...] = ()
    parts: list[int] = field(default_factory=list)
    level_periods: tuple[InterestPeriod, ...] = ()  # where the level goes by other periods
    base_days: tuple[date, ...] = ()  # on which a lagged base of interest is taken anew
    level: int = 0  # the payment or part that an early repayment may keep
    planned_rate: Decimal = Decimal(0)  # that the level was worked out at
    ceilings: list[Ceiling] = field(default_factory=list)

    day: date = date.min
    has_started: bool = False
    is_written_off: bool = False
    is_restructured: bool = False
    has_been_reset: bool = False  # the rate, by the terms
    lagged_base: int = 0
    next_period: int = 0  # index of the period that runs
    next_due: int = 0  # index of the period that falls due next
    first_drawn_on: date | None = None
    last_statement: date | None = None
    contract_years: int = 0

    drawn: int = 0
    not_due: int = 0  # principal whose contractual due date has not come
    repaid_since_statement: int = 0  # as an expectation, between statements
    interest: AccruingClaim | None = None  # of the running period
    interest_carried: int = 0  # taken over or put off; falls due with the running period
    interest_settled: int = 0  # of the running period, before it falls due
    interest_ended: dict[int, int] = field(default_factory=dict)  # period ended, due date not come
    interest_due_early: dict[int, int] = field(default_factory=dict)  # due before the period ends
    principal_due_early: dict[int, int] = field(default_factory=dict)  # bears interest till then
    owed: list[OwedInstalment] = field(default_factory=list)
    owed_left: int = 0  # of all in `owed`, penalties apart
    owed_principal: int = 0  # of that, principal
    first_unpaid: int = 0  # index in `owed`; everything before it is settled, penalties apart
    bearing_later: list[int] = field(default_factory=list)  # in `owed`; no interest from tonight
    touched: set[int] = field(default_factory=set)  # in `owed`; what is left of them has changed
    oldest: date | None = None  # due date with something unpaid, where `is_oldest_known`
    is_oldest_known: bool = True
    penalised: list[int] = field(default_factory=list)  # indices in `owed` with a penalty to watch
    penalty_starts: list[tuple[date, int, Decimal]] = field(default_factory=list)  # a heap
    unallocated: list[Unallocated] = field(default_factory=list)

    claim_offset: int = 0  # claims go on counting where amended terms begin their periods anew
    fallen: list[PlannedInstalment] = field(default_factory=list)  # instalments as they fell due
    claims: list[AccruingClaim] = field(default_factory=list)
    plannings: list[Planning] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)
    marks: dict[IntervalKind, tuple[date, str]] = field(default_factory=dict)

    @property
    def running_period(self) -> InterestPeriod | None:
        """The interest period the day lies in; None after the last."""
        return self.periods[self.next_period] if self.next_period < len(self.periods) else None

    @property
    def running_claim(self) -> int:
        """The number of the interest claim that runs.

        After the last period it is negative: no due date is to come, so it is payable at once.
        """
        if (period := self.running_period) is not None:
            return self.claim_offset + period.claim
        last = self.periods[-1].number if self.periods else 0
        return -(self.claim_offset + last + 1)

    def step(
        self,
        component: Component | None,
        cause: Cause,
        amount: int,
        *,
        claim: int,
        event: int,
        owed: int = 0,
    ) -> None:
        """Move a known amount today; nothing is recorded where it is zero."""
        if amount:
            self.steps.append(Step(self.day, component, cause, amount, claim, event, owed))

    def owe(
        self,
        claim: int,
        amounts: Mapping[Component, int],
        *,
        accrues_from: date,
        event: int,
        due_date: date | None = None,
    ) -> int:
        """Amounts fall due today under one claim, as due on `due_date`; its index in `owed`."""
        instalment = OwedInstalment(claim, due_date or self.day, accrues_from, dict(amounts))
        key = len(self.owed)
        for component, amount in amounts.items():
            self.step(component, Cause.DUE, amount, claim=claim, event=event, owed=key + 1)
        self.owed.append(instalment)
        self.owed_left += sum(amounts.values())
        self.owed_principal += instalment.principal
        if accrues_from > self.day:
            self.bearing_later.append(key)
        if instalment.is_unpaid:
            self.oldest = min(self.oldest or date.max, instalment.due_date)
        return key

    def lower(self, key: int, component: Component, amount: int) -> None:
        """An instalment asks for less of a component; below zero, for more."""
        instalment = self.owed[key]
        instalment.settle(component, amount)
        self.touched.add(key)
        if component is Component.PENALTY:
            return
        self.owed_left -= amount
        if component is Component.PRINCIPAL:
            self.owed_principal -= amount
        if amount < 0 or instalment.due_date == self.oldest:
            self.is_oldest_known = False

    def owe_penalty(self, amount: int, due_date: date) -> None:
        """A penalty that was charged as a known amount becomes a claim."""
        self.owed.append(OwedInstalment(0, due_date, self.day, {}))
        penalty = self.open_penalty(len(self.owed) - 1)
        penalty.charged = amount

    def open_penalty(self, key: int) -> AccruingClaim:
        """The penalty of an instalment begins; outside the schedule it has a number of its own."""
        instalment = self.owed[key]
        number = instalment.claim if instalment.claim > 0 else -key - 1
        penalty = AccruingClaim(Component.PENALTY, number, self.terms.rounding)
        instalment.penalty = penalty
        self.claims.append(penalty)
        self.penalised.append(key)
        return penalty

    def interest_so_far(self) -> int:
        """Interest of the running period that has accrued and is not settled."""
        accrued = self.interest.accrued(self.day) if self.interest else 0
        return self.interest_carried + accrued - self.interest_settled

    def interest_left(self) -> int:
        """Interest of the running period that has accrued, is not due and not settled."""
        return 0 if self.is_interest_due_early() else self.interest_so_far()

    def is_interest_due_early(self) -> bool:
        """Whether the running period's interest fell due before the period ends."""
        period = self.running_period
        return (
            period is not None
            and period.interest is InterestUse.PAID
            and self.next_period in self.interest_due_early
        )

    def interest_exact(self) -> Fraction:
        """The same as `interest_so_far`, before rounding."""
        known = Fraction(self.interest_carried - self.interest_settled)
        if self.interest is None:
            return known
        return known + self.interest.charged + self.interest.unrounded(self.day)

    def interest_base(self) -> int:
        """Principal that bears interest from tonight."""
        base = self.not_due + sum(self.principal_due_early.values())
        if self.terms.interest_runs_on_overdue:
            base += self.overdue_principal()
        return self.base_for(base)

    def base_for(self, outstanding: int) -> int:
        """What interest is counted on while so much principal is outstanding."""
        match self.terms.interest_base:
            case InterestBase.OUTSTANDING:
                return outstanding
            case InterestBase.AS_DRAWN:
                drawn = self.drawn if self.has_started else self.terms.principal.minor
                return drawn if outstanding > 0 else 0
            case InterestBase.LAGGED:
                return self.lagged_base if outstanding > 0 else 0

    def is_covered_by(self, money: int) -> bool:
        """Whether an amount pays all that is owed today, due or not, so that nothing is left."""
        ended = sum(self.parts[index] + due for index, due in self.interest_ended.items())
        early = sum(self.interest_due_early.values())
        left = money - self.owed_left - ended - self.not_due - self.interest_so_far() + early
        if left < 0:
            return False
        return left >= sum(self.owed[key].penalty_left(self.day) for key in self.penalised)

    def open_claims(self, kind: AllocationClaim) -> list[OpenClaim]:
        """What may be paid today of one kind: what is due, penalties, interest after maturity."""
        if kind is AllocationClaim.PENALTY:
            return self._open_penalties()
        if kind not in _OF_KIND:
            return []  # costs of recovery are not kept apart yet
        component, is_overdue = _OF_KIND[kind]
        claims = [
            OpenClaim(kind, component, key, self.owed[key].due_date, amount)
            for key in range(self.first_unpaid, len(self.owed))
            if (amount := self.owed[key].left.get(component, 0)) > 0
            and is_overdue in {None, self.owed[key].due_date < self.day}
        ]
        if kind is AllocationClaim.OVERDUE_INTEREST and self.running_period is None:
            interest = self.interest_left()
            if interest > 0:
                claims.append(OpenClaim(kind, component, RUNNING_INTEREST, self.day, interest))
        return claims

    def _open_penalties(self) -> list[OpenClaim]:
        return [
            OpenClaim(
                AllocationClaim.PENALTY, Component.PENALTY, key, self.owed[key].due_date, amount
            )
            for key in self.penalised
            if (amount := self.owed[key].penalty_left(self.day)) > 0
        ]

    def all_open_claims(self) -> list[OpenClaim]:
        """All that may be paid today, in the order of the contract."""
        order = self.terms.allocation_order
        return [claim for kind in order for claim in self.open_claims(kind)]

    def has_claims(self) -> bool:
        """Whether anything may be paid today; sometimes yes where the claims turn out empty."""
        is_settled = self.first_unpaid == len(self.owed) and not self.penalised
        return not is_settled or self.running_period is None

    def pay(self, money: int, cause: Cause, event: int) -> int:
        """Settle claims in the order of the contract, oldest first; what is left of the money."""
        for kind in self.terms.allocation_order if self.has_claims() else ():
            if not money:
                break
            if claims := self.open_claims(kind):
                allocation = allocate(money, claims, self.terms.allocation_order)
                self.settle(allocation, cause, event)
                money = allocation.unallocated
        return money

    def settle(self, allocation: Allocation, cause: Cause, event: int) -> None:
        """Take the parts of an allocation off the claims they settle."""
        for part in allocation.parts:
            if part.claim == RUNNING_INTEREST:
                self.settle_running_interest(part.amount, cause, event)
                continue
            instalment = self.owed[part.claim]
            self.lower(part.claim, part.component, part.amount)
            claim = instalment.claim
            if part.component is Component.PENALTY and instalment.penalty is not None:
                claim = instalment.penalty.number
            self.step(
                part.component,
                cause,
                part.amount,
                claim=claim,
                event=event,
                owed=part.claim + 1,
            )
        while self.first_unpaid < len(self.owed) and not self.owed[self.first_unpaid].is_unpaid:
            self.first_unpaid += 1

    def settle_running_interest(self, amount: int, cause: Cause, event: int) -> None:
        """Interest that has accrued falls due at once and is settled."""
        claim = self.interest.number if self.interest else 0
        self.step(Component.INTEREST, Cause.DUE, amount, claim=claim, event=event)
        self.step(Component.INTEREST, cause, amount, claim=claim, event=event)
        self.interest_settled += amount

    def put_off_interest(self, amount: int, *, event: int, due_date: date | None = None) -> None:
        """Interest waits for the running period's end; where none runs, it is due on `due_date`."""
        self.interest_carried += amount
        if self.interest_carried > 0 and self.running_period is None:
            waiting = {Component.INTEREST: self.interest_carried}
            self.owe(0, waiting, accrues_from=self.day, event=event, due_date=due_date)
            self.interest_carried = 0

    def settle_not_due(self, amount: int, cause: Cause, event: int) -> None:
        """Principal falls due at once, before its date, and is settled."""
        self.step(Component.PRINCIPAL, Cause.DUE, amount, claim=0, event=event)
        self.step(Component.PRINCIPAL, cause, amount, claim=0, event=event)
        self.not_due -= amount

    def correct_interest_due(self, key: int, difference: int) -> None:
        """Interest that fell due turned out otherwise; what is below zero is the payer's money.

        It waits unallocated, and meets what is due next.
        """
        instalment = self.owed[key]
        before = instalment.left.get(Component.INTEREST, 0)
        left = before + difference
        place = {"claim": instalment.claim, "event": 0, "owed": key + 1}
        self.step(Component.INTEREST, Cause.DUE, difference, **place)
        if left < 0:
            self.step(Component.INTEREST, Cause.PAID, left, **place)
            self.unallocated.append(Unallocated(0, -left))
        self.lower(key, Component.INTEREST, before - max(left, 0))
        self.first_unpaid = min(self.first_unpaid, key)

    def overdue_principal(self) -> int:
        """Principal that fell due, is unpaid, and bears interest from tonight."""
        later = [key for key in self.bearing_later if self.owed[key].accrues_from > self.day]
        self.bearing_later = later
        return self.owed_principal - sum(self.owed[key].principal for key in later)

    def oldest_unpaid(self) -> date | None:
        """The earliest due date with something but a penalty unpaid."""
        if not self.is_oldest_known:
            self.is_oldest_known = True
            unpaid = (owed for owed in self.owed[self.first_unpaid :] if owed.is_unpaid)
            self.oldest = min((owed.due_date for owed in unpaid), default=None)
        return self.oldest

    def is_clear(self) -> bool:
        """Whether nothing at all is owed: principal, interest, fees or penalties."""
        return (
            self.not_due == 0
            and not self.interest_ended
            and self.oldest_unpaid() is None
            and self.interest_left() <= 0
            and all(self.owed[key].penalty_left(self.day) <= 0 for key in self.penalised)
        )

    def fee_amount(self, fee: FeeTerms, drawn: int) -> int:
        """A fee of the terms in minor units, for an amount drawn."""
        if fee.amount is not None:
            return fee.amount.minor
        exact = drawn * (fee.rate or Decimal(0)).scaleb(-self.terms.currency.exponent)
        return round_money(exact, self.terms.currency, self.terms.rounding).minor

    def instalment_fee(self) -> int:
        """The fees that fall due with each instalment; before the drawdown, for all of the loan."""
        drawn = self.drawn if self.has_started else self.terms.principal.minor
        return sum(
            self.fee_amount(fee, drawn)
            for fee in self.terms.fees
            if fee.timing is FeeTiming.WITH_EACH_INSTALMENT
        )
