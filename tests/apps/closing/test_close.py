"""A day is sealed, its interest booked once, whatever happens before, beside and after."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from gbese.apps.bookkeeping import queries as books_queries
from gbese.apps.bookkeeping import services as bookkeeping
from gbese.apps.closing import queries, services
from gbese.apps.closing.verification import verify
from gbese.apps.identity.append_only import lifted
from gbese.apps.lending import queries as lending_queries
from gbese.apps.lending import services as lending
from gbese.apps.lending.models import Loan, ProjectionVersion
from gbese.core.contracts.terms import ScheduleKind, Side
from gbese.core.ledger import AccountKey, EntryKind
from gbese.core.money import Currency, Money
from gbese.core.servicing.events import ReversalReason, SurplusUse
from gbese.core.status.trouble import LoanStatus

if TYPE_CHECKING:
    from gbese.apps.identity.acts import Act

pytestmark = pytest.mark.django_db
NGN = Currency("NGN", 2)
OPEN_DAY = date(2026, 3, 16)
NIGHT = 1_000_00
OpenLoan = Callable[..., str]
ActOn = Callable[[date], "Act"]


def silent(_: object) -> None:
    """Nobody watches."""


def day(number: int) -> date:
    """The open day is day 0."""
    return OPEN_DAY + timedelta(days=number)


def close(number: int, act_on: ActOn) -> services.ClosedTo:
    return services.close_to(day=day(number), act=act_on(day(number)), progress=silent)


def journal() -> list[tuple[object, ...]]:
    """The journal without who and when: what an undisturbed twin must have too."""
    return [
        (
            entry.kind, entry.value_date, entry.posting_date, entry.concerns, entry.loan_number,
            tuple((line.account, line.component, line.signed_minor) for line in entry.lines),
        )
        for entry in books_queries.journal()
    ]  # fmt: skip


def assert_clean() -> None:
    found = verify(progress=silent)
    assert (found.mismatches, found.doubts) == ((), ())


def test_the_close_books_a_night_of_interest(open_loan: OpenLoan, act_on: ActOn) -> None:
    open_loan("L-1")
    open_loan("L-2", side=Side.BORROWER)
    drawn = books_queries.journal_head().number
    close(0, act_on)  # the day of drawing earns nothing
    assert books_queries.journal_head().number == drawn
    done = close(1, act_on)
    assert (done.days, done.findings) == ((day(1),), ())
    lender, borrower = sorted(
        (books_queries.entry(number) for number in (drawn + 1, drawn + 2)),
        key=lambda entry: entry.lines[0].account is AccountKey.INTEREST_EXPENSE,
    )
    assert [(line.account, line.signed_minor) for line in lender.lines] == [
        (AccountKey.INTEREST_RECEIVABLE, NIGHT),
        (AccountKey.INTEREST_INCOME, -NIGHT),
    ]
    assert [(line.account, line.signed_minor) for line in borrower.lines] == [
        (AccountKey.INTEREST_EXPENSE, NIGHT),
        (AccountKey.INTEREST_PAYABLE, -NIGHT),
    ]
    assert (lender.kind, lender.value_date, lender.posting_date) == (
        EntryKind.ACCRUAL, day(1), day(1),
    )  # fmt: skip
    assert books_queries.block_amounts(lender.number, 1) == {"L-1": NIGHT}
    assert_clean()


def test_closing_twice_changes_nothing(open_loan: OpenLoan, act_on: ActOn) -> None:
    open_loan("L-1")
    close(2, act_on)
    before = journal()
    assert close(2, act_on).days == ()
    assert journal() == before
    assert [row.day for row in queries.closed_days(limit=9)] == [day(2), day(1), day(0)]
    assert all(row.is_complete for row in queries.closed_days(limit=9))


def test_a_week_missed_is_seven_days_in_order(open_loan: OpenLoan, act_on: ActOn) -> None:
    open_loan("L-1")
    assert close(7, act_on).days == tuple(day(number) for number in range(8))
    nights = [entry for entry in books_queries.journal() if entry.kind is EntryKind.ACCRUAL]
    assert [(entry.posting_date, entry.lines[0].amount.minor) for entry in nights] == [
        (day(number), NIGHT) for number in range(1, 8)
    ]
    assert [cut.number for cut in books_queries.cuts()] == list(range(8, 0, -1))


def test_a_day_after_tomorrow_is_refused(open_loan: OpenLoan, act_on: ActOn) -> None:
    with pytest.raises(services.CloseBeyondTomorrow) as refused:
        services.close_to(day=day(2), act=act_on(day(0)), progress=silent)
    assert refused.value.facts == {"day": day(2), "today": day(0)}
    services.close_to(day=day(1), act=act_on(day(0)), progress=silent)


def test_a_day_before_the_books_is_refused_as_such(open_loan: OpenLoan, act_on: ActOn) -> None:
    for closed_to in (0, 2):
        with pytest.raises(services.CloseBeforeBooks) as refused:
            close(-1, act_on)
        assert refused.value.facts == {"day": day(-1), "first_day": day(0)}
        close(closed_to, act_on)


@pytest.mark.parametrize("number", [0, 1])
def test_the_close_does_not_go_backwards(number: int, open_loan: OpenLoan, act_on: ActOn) -> None:
    close(2, act_on)
    with pytest.raises(services.CloseBackwards):
        close(number, act_on)
    assert books_queries.open_day().open_day == day(3)


def test_days_are_cut_at_the_hour_of_the_firm(
    open_loan: OpenLoan, acts: Callable[..., Act]
) -> None:
    # Midnight in Lagos is 23:00 in Greenwich.
    before = datetime(2026, 3, 16, 22, 59, tzinfo=UTC)
    after = datetime(2026, 3, 16, 23, 0, tzinfo=UTC)
    assert queries.last_day_over(before) == day(-1)
    assert services.close_what_is_over(act=acts(recorded_at=before), progress=silent) is None
    done = services.close_what_is_over(act=acts(recorded_at=after), progress=silent)
    assert done is not None
    assert done.days == (OPEN_DAY,)
    assert services.close_what_is_over(act=acts(recorded_at=after), progress=silent) is None


def test_a_payment_of_the_day_and_the_close_share_it(open_loan: OpenLoan, act_on: ActOn) -> None:
    open_loan("L-1")
    close(9, act_on)
    received = Money(4_000_00, NGN)
    lending.record(
        loan_number="L-1",
        made=lending.repayment(received=received, value_date=day(10)),
        act=act_on(day(10)),
    )
    close(10, act_on)
    balance = {row.account: row.closing.minor for row in books_queries.trial_balance(day(10)).rows}
    # Ten nights earned; the payment waits for the due date.
    assert balance[AccountKey.INTEREST_RECEIVABLE] == 10 * NIGHT
    assert balance[AccountKey.UNALLOCATED_RECEIPTS] == -received.minor
    assert_clean()
    close(31, act_on)  # it falls due, and the money meets it
    balance = {row.account: row.closing.minor for row in books_queries.trial_balance(day(31)).rows}
    assert balance[AccountKey.INTEREST_RECEIVABLE] == 31 * NIGHT - received.minor
    assert (
        AccountKey.UNALLOCATED_RECEIPTS not in balance
        or not balance[AccountKey.UNALLOCATED_RECEIPTS]
    )
    assert_clean()


def test_a_late_fact_books_its_difference_once(open_loan: OpenLoan, act_on: ActOn) -> None:
    open_loan("L-1")
    close(20, act_on)  # 5 April
    before = books_queries.journal_head().number
    lending.record(
        loan_number="L-1",
        made=lending.repayment(
            received=Money(500_000_00, NGN), value_date=day(10), surplus=SurplusUse.KEEP_TERM
        ),
        act=act_on(day(21)),
    )
    late = [entry for entry in books_queries.journal() if entry.number > before]
    # What it changes in April has its value date there.
    assert {entry.value_date for entry in late} == {day(10), day(20)}
    # March ends on day 15: five nights at half; then five more up to day 20.
    interest = [
        (entry.posting_date, line.signed_minor)
        for entry in late
        for line in entry.lines
        if line.account is AccountKey.INTEREST_INCOME
    ]
    assert interest == [(day(15), 5 * NIGHT // 2), (day(20), 5 * NIGHT // 2)]
    assert_clean()


def test_a_loan_that_cannot_be_computed_is_set_aside_and_taken_back(
    open_loan: OpenLoan, act_on: ActOn
) -> None:
    for number in ("L-1", "L-2", "L-3"):
        open_loan(number)
    close(1, act_on)
    version = ProjectionVersion.objects.get(loan__number="L-2")
    whole = bytes(version.block)
    spoil(version, b"nonsense")
    done = close(2, act_on)
    assert [(found.code, found.subject) for found in done.findings] == [
        ("projection_unreadable", "L-2")
    ]
    assert Loan.objects.get(number="L-2").set_aside_from == day(2)
    assert [row.loan_number for row in listed(LoanStatus.SET_ASIDE)] == ["L-2"]
    assert ("version_differs", "L-2") in [
        (found.code, found.subject) for found in verify(progress=silent).mismatches
    ]
    with pytest.raises(lending.LoanSetAside):
        lending.record(
            loan_number="L-2",
            made=lending.repayment(received=Money(1, NGN), value_date=day(3)),
            act=act_on(day(3)),
        )
    close(3, act_on)
    assert interest_of(day(3)) == 2 * NIGHT
    spoil(version, whole)
    done = close(4, act_on)
    assert done.findings == ()
    assert Loan.objects.get(number="L-2").set_aside_from is None
    assert listed(LoanStatus.SET_ASIDE) == ()
    assert interest_of(day(4)) == 2 * NIGHT + 3 * NIGHT  # what it missed, and its night
    assert_clean()


def listed(status: LoanStatus) -> tuple[lending_queries.LoanRow, ...]:
    return lending_queries.loan_list(
        lending_queries.LoanFilter(statuses=(status,)),
        order=lending_queries.LoanOrder.NUMBER,
        descending=False,
        offset=0,
        limit=10,
    )


def test_a_poisoned_loan_does_not_stop_the_days_after(open_loan: OpenLoan, act_on: ActOn) -> None:
    open_loan("L-1")
    open_loan("L-2")
    close(1, act_on)
    spoil(ProjectionVersion.objects.get(loan__number="L-2"), b"nonsense")
    close(40, act_on)  # past the due date on which its row in the lists would change
    assert [row.loan_number for row in listed(LoanStatus.SET_ASIDE)] == ["L-2"]
    assert interest_of(day(40)) == NIGHT


def spoil(version: ProjectionVersion, block: bytes) -> None:
    with lifted(connection):
        ProjectionVersion.objects.filter(pk=version.pk).update(block=block)


def interest_of(on: date) -> int:
    return sum(
        line.amount.minor
        for entry in books_queries.day_book(on)
        for line in entry.lines
        if line.account is AccountKey.INTEREST_INCOME
    )


def test_the_work_may_come_days_after_the_cut(open_loan: OpenLoan, act_on: ActOn) -> None:
    open_loan("L-1")
    bookkeeping.cut_day(day=day(0), act=act_on(day(0)))
    bookkeeping.cut_day(day=day(1), act=act_on(day(1)))
    open_loan("L-2", drawn_on=day(1))  # late: the cut of its day did not know it
    assert verify(progress=silent).doubts[0].code == "work_left"
    close(2, act_on)
    assert_clean()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_what_is_booked_is_the_position(
    seed: int, open_loan: OpenLoan, act_on: ActOn
) -> None:
    """Facts on time and late, reversals, cuts with and without their work, in any order."""
    chance = random.Random(seed)  # noqa: S311 - a seed, so that a failure plays again
    kinds = (ScheduleKind.BULLET, ScheduleKind.LINEAR, ScheduleKind.ANNUITY)
    loans = [
        open_loan(f"L-{number}", side=chance.choice(list(Side)), schedule_kind=chance.choice(kinds),
                  drawn_on=day(-chance.randrange(0, 100)))
        for number in range(4)
    ]  # fmt: skip
    today = 0
    for _ in range(40):
        match chance.randrange(6):
            case 0 | 1:
                bookkeeping.cut_day(day=day(today), act=act_on(day(today)))
                today += 1
            case 2:
                close(today, act_on)
                today += 1
            case 3 | 4:
                _pay(chance, loans, today, act_on)
            case _:
                _reverse(chance, loans, today, act_on)
    close(today, act_on)
    assert_clean()
    assert books_queries.trial_balance(day(today)).is_balanced


def _pay(chance: random.Random, loans: list[str], today: int, act_on: ActOn) -> None:
    number = chance.choice(loans)
    first = Loan.objects.get(number=number).events.get(number=1).value_date
    back = chance.randrange(0, min(60, (day(today) - first).days + 1))
    lending.record(
        loan_number=number,
        made=lending.repayment(
            received=Money(chance.randrange(1, 300_000_00), NGN),
            value_date=day(today - back),
            surplus=chance.choice(list(SurplusUse)),
        ),
        act=act_on(day(today)),
    )


def _reverse(chance: random.Random, loans: list[str], today: int, act_on: ActOn) -> None:
    number = chance.choice(loans)
    events = Loan.objects.get(number=number).events
    turned = events.filter(reverses__isnull=False).values_list("reverses", flat=True)
    paid = list(
        events.filter(kind="received")
        .exclude(number__in=list(turned))
        .values_list("number", flat=True)
    )
    if paid:
        lending.record(
            loan_number=number,
            made=lending.reversal(
                event_number=chance.choice(paid),
                reason=ReversalReason.WRONG_AMOUNT,
                value_date=day(today),
            ),
            act=act_on(day(today)),
        )
