"""Ayo Lending's books, open on 16 March 2026, with loans of a thousand naira of interest a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms
from gbese.core.money import Currency, Money
from gbese.core.servicing.events import Drawn, LoanEvent

if TYPE_CHECKING:
    from gbese.apps.bookkeeping.queries import EntityRow
    from gbese.apps.identity.acts import Act

NGN = Currency("NGN", 2)
OPEN_DAY = date(2026, 3, 16)
# 1,000,000.00 at 36.5 % on ACT/365F earns 1,000.00 a night.
PRINCIPAL, RATE, NIGHT = Money(1_000_000_00, NGN), Decimal("0.365"), 1_000_00
OpenLoan = Callable[..., str]
ActOn = Callable[[date], "Act"]


@pytest.fixture
def books(db: None, acts: Callable[..., Act]) -> EntityRow:
    from gbese.apps.bookkeeping import services

    return services.set_up_entity(
        name="Ayo Lending",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        act=acts(),
        start=services.BooksStart(books_from=date(2026, 1, 1), open_day=OPEN_DAY, chart="ng"),
    )


@pytest.fixture
def act_on(acts: Callable[..., Act]) -> ActOn:
    """An act at noon of a day: `act_on(date(2026, 3, 17))`."""
    return lambda day: acts(recorded_at=datetime.combine(day, time(12), tzinfo=UTC))


@pytest.fixture
def open_loan(books: EntityRow, act_on: ActOn) -> OpenLoan:
    """A bullet loan of three months, drawn on a day: `open_loan("L-1", drawn_on=…)`."""
    from gbese.apps.bookkeeping.queries import open_day
    from gbese.apps.lending import services
    from gbese.apps.parties.services import find_or_add_party

    def opened(
        number: str,
        *,
        drawn_on: date = OPEN_DAY,
        side: Side = Side.LENDER,
        events: tuple[LoanEvent, ...] | None = None,
        schedule_kind: ScheduleKind = ScheduleKind.BULLET,
    ) -> str:
        today = open_day().open_day
        lender, borrower = (
            find_or_add_party(
                name=name, country="NG", kind="organisation", identifiers=(), act=act_on(today)
            )
            for name in ("Ayo Lending", "Bola Stores")[:: 1 if side is Side.LENDER else -1]
        )
        drawn = (Drawn(number=1, value_date=drawn_on, amount=PRINCIPAL),)
        return services.open_loan(
            new=services.NewLoan(
                loan_number=number,
                side=side,
                lender=lender.pk,
                borrower=borrower.pk,
                terms=terms(drawn_on, schedule_kind),
                events=drawn if events is None else events,
            ),
            act=act_on(today),
        )

    return opened


def terms(signed_on: date, schedule_kind: ScheduleKind) -> Terms:
    first = signed_on + timedelta(days=31)
    return Terms(
        currency=NGN,
        principal=PRINCIPAL,
        signed_on=signed_on,
        interest_from=signed_on,
        first_due_date=first,
        maturity_date=first + timedelta(days=62),
        frequency=Frequency(31, FrequencyUnit.DAY),
        schedule_kind=schedule_kind,
        rate=RateTerms(fixed=RATE),
        day_count=DayCount.ACT_365F,
    )
