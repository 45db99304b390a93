"""The books of Ayo Lending, open on 16 March 2026, and entries to post in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gbese.core.ledger import (
    AccountKey,
    EntryKind,
    JournalEntry,
    credit,
    debit,
    fiscal_period_of,
    journal_entry,
)
from gbese.core.money import Currency, Money

if TYPE_CHECKING:
    from gbese.apps.bookkeeping.queries import EntityRow
    from gbese.apps.identity.acts import Act

NGN = Currency("NGN", 2)
OPEN_DAY = date(2026, 3, 16)


@pytest.fixture
def books(db: None, acts: Callable[..., Act]) -> EntityRow:
    from gbese.apps.bookkeeping import services

    return services.set_up_entity(
        name="Ayo Lending",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="lender",
        act=acts(),
        start=services.BooksStart(books_from=date(2026, 1, 1), open_day=OPEN_DAY, chart="ng"),
    )


@pytest.fixture
def interest() -> Callable[..., JournalEntry]:
    """Interest earned on a loan, as an entry: `interest(40_00)`."""

    def made(
        minor: int,
        *,
        posting_date: date = OPEN_DAY,
        loan: str = "L-1",
        value_date: date | None = None,
    ) -> JournalEntry:
        amount = Money(minor, NGN)
        return journal_entry(
            value_date or posting_date,
            [
                debit(AccountKey.INTEREST_RECEIVABLE, amount, "interest"),
                credit(AccountKey.INTEREST_INCOME, amount, "interest"),
            ],
            posting_date=posting_date,
            concerns=fiscal_period_of(value_date or posting_date),
            kind=EntryKind.ACCRUAL,
            subledger=loan,
        )

    return made
