"""The life of a progressive loan as it became known: facts recorded, days closed, allocations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import UnionType

from gbese.core.contracts.progressive import ChargeOffRule, Owed, ProgressiveTerms
from gbese.core.contracts.terms import Terms
from gbese.core.money import Money
from gbese.core.servicing.errors import (
    ChargedOffBeforeOtherFacts,
    DrawdownAboveLimit,
    InterestRefundNotUndoneAlone,
    LoanChargedOff,
    LoanNotChargedOff,
    RefundExceedsUnallocated,
)
from gbese.core.servicing.events import (
    Charged,
    ChargedBack,
    ChargedOff,
    Drawn,
    DueDateMoved,
    InterestPaused,
    Lengthened,
    Levied,
    LevyWaived,
    LoanEvent,
    RateSet,
    Received,
    Refunded,
)
from gbese.core.servicing.progressive.accruing import Accruals
from gbese.core.servicing.progressive.charging_off import end_on
from gbese.core.servicing.progressive.drawing import expect_drawings, know_ahead
from gbese.core.servicing.progressive.happening import happen
from gbese.core.servicing.progressive.loan import ProgressiveLoan, open_progressive
from gbese.core.servicing.progressive.postings import Posting, PostingKind

_CHANGES = DueDateMoved | InterestPaused | Lengthened | RateSet  # first on their day
_MONEY = Drawn | Received | Refunded | ChargedBack | Levied | Charged | LevyWaived
_KNOWN_AHEAD = DueDateMoved | Levied | LevyWaived
_NIGHT = timedelta(days=1)
_LENDS = {PostingKind.DISBURSEMENT, PostingKind.CHARGEBACK, PostingKind.CREDIT_BALANCE_REFUND}
_MOVES_NO_BALANCE = {
    PostingKind.ACCRUAL,
    PostingKind.ACCRUAL_ADJUSTMENT,
    PostingKind.ACCRUAL_ACTIVITY,
}


@dataclass(slots=True)
class ProgressiveHistory:
    """Facts are recorded one by one; each time the loan is built anew from those that stand."""

    terms: Terms
    agreed: ProgressiveTerms
    today: date
    expected_drawing: Drawn
    loan_number: str = ""
    facts: list[LoanEvent] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    down_payments_undone: set[int] = field(default_factory=set)
    given_up: dict[int, int] = field(default_factory=dict)
    loan: ProgressiveLoan = field(init=False)
    reverted: list[Posting] = field(default_factory=list)
    replayed: set[tuple[int, PostingKind]] = field(default_factory=set)
    tranches: list[Drawn] = field(default_factory=list)  # agreed to be drawn, and not drawn yet
    agreed_for: dict[int, date] = field(default_factory=dict)  # the day of a drawing's tranche
    accruals: Accruals = field(default_factory=Accruals)
    closed_to: date | None = None

    def __post_init__(self) -> None:
        self.loan = self._built()

    @property
    def postings(self) -> list[Posting]:
        """All that was posted, undone facts too; by day, then by the order of recording."""
        told = [*self.loan.postings, *self.reverted]
        _set_balances(told)
        told.sort(key=lambda each: each.event)
        told += [*self.accruals.postings, *self.accruals.activities]
        return sorted(told, key=lambda each: each.day)

    @property
    def is_drawn(self) -> bool:
        """Whether anything has been drawn."""
        return bool(self.loan.drawn)

    @property
    def drawable(self) -> Money:
        """What may still be drawn: up to the amount agreed, or beyond the one applied for."""
        agreed, applied = self.expected_drawing.amount, self.terms.principal.minor
        if self.agreed.is_drawn_as_agreed_only and not self.tranches:
            return Money(0, agreed.currency)
        beyond = int(applied * self.agreed.drawable_beyond) + self.agreed.drawable_beyond_minor
        limit = applied + beyond if beyond else agreed.minor
        return Money(limit - self.loan.drawn, agreed.currency)

    @property
    def next_number(self) -> int:
        """The number of the next fact."""
        return len(self.facts) + 1

    def expect(self, drawing: Drawn) -> None:
        """Before anything is drawn, the plan is the one of this drawing."""
        self.expected_drawing = drawing
        self.loan = self._built()

    def agree_tranche(self, tranche: Drawn) -> None:
        """A part of the loan is to be drawn on a day."""
        self.tranches = sorted([*self.tranches, tranche], key=lambda each: each.value_date)
        self.loan = self._built(self.today if self.is_drawn else None)

    def record(self, fact: LoanEvent) -> None:
        """A fact becomes known today; what was allocated after it is allocated anew.

        Raises:
            DrawdownAboveLimit: more would be drawn than was agreed.
            RefundExceedsUnallocated: nothing was paid beyond all claims.
            LoanChargedOff: it is, and the fact is none that may follow.
            ChargedOffBeforeOtherFacts: money moved after the day of the charge-off.
        """
        self._require_possible(fact)
        if isinstance(fact, LevyWaived):
            fact = self._counted_from_due_date(fact)
        self.facts.append(fact)
        if isinstance(fact, Drawn) and self.tranches:
            agreed, *self.tranches = self.tranches
            self.agreed_for[fact.number] = agreed.value_date
        if isinstance(fact, LevyWaived):
            [levy] = [each for each in self.loan.levied() if each.number == fact.levy]
            self.given_up[fact.number] = levy.left
        self._replay()

    def _counted_from_due_date(self, fact: LevyWaived) -> LevyWaived:
        """What is given up counts from the day it fell due, where that has passed."""
        [levy] = [each for each in self.loan.levied() if each.number == fact.levy]
        return replace(fact, value_date=min(fact.value_date, levy.due))

    def undo(self, posting: Posting) -> None:
        """A posting counts as never having happened; an undone drawing is not told any more.

        Raises:
            InterestRefundNotUndoneAlone: it is the interest given back with a refund.
        """
        if posting.kind is PostingKind.INTEREST_REFUND:
            raise InterestRefundNotUndoneAlone(loan_number=self.loan_number, on=posting.day)
        gone = [
            each
            for each in self.loan.postings
            if each.event == posting.event
            and (each.kind is posting.kind or posting.kind is not PostingKind.DOWN_PAYMENT)
        ]
        if posting.kind is PostingKind.DOWN_PAYMENT and len(gone) == 1:
            self.down_payments_undone.add(posting.event)
        else:
            self.undone.add(posting.event)
        for each in gone:
            each.is_reverted = True
            if posting.kind is not PostingKind.DISBURSEMENT:
                self.reverted.append(each)
        self._replay()

    def undo_charge_off(self) -> None:
        """The loan counts as never charged off.

        Raises:
            LoanNotChargedOff: it is not.
        """
        if self.loan.charged_off_on is None:
            raise LoanNotChargedOff(loan_number=self.loan_number)
        [posting] = [each for each in self.loan.postings if each.kind is PostingKind.CHARGE_OFF]
        self.undo(posting)

    def undo_all(self) -> None:
        """The loan is as agreed again: what was drawn is to be drawn, and nothing else happened."""
        for fact in self.facts:
            is_agreed = fact.number in self.agreed_for and fact.number not in self.undone
            if isinstance(fact, Drawn) and is_agreed:
                self.tranches.append(replace(fact, value_date=self.agreed_for[fact.number]))
        self.tranches.sort(key=lambda each: each.value_date)
        self.undone.update(fact.number for fact in self.facts)
        self.reverted.clear()
        self.accruals.postings.clear()
        self._replay()

    def close_days_before(self, day: date) -> None:
        """Close every day before one that is still open."""
        self.close_days(day - _NIGHT)

    def close_days(self, last: date) -> None:
        """Close every day up to one: follow what is late, accrue."""
        if not self.is_drawn:
            return
        first = last if self.closed_to is None else self.closed_to + _NIGHT
        for number in range(first.toordinal(), last.toordinal() + 1):
            self.close_day(date.fromordinal(number))

    def close_day(self, day: date) -> None:
        """Close one day; a loan that is paid off has none to close."""
        if self.loan.is_paid_off:
            return
        self.closed_to = day
        if self._is_late(day):
            self.loan = self._built(day + _NIGHT)
            self._mark_replayed()
        self.accruals.accrue(self.loan, day)
        if self.agreed.tells_activity:
            self.accruals.tell_due(self.loan, day)

    def amount_to_pay_off(self, day: date) -> int:
        """What has to be paid on a day so that nothing is left."""
        return self._built(day).amount_to_pay_off(day)

    def _require_possible(self, fact: LoanEvent) -> None:
        match fact:
            case Drawn() | Levied() | Charged() | ChargedOff() if self.loan.charged_off_on:
                raise LoanChargedOff(loan_number=self.loan_number, on=self.loan.charged_off_on)
            case ChargedOff(value_date=day) if later := [
                each.value_date for each in self._standing(_MONEY) if each.value_date > day
            ]:
                raise ChargedOffBeforeOtherFacts(
                    loan_number=self.loan_number, on=day, latest=max(later)
                )
            case Drawn(amount=amount) if amount > (drawable := self.drawable):
                raise DrawdownAboveLimit(
                    loan_number=self.loan_number,
                    amount=amount,
                    limit=Money(self.loan.drawn + drawable.minor, amount.currency),
                    drawable=drawable,
                )
            case Refunded(amount=amount) if not self.loan.overpaid:
                unallocated = Money(0, amount.currency)
                raise RefundExceedsUnallocated(
                    loan_number=self.loan_number, amount=amount, unallocated=unallocated
                )
            case _:
                pass

    def _standing(self, kinds: UnionType) -> list[LoanEvent]:
        """The facts of some kinds that were not undone."""
        return [
            each
            for each in self.facts
            if each.number not in self.undone and isinstance(each, kinds)
        ]

    def _is_late(self, day: date) -> bool:
        return any(each.is_unpaid and each.due <= day for each in self.loan.instalments)

    def _replay(self) -> None:
        before = {(each.event, each.kind): each for each in self.loan.postings}
        self.loan = self._built(self.today)
        for posting in self.loan.postings:
            key = (posting.event, posting.kind)
            old = before.get(key)
            if old is not None and not posting.says_the_same(old):
                self.replayed.add(key)
        self._mark_replayed()
        self.accruals.follow(self.loan, self.today)
        if self.agreed.tells_activity:
            self.accruals.tell_again(self.loan, self.today)

    def _mark_replayed(self) -> None:
        for posting in self.loan.postings:
            posting.is_replayed = (posting.event, posting.kind) in self.replayed

    def _built(self, follow_to: date | None = None) -> ProgressiveLoan:
        standing = [each for each in self.facts if each.number not in self.undone]
        return life_of(
            self.terms,
            self.agreed,
            standing,
            expected=self.expected_drawing,
            follow_to=follow_to,
            tranches=self.tranches,
            given_up=self.given_up,
            down_payments_undone=self.down_payments_undone,
        )


def life_of(
    terms: Terms,
    agreed: ProgressiveTerms,
    facts: Iterable[LoanEvent],
    *,
    expected: Drawn,
    follow_to: date | None,
    tranches: Sequence[Drawn] = (),
    given_up: dict[int, int] | None = None,
    down_payments_undone: set[int] | None = None,
) -> ProgressiveLoan:
    """The loan that its facts make, in whatever order they became known.

    Args:
        terms: of the contract.
        agreed: its progressive part.
        facts: those that stand.
        expected: the drawing to plan by, as long as nothing is drawn.
        follow_to: the day up to which principal that is late costs interest.
        tranches: agreed to be drawn and not drawn yet; before anything is, the plan has them.
            Once something is, one whose day has passed is not shown any more.
        given_up: what was left of a fee when it was waived, by the number of the waiver.
        down_payments_undone: the drawings whose automatic down payment was taken back.
    """
    ordered = _ordered(list(facts))
    drawings = [each for each in ordered if isinstance(each, Drawn)]
    first = (drawings[0] if drawings else expected).value_date
    loan = open_progressive(terms, agreed, terms.signed_on if agreed.counts_from_signing else first)
    loan.tranches = [
        (each.value_date, each.amount.minor)
        for each in tranches
        if not drawings or follow_to is None or each.value_date >= follow_to
    ]
    if not drawings:
        expect_drawings(loan, tranches or [expected])
    loan.down_payments_undone = down_payments_undone or set()
    loan.given_up = given_up or {}
    if agreed.drawings_are_known_ahead:
        for fact in ordered:
            if isinstance(fact, DueDateMoved):
                happen(loan, fact)
        know_ahead(loan, drawings)
        known = [each for each in ordered if isinstance(each, Levied | LevyWaived)]
        ordered = [*known, *(each for each in ordered if not isinstance(each, _KNOWN_AHEAD))]
    if agreed.interest_refunded_for:
        loan.interest_without = lambda event: _interest_without(terms, agreed, ordered, event)
    ends_on = _ends_on(agreed, ordered)
    for fact in ordered:
        if ends_on is not None and not isinstance(fact, Drawn | Levied):
            end_on(loan, ends_on)
            ends_on = None
        happen(loan, fact)
    if follow_to is not None and drawings:
        loan.follow_to(follow_to)
    return loan


def _ends_on(agreed: ProgressiveTerms, facts: Iterable[LoanEvent]) -> date | None:
    """The day a plan that does not follow payments ends on; payments before are used by that."""
    is_known = agreed.charge_off is ChargeOffRule.ACCELERATE_MATURITY and not agreed.recalculation
    days = [each.value_date for each in facts if is_known and isinstance(each, ChargedOff)]
    return days[0] if days else None


def _interest_without(
    terms: Terms, agreed: ProgressiveTerms, ordered: Sequence[LoanEvent], event: Received
) -> int:
    """The interest by the day of a refund, if what is refunded by then had not been drawn."""
    before = ordered[: [each.number for each in ordered].index(event.number) + 1]
    returned = [
        each
        for each in before
        if isinstance(each, Received) and each.kind in agreed.interest_refunded_for
    ]
    left = sum(each.amount.minor for each in returned)
    facts: list[LoanEvent] = []
    for fact in before:
        if fact in returned:
            continue
        if isinstance(fact, Drawn):
            less = min(left, fact.amount.minor)
            left -= less
            if less == fact.amount.minor:
                continue
            amount = Money(fact.amount.minor - less, fact.amount.currency)
            facts.append(replace(fact, amount=amount))
        else:
            facts.append(fact)
    if not any(isinstance(fact, Drawn) for fact in facts):
        return 0
    first = next(fact for fact in facts if isinstance(fact, Drawn))
    plain = replace(agreed, interest_refunded_for=())
    loan = life_of(terms, plain, facts, expected=first, follow_to=event.value_date)
    return loan.plan.as_of(event.value_date).interest()


def _ordered(facts: Sequence[LoanEvent]) -> list[LoanEvent]:
    """By day; changes of the plan come first, and what is waived that day is not charged off."""
    charged_off = {each.value_date: each.number for each in facts if isinstance(each, ChargedOff)}

    def place(fact: LoanEvent) -> tuple[date, bool, int, bool]:
        number = fact.number
        if isinstance(fact, LevyWaived):
            number = min(number, charged_off.get(fact.value_date, number))
        is_waived = isinstance(fact, LevyWaived)
        return _counts_from(fact), not isinstance(fact, _CHANGES), number, not is_waived

    return sorted(facts, key=place)


def _counts_from(fact: LoanEvent) -> date:
    if isinstance(fact, Levied) and fact.due_date is not None:
        return min(fact.value_date, fact.due_date)
    return fact.value_date


def _set_balances(postings: Iterable[Posting]) -> None:
    """The principal that is out after each posting."""
    out = 0
    for posting in sorted(postings, key=lambda each: (each.day, each.event)):
        if posting.kind in _MOVES_NO_BALANCE or posting.is_reverted:
            continue
        if posting.kind is PostingKind.DISBURSEMENT:
            out += posting.amount - posting.overpaid
        elif posting.kind in _LENDS:
            out += posting.parts[Owed.PRINCIPAL]
        elif posting.kind is not PostingKind.CHARGE_OFF:
            out -= posting.parts[Owed.PRINCIPAL]
        is_out = posting.kind is not PostingKind.CHARGE_OFF
        posting.balance_after = max(out, 0) if is_out else 0
