"""`verify` is clean after a life, and names what was tampered with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping import services as bookkeeping
from gbese.apps.bookkeeping.models import EntryBlock
from gbese.apps.closing import services
from gbese.apps.closing.verification import Mismatch, verify
from gbese.apps.identity.append_only import lifted
from gbese.apps.identity.services import create_user, set_active
from gbese.apps.lending import services as lending
from gbese.core.ledger import (
    AccountKey,
    EntryKind,
    credit,
    debit,
    fiscal_period_of,
    journal_entry,
)
from gbese.core.money import Currency, Money

if TYPE_CHECKING:
    from gbese.apps.identity.acts import Act

pytestmark = pytest.mark.django_db
NGN = Currency("NGN", 2)
OPEN_DAY = date(2026, 3, 16)
OpenLoan = Callable[..., str]
ActOn = Callable[[date], "Act"]


def silent(_: object) -> None:
    """Nobody watches."""


def mismatches() -> tuple[Mismatch, ...]:
    return verify(progress=silent).mismatches


@pytest.fixture
def closed(open_loan: OpenLoan, act_on: ActOn) -> date:
    """Two loans, and three days closed."""
    open_loan("L-1")
    open_loan("L-2")
    day = OPEN_DAY + timedelta(days=2)
    services.close_to(day=day, act=act_on(day), progress=silent)
    return day


def test_an_empty_installation_is_clean(db: None) -> None:
    assert mismatches() == ()


def test_it_says_what_it_looked_at(closed: date) -> None:
    found = verify(progress=silent)
    assert (found.mismatches, found.doubts) == ((), ())
    assert (found.entries, found.loans) == (books.journal_head().number, 2)


def test_money_booked_on_a_loan_that_its_facts_do_not_tell(closed: date, act_on: ActOn) -> None:
    day = books.open_day().open_day
    amount = Money(5_00, NGN)
    bookkeeping.post(
        entries=[
            journal_entry(
                day,
                [
                    debit(AccountKey.CASH, amount),
                    credit(AccountKey.LOANS_SHORT, amount, "principal"),
                ],
                posting_date=day,
                concerns=fiscal_period_of(day),
                kind=EntryKind.REPAYMENT,
                subledger="L-2",
            )
        ],
        source="by_hand",
        act=act_on(day),
    )
    assert mismatches() == (
        Mismatch(
            "subledger_differs",
            "loan:L-2",
            {"ln_st principal": "booked 99999500, position 100000000"},
        ),
    )


def test_amounts_behind_a_line_that_do_not_add_up_to_it(closed: date) -> None:
    block = EntryBlock.objects.order_by("entry_number").first()
    assert block is not None
    with lifted(connection):
        EntryBlock.objects.filter(pk=block.pk).update(amount_sum=block.amount_sum + 1)
    codes = [(found.code, found.subject) for found in mismatches()]
    assert ("block_differs", f"entry:{block.entry_number}") in codes
    assert ("summary_differs", f"entry:{block.entry_number}") in codes


def test_a_cut_taken_out(closed: date) -> None:
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM bookkeeping_daycut WHERE number = 2")
    assert mismatches()[0] == Mismatch("cut_missing", "2026-03-17", {"number": 2})


def test_a_reading_changed_by_hand(closed: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lending_loanreading SET outstanding_minor = 7 WHERE number = 'L-1'")
    (found,) = mismatches()
    assert (found.code, found.subject) == ("reading_differs", "L-1")
    assert found.facts == {"stored": "outstanding_minor=7", "recomputed": "100000000"}


def test_amounts_that_cannot_even_be_read_do_not_stop_the_check(closed: date) -> None:
    block = EntryBlock.objects.order_by("entry_number").first()
    assert block is not None
    with lifted(connection):
        EntryBlock.objects.filter(pk=block.pk).update(packed=b"\0\0\0")
    codes = [(found.code, found.subject) for found in mismatches()]
    assert ("block_differs", f"entry:{block.entry_number}") in codes
    assert ("block_damaged", "summaries") in codes
    assert ("block_damaged", "subledger") in codes


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        # A column that lists and searches read, while the document still says the truth.
        ("UPDATE lending_loanevent SET amount_minor = 7 WHERE loan_id = %s", "event_differs"),
        ("UPDATE lending_loanevent SET number = 9 WHERE loan_id = %s", "event_differs"),
        ("UPDATE lending_loanevent SET value_date = '2026-03-01' WHERE loan_id = %s", "event_differs"),
        ("UPDATE lending_termsversion SET digest = 'x' WHERE loan_id = %s", "terms_differs"),
        ("DELETE FROM lending_termsversion WHERE loan_id = %s", "projection_differs"),
        ("UPDATE lending_projectionversion SET digest = 'x' WHERE loan_id = %s", "version_differs"),
    ],
)  # fmt: skip
def test_a_fact_changed_by_hand(closed: date, damage: str, found: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM lending_loan WHERE number = 'L-1'")
        (loan,) = cursor.fetchone()
        with lifted(connection):
            cursor.execute(damage, [loan])
    assert (found, "L-1") in [(mismatch.code, mismatch.subject) for mismatch in mismatches()]


def test_a_version_that_is_no_longer_in_force(closed: date, act_on: ActOn) -> None:
    """The past is shown from it, so it counts as much as the newest."""
    day = books.open_day().open_day
    paid = lending.repayment(received=Money(1_00, NGN), value_date=day)
    lending.record(loan_number="L-1", made=paid, act=act_on(day))
    assert mismatches() == ()
    with connection.cursor() as cursor, lifted(connection):
        cursor.execute(
            "UPDATE lending_projectionversion SET digest = 'x' WHERE number = 1 AND loan_id = "
            "(SELECT id FROM lending_loan WHERE number = 'L-1')"
        )
    assert ("version_differs", "L-1") in [(found.code, found.subject) for found in mismatches()]


def test_a_role_that_nobody_gave(closed: date, act_on: ActOn) -> None:
    for login, role in (("bisi", "accountant"), ("tunde", "auditor")):
        create_user(login=login, full_name=login, role=role, act=act_on(closed))
    set_active(login="tunde", is_active=False, act=act_on(closed))
    assert mismatches() == ()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_user SET role = 'administrator' WHERE login = 'bisi'")
        cursor.execute("UPDATE identity_user SET is_active = %s WHERE login = 'tunde'", [True])
    assert mismatches() == (
        Mismatch("person_differs", "user:bisi", {}),
        Mismatch("person_differs", "user:tunde", {}),
    )
