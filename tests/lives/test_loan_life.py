"""A loan lives: facts on time and late, days cut and worked off late; the books follow exactly.

After each step, what has been booked and what the pending closes will book is the position; the
lender's books mirror the borrower's; reports as known at a cut never change.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from gbese.core.calendars.business_days import EVERY_DAY, BusinessDayConvention
from gbese.core.contracts.term_classes import term_class
from gbese.core.contracts.terms import Side, Terms
from gbese.core.ledger import AccountKey, FiscalPeriod, JournalEntry, booking_points
from gbese.core.ledger.fiscal_periods import fiscal_period_of
from gbese.core.money import Money
from gbese.core.posting.booking import entries_of, ledger_movements
from gbese.core.posting.changes import booked, booked_by_close, entries_of_change
from gbese.core.projections.facts import LoanFacts, SharedFacts, standing_events
from gbese.core.projections.position import Position, position, totals
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    LoanEvent,
    RateSet,
    Received,
    Refunded,
    ReversalReason,
    Reversed,
    SurplusUse,
    Waived,
    WrittenOff,
)
from gbese.core.status.trouble import StatusPolicy, status_on
from tests.core.loan_strategies import WEEKENDS, later_terms, rates, terms

CONVENTIONS = (
    BusinessDayConvention.UNADJUSTED,
    BusinessDayConvention.FOLLOWING,
    BusinessDayConvention.PRECEDING,
)
Ledger = Counter[tuple[AccountKey, str]]
CLAIM_ACCOUNTS = {
    (Component.INTEREST, Side.LENDER): (AccountKey.INTEREST_RECEIVABLE,),
    (Component.FEE, Side.LENDER): (AccountKey.FEES_RECEIVABLE,),
    (Component.PENALTY, Side.LENDER): (AccountKey.PENALTIES_RECEIVABLE,),
    (Component.PRINCIPAL, Side.LENDER): (AccountKey.LOANS_SHORT, AccountKey.LOANS_LONG),
    (Component.INTEREST, Side.BORROWER): (AccountKey.INTEREST_PAYABLE,),
    (Component.FEE, Side.BORROWER): (AccountKey.FEES_PAYABLE,),
    (Component.PENALTY, Side.BORROWER): (AccountKey.PENALTIES_PAYABLE,),
    (Component.PRINCIPAL, Side.BORROWER): (
        AccountKey.BORROWINGS_SHORT,
        AccountKey.BORROWINGS_LONG,
    ),
}


def claim_balance(
    ledger: Mapping[tuple[AccountKey, str], int], component: Component, side: Side
) -> int:
    accounts = CLAIM_ACCOUNTS[component, side]
    return sum(minor for (account, _), minor in ledger.items() if account in accounts)


def balance(ledger: Mapping[tuple[AccountKey, str], int], *accounts: AccountKey) -> int:
    return sum(minor for (account, _), minor in ledger.items() if account in accounts)


@dataclass(slots=True)
class Books:
    """One side's books: balances by account and component, debit positive."""

    side: Side
    ledger: Ledger = field(default_factory=Counter)

    def post(self, entries: tuple[JournalEntry, ...]) -> None:
        for entry in entries:
            assert sum(line.signed_minor for line in entry.lines) == 0
            for line in entry.lines:
                self.ledger[line.account, line.component] += line.signed_minor


def report(projection: Projection, on: date) -> str:
    """All a report could tell of a loan at the end of a day."""
    at = position(projection, on)
    told = status_on(at, next_due=None, policy=StatusPolicy())
    figures = sorted((str(place), minor) for place, minor in at.totals.items())
    return f"{on} {figures} {at.days_past_due} {told.status} {at.life}"


