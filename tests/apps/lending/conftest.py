"""Books open on 10 March 2026, two parties, and the terms of a loan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit
from gbese.core.contracts.terms import (
    PenaltyTerms,
    PenaltyTier,
    RateTerms,
    ScheduleKind,
    Side,
    Terms,
)
from gbese.core.money import Currency, Money, money_from_text

if TYPE_CHECKING:
    from gbese.apps.identity.acts import Act
    from gbese.apps.lending.services import NewLoan

NGN = Currency("NGN", 2)
BOOKS_FROM = date(2026, 1, 1)
OPEN_DAY = date(2026, 3, 10)
SIGNED_ON = date(2026, 1, 15)


def naira(text: str) -> Money:
    return money_from_text(text, NGN)


@pytest.fixture
def books(db: None, acts: Callable[..., Act]) -> None:
    from gbese.apps.bookkeeping import services

    services.set_up_entity(
        name="Ile Owo Limited",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        start=services.BooksStart(books_from=BOOKS_FROM, open_day=OPEN_DAY, chart="ng"),
        act=acts(),
    )


@pytest.fixture
def terms() -> Terms:
    """120,000.00 at 24 % in twelve level payments, due on the 15th; 0.1 % a day on what is late."""
    return Terms(
        currency=NGN,
        principal=naira("120000.00"),
        signed_on=SIGNED_ON,
        interest_from=SIGNED_ON,
        first_due_date=date(2026, 2, 15),
        maturity_date=date(2027, 1, 15),
        frequency=Frequency(1, FrequencyUnit.MONTH),
        schedule_kind=ScheduleKind.ANNUITY,
        rate=RateTerms(fixed=Decimal("0.24")),
        day_count=DayCount.EQUAL_PERIODS,
        penalty=PenaltyTerms(tiers=(PenaltyTier(1, Decimal("0.001")),)),
    )


@pytest.fixture
def new_loan(books: None, terms: Terms, acts: Callable[..., Act]) -> Callable[..., NewLoan]:
    """A loan to open: `new_loan("L-1", side=Side.LENDER)`."""
    from gbese.apps.lending.services import NewLoan
    from gbese.apps.parties.services import find_or_add_party

    own = find_or_add_party(name="Ile Owo Limited", country="NG", kind="organisation", act=acts())
    bank = find_or_add_party(name="Oyo Bank", country="NG", kind="organisation", act=acts())
    bola = find_or_add_party(name="Bola Ade", country="NG", kind="person", act=acts())

    def made(number: str, *, side: Side = Side.LENDER, **others: object) -> NewLoan:
        given = {"terms": terms, **others}
        lender, borrower = (own, bola) if side is Side.LENDER else (bank, own)
        return NewLoan(
            loan_number=number, side=side, lender=lender.pk, borrower=borrower.pk, **given
        )

    return made


@pytest.fixture
def open_loan(new_loan: Callable[..., NewLoan], acts: Callable[..., Act]) -> Callable[..., str]:
    """A loan that is open: `open_loan("L-1")`."""
    from gbese.apps.lending import services

    def opened(number: str, **others: object) -> str:
        return services.open_loan(new=new_loan(number, **others), act=acts())

    return opened
