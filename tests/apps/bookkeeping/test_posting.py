"""Entries are appended in order, all or none, and nothing of them changes afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from gbese.apps.bookkeeping import queries, services
from gbese.apps.bookkeeping.blocks import Block, pack, unpack
from gbese.apps.bookkeeping.models import Account, Entry, EntryLine
from gbese.apps.identity.append_only import lifted
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.ledger import (
    AccountKey,
    EntryKind,
    JournalEntry,
    credit,
    debit,
    fiscal_period_of,
    journal_entry,
)
from gbese.core.money import MINOR_MAX, Currency, Money
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import Component

if TYPE_CHECKING:
    from gbese.apps.bookkeeping.queries import EntityRow
    from gbese.apps.identity.acts import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
NGN = Currency("NGN", 2)
OPEN_DAY = date(2026, 3, 16)
MakeEntry = Callable[..., JournalEntry]
Acts = Callable[..., "Act"]


def test_numbers_follow_each_other_and_everything_is_kept(interest: MakeEntry, acts: Acts) -> None:
    act = acts()
    posted = services.post(
        entries=[interest(40_00), interest(1, loan="L-2")], source="charge:L-1/2", act=act
    )
    assert posted == (1, 2)
    assert services.post(entries=[interest(5_00)], source="charge:L-1/3", act=acts()) == (3,)
    row = queries.entry(1)
    assert (row.kind, row.value_date, row.posting_date) == (EntryKind.ACCRUAL, OPEN_DAY, OPEN_DAY)
    assert (row.loan_number, row.source, row.login) == ("L-1", "charge:L-1/2", "amina")
    assert row.request_id == act.request_id
    assert row.concerns == fiscal_period_of(OPEN_DAY)
    assert [(line.account, line.component, line.signed_minor) for line in row.lines] == [
        (AccountKey.INTEREST_RECEIVABLE, "interest", 40_00),
        (AccountKey.INTEREST_INCOME, "interest", -40_00),
    ]
    assert [entry.number for entry in queries.entries_of("L-1")] == [3, 1]
    assert queries.ledger_totals("L-1")[AccountKey.INTEREST_RECEIVABLE, "interest", "NGN"] == 45_00
    assert [entry.number for entry in queries.day_book(OPEN_DAY)] == [1, 2, 3]
    assert queries.first_broken_entry() is None


def test_nothing_to_post_takes_no_number(acts: Acts) -> None:
    assert services.post(entries=[], source="charge:L-1/2", act=acts()) == ()
    assert queries.journal_head().number == 0


def test_the_trial_balance_is_the_sum_of_the_entries(interest: MakeEntry, acts: Acts) -> None:
    january = date(2026, 1, 31)
    services.post(
        entries=[interest(100_00, posting_date=january), interest(40_00)],
        source="accrual",
        act=acts(),
    )
    balance = queries.trial_balance(OPEN_DAY, since=date(2026, 3, 1))
    assert [
        (row.account, row.opening.minor, row.debits.minor, row.credits.minor, row.closing.minor)
        for row in balance.rows
    ] == [
        (AccountKey.INTEREST_RECEIVABLE, 100_00, 40_00, 0, 140_00),
        (AccountKey.INTEREST_INCOME, -100_00, 0, 40_00, -140_00),
    ]
    assert balance.is_balanced
    assert queries.trial_balance(january).rows[0].closing == Money(100_00, NGN)


def test_the_largest_amounts_keep_every_digit(interest: MakeEntry, acts: Acts) -> None:
    services.post(entries=[interest(MINOR_MAX)], source="charge", act=acts())
    assert queries.entry(1).lines[0].amount.minor == MINOR_MAX


@pytest.mark.parametrize("posting_date", [date(2025, 12, 31), date(2026, 3, 17)])
def test_outside_the_books_nothing_is_posted(
    posting_date: date, interest: MakeEntry, acts: Acts
) -> None:
    with pytest.raises(services.PostedOutsideBooks):
        services.post(
            entries=[interest(1), interest(1, posting_date=posting_date)], source="s", act=acts()
        )
    assert queries.journal_head().number == 0
    assert not Entry.objects.exists()


def test_an_account_without_a_code_is_refused(interest: MakeEntry, acts: Acts) -> None:
    Account.objects.filter(key=AccountKey.INTEREST_INCOME).delete()
    with pytest.raises(services.AccountUnmapped) as refused:
        services.post(entries=[interest(1)], source="s", act=acts())
    assert refused.value.facts == {"account": AccountKey.INTEREST_INCOME}
    assert not EntryLine.objects.exists()


def test_recorded_at_never_decreases(interest: MakeEntry, acts: Acts) -> None:
    services.post(entries=[interest(1)], source="s", act=acts())
    earlier = datetime(2026, 1, 1, tzinfo=UTC)
    services.post(entries=[interest(1)], source="s", act=acts(recorded_at=earlier))
    assert queries.entry(2).recorded_at == queries.entry(1).recorded_at


def test_an_entry_is_reversed_once(interest: MakeEntry, acts: Acts) -> None:
    services.post(entries=[interest(7, posting_date=date(2026, 2, 28))], source="s", act=acts())
    assert services.reverse_entry(number=1, reason="wrong_amount", act=acts()) == 2
    row = queries.entry(2)
    assert (row.reverses, row.posting_date, row.is_late) == (1, OPEN_DAY, True)
    assert [line.signed_minor for line in row.lines] == [-7, 7]
    with pytest.raises(services.AlreadyReversed) as refused:
        services.reverse_entry(number=1, reason="wrong_amount", act=acts())
    assert refused.value.facts == {"number": 1, "reversed_by": 2}
    with pytest.raises(services.EntryUnknown):
        services.reverse_entry(number=99, reason="wrong_amount", act=acts())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bookkeeping_entryline SET debit_minor = debit_minor + 1 WHERE debit_minor > 0",
        "DELETE FROM bookkeeping_entry",
        "UPDATE bookkeeping_entry SET login = 'eve'",
        "DELETE FROM bookkeeping_entryline",
        "UPDATE bookkeeping_daycut SET login = 'eve'",
        "DELETE FROM bookkeeping_subledger",
        "UPDATE bookkeeping_entryblock SET loans = 0",
    ],
)
def test_the_database_refuses_to_change_what_was_booked(
    statement: str, interest: MakeEntry, acts: Acts
) -> None:
    post_summary(acts())
    services.post(entries=[interest(1)], source="s", act=acts())
    services.cut_day(day=OPEN_DAY, act=acts())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert queries.first_broken_entry() is None


def test_the_database_refuses_to_replace_an_entry(interest: MakeEntry, acts: Acts) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    services.post(entries=[interest(1)], source="s", act=acts())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(
            "INSERT OR REPLACE INTO bookkeeping_entry SELECT * FROM bookkeeping_entry"
        )


@pytest.mark.parametrize(
    ("statement", "number", "code"),
    [
        ("UPDATE bookkeeping_entry SET login = 'eve' WHERE number = 2", 2, "entry_hash_differs"),
        ("DELETE FROM bookkeeping_entry WHERE number = 2", 2, "number_missing"),
        ("DELETE FROM bookkeeping_entry WHERE number = 3", 3, "number_missing"),
        ("DELETE FROM bookkeeping_entryline WHERE entry_number = 2", 2, "entry_unbalanced"),
        (
            "UPDATE bookkeeping_entryline SET debit_minor = 9 WHERE entry_number = 2 AND place = 1",
            2,
            "entry_unbalanced",
        ),
        (
            "UPDATE bookkeeping_entryline SET account_key = 'cash' WHERE entry_number = 3",
            3,
            "entry_hash_differs",
        ),
        (
            "UPDATE bookkeeping_entryline SET posting_date = '2026-01-01' WHERE entry_number = 3",
            3,
            "entry_hash_differs",
        ),
        ("UPDATE bookkeeping_entryline SET entry_number = 77 WHERE entry_number = 3 ", 3, "entry_unbalanced"),
        ("UPDATE bookkeeping_bookshead SET entry_hash = 'x'", 3, "head_differs"),
        ("UPDATE bookkeeping_entryblock SET amount_sum = 1", 1, "block_differs"),
        ("DELETE FROM bookkeeping_entryblock WHERE place = 2", 1, "entry_hash_differs"),
    ],
)  # fmt: skip
def test_the_first_bad_entry_is_named(
    statement: str, number: int, code: str, interest: MakeEntry, acts: Acts
) -> None:
    post_summary(acts())
    services.post(entries=[interest(1), interest(2)], source="s", act=acts())
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.first_broken_entry() == queries.BrokenEntry(number, code)


def post_summary(act: Act) -> int:
    """Interest of three loans and a penalty of one, in one entry."""
    lines = [
        debit(AccountKey.INTEREST_RECEIVABLE, Money(60_00, NGN), "interest"),
        debit(AccountKey.PENALTIES_RECEIVABLE, Money(2_00, NGN), "penalty"),
        credit(AccountKey.INTEREST_INCOME, Money(60_00, NGN), "interest"),
        credit(AccountKey.PENALTY_INCOME, Money(2_00, NGN), "penalty"),
    ]
    entry = journal_entry(
        OPEN_DAY, lines, posting_date=OPEN_DAY, concerns=fiscal_period_of(OPEN_DAY),
        kind=EntryKind.ACCRUAL,
    )  # fmt: skip
    blocks = (
        block(Component.INTEREST, {"L-1": 10_00, "L-2": 20_00, "L-3": 30_00}),
        block(Component.PENALTY, {"L-2": 2_00}),
    )
    (number,) = services.post_summaries(
        summaries=[services.Summary(entry, services.pack_blocks(blocks))],
        source="close:2026-03-16",
        act=act,
    )
    return number


def block(component: Component, amounts: dict[str, int]) -> Block:
    return Block(
        side=Side.LENDER,
        term_class=TermClass.SHORT,
        currency=NGN,
        component=component,
        cause=Cause.ACCRUED,
        amounts=amounts,
    )


def test_a_summary_line_opens_into_its_loans(acts: Acts, books: EntityRow) -> None:
    number = post_summary(acts())
    interest, penalty = queries.blocks_of(number)
    assert (interest.component, interest.cause, interest.loans, interest.amount_sum) == (
        Component.INTEREST,
        Cause.ACCRUED,
        3,
        60_00,
    )
    assert queries.block_amounts(number, 1) == {"L-1": 10_00, "L-2": 20_00, "L-3": 30_00}
    assert queries.block_amounts(number, 2) == {"L-2": 2_00}
    assert penalty.amount_sum == queries.entry(number).lines[1].amount.minor
    assert [sum(amounts.values()) for _, amounts in queries.summaries()] == [60_00, 2_00]


def test_blocks_keep_every_amount() -> None:
    amounts = {1: 0, 5: -3, 10**9: MINOR_MAX, 7: -MINOR_MAX}
    assert unpack(pack(amounts)) == amounts
    assert unpack(pack({})) == {}
    with pytest.raises(services.BlockDamaged):
        unpack(b"\x01nonsense")


def test_a_hundred_thousand_small_amounts_are_a_few_bytes_each() -> None:
    amounts = {number: number * 7919 % 50_000 for number in range(1, 100_001)}
    packed = pack(amounts)
    assert unpack(packed) == amounts
    assert len(packed) <= 3 * len(amounts)  # two bytes of amount, and hardly any of number