class LoanLife(RuleBasedStateMachine):
    """Draw, repay, charge, waive, amend, reverse, write off, cut days, work them off: in any order."""

    @initialize(signed=terms(conventions=CONVENTIONS))
    def sign(self, signed: Terms) -> None:
        self.terms = signed
        self.term_class = term_class(signed)
        adjusted = signed.business_days is not BusinessDayConvention.UNADJUSTED
        self.shared = SharedFacts(calendar=WEEKENDS if adjusted else EVERY_DAY)
        self.events: list[LoanEvent] = []
        self.open_day = signed.interest_from
        self.books_from = signed.interest_from.replace(day=1)
        self.closed: set[FiscalPeriod] = set()
        self.books = [Books(Side.LENDER), Books(Side.BORROWER)]
        self.pending: list[tuple[date, Projection]] = []
        self.version = project(self.facts)
        self.versions: list[tuple[date, Projection]] = [(self.open_day, self.version)]
        self.sealed: dict[date, str] = {}

    @property
    def facts(self) -> LoanFacts:
        return LoanFacts(terms=self.terms, events=tuple(self.events), shared=self.shared)

    @property
    def is_due_ahead(self) -> bool:
        """Interest may be paid some nights before it is earned."""
        return self.terms.business_days is BusinessDayConvention.PRECEDING

    @property
    def drawn(self) -> int:
        standing = standing_events(self.events)
        return sum(event.amount.minor for event in standing if isinstance(event, Drawn))

    @property
    def is_written_off(self) -> bool:
        return any(isinstance(event, WrittenOff) for event in standing_events(self.events))

    @property
    def number(self) -> int:
        return len(self.events) + 1

    def at(self, on: date) -> Position:
        return position(self.version, on)

    def record(self, event: LoanEvent, *, since: date | None = None) -> None:
        old, self.events = self.version, [*self.events, event]
        self.version = project(self.facts)
        self.versions.append((self.open_day, self.version))
        points = booking_points(
            since or event.value_date,
            open_day=self.open_day,
            books_from=self.books_from,
            closed_periods=self.closed,
        )
        for book in self.books:
            book.post(
                entries_of_change(
                    old,
                    self.version,
                    side=book.side,
                    term_class=self.term_class,
                    value_date=event.value_date,
                    points=points,
                    loan_number="L-1",
                )
            )

    def day(self, back: int) -> date:
        return max(self.open_day - timedelta(days=back), self.terms.interest_from)

    def money(self, part: Decimal) -> Money:
        return Money(max(int(self.terms.principal.minor * part), 1), self.terms.currency)

    parts = st.decimals("0.001", "1.2", places=3)
    backs = st.one_of(st.just(0), st.integers(0, 100))

    @precondition(lambda self: self.drawn < self.terms.principal.minor and not self.is_written_off)
    @rule(part=st.sampled_from([Decimal(1), Decimal("0.4")]), back=backs)
    def draw(self, part: Decimal, back: int) -> None:
        amount = min(self.money(part).minor, self.terms.principal.minor - self.drawn)
        self.record(
            Drawn(
                number=self.number,
                value_date=self.day(back),
                amount=Money(amount, self.terms.currency),
            )
        )

    @precondition(lambda self: self.drawn)
    @rule(part=parts, back=backs, surplus=st.sampled_from(list(SurplusUse)))
    def repay(self, part: Decimal, back: int, surplus: SurplusUse) -> None:
        self.record(
            Received(
                number=self.number,
                value_date=self.day(back),
                amount=self.money(part),
                surplus=surplus,
            )
        )

    @precondition(lambda self: self.drawn)
    @rule(component=st.sampled_from(list(Component)), part=parts, back=backs)
    def repay_as_instructed(self, component: Component, part: Decimal, back: int) -> None:
        amount = self.money(part)
        self.record(
            Received(
                number=self.number,
                value_date=self.day(back),
                amount=amount,
                instruction=((component, amount),),
            )
        )

    @rule(rate=rates, back=backs)
    def set_rate(self, rate: Decimal, back: int) -> None:
        self.record(RateSet(number=self.number, value_date=self.day(back), rate=rate))

    @rule(
        component=st.sampled_from([Component.FEE, Component.PENALTY, Component.INTEREST]),
        part=st.decimals("0.001", "0.05", places=3),
        back=backs,
    )
    def charge(self, component: Component, part: Decimal, back: int) -> None:
        self.record(
            Charged(
                number=self.number,
                value_date=self.day(back),
                component=component,
                amount=self.money(part),
                charge_kind="other",
            )
        )

    @rule(component=st.sampled_from(list(Component)), part=parts, back=backs)
    def waive(self, component: Component, part: Decimal, back: int) -> None:
        self.record(
            Waived(
                number=self.number,
                value_date=self.day(back),
                component=component,
                amount=self.money(part),
            )
        )

    @rule(data=st.data(), eased=st.booleans(), back=backs)
    def amend(self, data: st.DataObject, eased: bool, back: int) -> None:
        self.record(
            Amended(
                number=self.number,
                value_date=self.day(back),
                terms=data.draw(later_terms(self.terms)),
                is_restructuring=eased,
            )
        )

    @precondition(lambda self: self.drawn and not self.is_written_off)
    @rule(back=backs)
    def write_off(self, back: int) -> None:
        self.record(WrittenOff(number=self.number, value_date=self.day(back)))

    @precondition(lambda self: self.at(self.open_day).unallocated.minor > 0)
    @rule(part=parts)
    def refund(self, part: Decimal) -> None:
        amount = min(self.money(part), self.at(self.open_day).unallocated)
        self.record(Refunded(number=self.number, value_date=self.open_day, amount=amount))

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def turn_round(self, data: st.DataObject) -> None:
        """Reverse an event that counts; a reversal too."""
        gone = {event.reverses for event in self.events if isinstance(event, Reversed)}
        free = [event for event in self.events if event.number not in gone]
        if not free:
            return
        target = data.draw(st.sampled_from(free))
        before = self.version
        self.record(
            Reversed(
                number=self.number,
                value_date=self.open_day,
                reverses=target.number,
                reason=ReversalReason.OTHER,
            ),
            since=self.reaches_back(target),
        )
        without = [event for event in self.events[:-1] if event.number != target.number]
        if not isinstance(target, Reversed):
            assert self.version == project(
                LoanFacts(terms=self.terms, events=tuple(without), shared=self.shared)
            ) or any(isinstance(e, Reversed) and e.reverses == target.number for e in without)
        assert before is not self.version

    def reaches_back(self, event: LoanEvent) -> date:
        if not isinstance(event, Reversed):
            return event.value_date
        target = next(each for each in self.events if each.number == event.reverses)
        return min(event.value_date, self.reaches_back(target))

    @rule(days=st.sampled_from([1, 1, 7, 31, 90]))
    def cut_days(self, days: int) -> None:
        for _ in range(days):
            self.pending.append((self.open_day, self.version))
            self.sealed[self.open_day] = report(self.version, self.open_day)
            self.open_day += timedelta(days=1)

    @precondition(lambda self: self.pending)
    @rule(data=st.data())
    def work_off_a_day(self, data: st.DataObject) -> None:
        """In any order: each day's work depends on nothing but the version at its cut."""
        place = data.draw(st.integers(0, len(self.pending) - 1))
        self.work_off(*self.pending.pop(place))

    @precondition(lambda self: self.pending)
    @rule()
    def work_off_all(self) -> None:
        while self.pending:
            self.work_off(*self.pending.pop())

    def work_off(self, day: date, at_cut: Projection) -> None:
        points = booking_points(
            day, open_day=day, books_from=self.books_from, closed_periods=self.closed
        )
        for book in self.books:
            book.post(
                entries_of(
                    booked_by_close(at_cut, day),
                    side=book.side,
                    term_class=self.term_class,
                    currency=self.terms.currency,
                    value_date=day,
                    point=points[-1],
                    loan_number="L-1",
                )
            )

    @rule()
    def close_the_last_month(self) -> None:
        last = fiscal_period_of(self.open_day.replace(day=1) - timedelta(days=1))
        if last.start >= self.books_from:
            self.closed.add(last)

    @invariant()
    def what_is_booked_is_the_position(self) -> None:
        if not hasattr(self, "books"):
            return
        point = booking_points(
            self.open_day,
            open_day=self.open_day,
            books_from=self.books_from,
            closed_periods=self.closed,
        )[-1]
        for book in self.books:
            with_pending = Counter(book.ledger)
            for day, at_cut in self.pending:
                with_pending.update(
                    ledger_movements(
                        booked_by_close(at_cut, day), side=book.side, term_class=self.term_class
                    )
                )
            due = ledger_movements(
                booked(self.version, point), side=book.side, term_class=self.term_class
            )
            assert {place: minor for place, minor in with_pending.items() if minor} == due
        self.control_accounts_are_the_sub_ledger(point.as_of)

    def control_accounts_are_the_sub_ledger(self, open_day: date) -> None:
        """At the last cut, the claims in the books are those of the loan."""
        cut = open_day - timedelta(days=1)
        at = self.at(cut)
        for side, sign in ((Side.LENDER, 1), (Side.BORROWER, -1)):
            held = ledger_movements(
                totals(self.version, cut), side=side, term_class=self.term_class
            )
            for component in Component:
                assert claim_balance(held, component, side) == sign * at.owed(component).minor
        unallocated = balance(
            ledger_movements(
                totals(self.version, cut), side=Side.LENDER, term_class=self.term_class
            ),
            AccountKey.UNALLOCATED_RECEIPTS,
        )
        assert unallocated == -at.unallocated.minor

    @invariant()
    def lender_and_borrower_mirror(self) -> None:
        if not hasattr(self, "books"):
            return
        lender, borrower = (book.ledger for book in self.books)
        for component in Component:
            held = claim_balance(lender, component, Side.LENDER)
            assert held == -claim_balance(borrower, component, Side.BORROWER)
        assert balance(lender, AccountKey.CASH) == -balance(borrower, AccountKey.CASH)
        assert balance(lender, AccountKey.UNALLOCATED_RECEIPTS) == -balance(
            borrower, AccountKey.ADVANCES_PAID
        )

    @invariant()
    def nothing_is_below_zero(self) -> None:
        if not hasattr(self, "books"):
            return
        for on in (self.open_day, self.open_day + timedelta(days=40)):
            at = self.at(on)
            assert at.unallocated.minor >= 0
            for component in Component:
                is_paid_ahead = component is Component.INTEREST and self.is_due_ahead
                assert is_paid_ahead or at.owed(component).minor >= 0, (on, component)

    @invariant()
    def a_sealed_day_is_told_as_it_was_known(self) -> None:
        for day, told in list(getattr(self, "sealed", {}).items())[-200::20]:
            known = [version for recorded_on, version in self.versions if recorded_on <= day]
            assert report(known[-1], day) == told


TestLoanLife = LoanLife.TestCase
TestLoanLife.settings = settings(
    max_examples=int(os.environ.get("GBESE_TEST_LIVES", "60")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
