"""Entries balance in every currency or cannot be built; a reversal brings accounts back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.ledger import (
    AccountKey,
    AnalysisNotBooked,
    Direction,
    EntryKind,
    JournalEntry,
    Line,
    UnbalancedEntry,
    credit,
    debit,
    fiscal_period_of,
    journal_entry,
    reversal,
)
from gbese.core.money import Currency, Money

NGN = Currency("NGN", 2)
USD = Currency("USD", 2)
DAY = date(2026, 3, 10)
MARCH = fiscal_period_of(DAY)


def entry(*lines: Line) -> JournalEntry:
    return journal_entry(
        DAY, lines, posting_date=DAY, concerns=MARCH, kind=EntryKind.REPAYMENT, subledger="L-1"
    )


def test_a_balanced_entry_keeps_its_lines_in_order() -> None:
    lines = (
        debit(AccountKey.CASH, Money(145_01, NGN)),
        credit(AccountKey.INTEREST_RECEIVABLE, Money(45_00, NGN), "interest"),
        credit(AccountKey.LOANS_SHORT, Money(100_01, NGN), "principal"),
    )
    assert entry(*lines).lines == lines


def test_a_minor_unit_too_much_is_refused() -> None:
    with pytest.raises(UnbalancedEntry) as refused:
        entry(
            debit(AccountKey.CASH, Money(10_01, NGN)),
            credit(AccountKey.LOANS_SHORT, Money(10_00, NGN)),
        )
    assert refused.value.facts == {
        "kind": EntryKind.REPAYMENT,
        "currency": "NGN",
        "difference_minor": 1,
    }


def test_each_currency_balances_by_itself() -> None:
    with pytest.raises(UnbalancedEntry):
        entry(
            debit(AccountKey.CASH, Money(10_00, NGN)),
            credit(AccountKey.LOANS_SHORT, Money(10_00, USD)),
        )


def test_amounts_of_analysis_are_not_booked() -> None:
    fine = Money(10_00, NGN).for_analysis()
    with pytest.raises(AnalysisNotBooked):
        entry(debit(AccountKey.CASH, fine), credit(AccountKey.LOANS_SHORT, fine))


def test_an_entry_without_lines_is_refused() -> None:
    with pytest.raises(UnbalancedEntry):
        entry()


@pytest.mark.parametrize("minor", [0, -1])
def test_a_line_is_above_zero(minor: int) -> None:
    with pytest.raises(AssertionError):
        debit(AccountKey.CASH, Money(minor, NGN))


@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=5))
def test_a_reversal_brings_every_account_back(amounts: list[int]) -> None:
    booked = entry(
        debit(AccountKey.CASH, Money(sum(amounts), NGN)),
        *(credit(AccountKey.LOANS_LONG, Money(amount, NGN)) for amount in amounts),
    )
    turned = reversal(booked, number=7, posting_date=date(2026, 4, 1))
    assert turned.reverses == 7
    assert turned.value_date == DAY
    assert turned.concerns == MARCH
    assert turned.posting_date == date(2026, 4, 1)
    assert [line.signed_minor for line in turned.lines] == [
        -line.signed_minor for line in booked.lines
    ]
    assert turned.lines[0].direction is Direction.CREDIT
