"""A fixing and a holiday are recorded once, and every loan that depends on them follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gbese.apps.bookkeeping import queries as books
from gbese.apps.identity.acts import Act
from gbese.apps.lending import queries, services
from gbese.apps.rates.kinds import SeriesUnit
from gbese.apps.rates.services import NewFixing, NewHoliday, SeriesFixings, seed_calendar
from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.terms import RateEffect, RateTerms, ScheduleKind, Terms
from gbese.core.servicing.events import Drawn
from tests.apps.lending.conftest import OPEN_DAY, SIGNED_ON, naira

DRAWN = Drawn(number=1, value_date=SIGNED_ON, amount=naira("120000.00"))


def fixing(day: date, rate: str) -> SeriesFixings:
    return SeriesFixings(
        code="KEY",
        source="test",
        unit=SeriesUnit.YEARLY_RATE,
        fixings=(NewFixing(valid_on=day, rate=rate),),
        max_age_days=36_500,
    )


@pytest.mark.django_db
def test_a_fixing_is_worked_into_the_loans_that_follow_it(
    open_loan: Callable[..., str], terms: Terms, acts: Callable[..., Act]
) -> None:
    services.take_fixings(series=[fixing(date(2026, 1, 1), "0.20")], note="", act=acts())
    floating = replace(
        terms,
        rate=RateTerms(reference="KEY", margin=Decimal("0.02"), effect=RateEffect.SAME_DAY),
        day_count=DayCount.ACT_365F,
        schedule_kind=ScheduleKind.BULLET,
    )
    number = open_loan("L-1", terms=floating)
    services.record(
        loan_number=number,
        made=services.drawdown(amount=naira("120000.00"), value_date=SIGNED_ON),
        act=acts(),
    )
    taken = services.take_fixings(series=[fixing(date(2026, 2, 4), "0.25")], note="", act=acts())
    assert taken.loans == 1
    # 15 January to 4 February 20 nights at 22 %, then 11 nights at 27 %, on 120,000.00 over 365
    # days: (120000 x 0.22 x 20 + 120000 x 0.27 x 11) / 365 = 884,400 / 365 = 2,423.01.
    assert queries.loan_page(number, OPEN_DAY).schedule[0].interest == naira("2423.01")
    assert list(services.drifts()) == []


@pytest.mark.django_db
def test_a_holiday_moves_the_due_dates_that_fall_on_it(
    open_loan: Callable[..., str], terms: Terms, acts: Callable[..., Act]
) -> None:
    seed_calendar(code="NG", years=[2026, 2027], act=acts())
    following = replace(terms, business_days=BusinessDayConvention.FOLLOWING, calendar_code="NG")
    number = open_loan("L-1", terms=following)
    due = date(2026, 4, 15)  # a Wednesday
    before = queries.loan_page(number, OPEN_DAY).schedule[2]
    assert (before.due_date, before.due_date_adjusted) == (due, due)
    holiday = NewHoliday(day=due, name="Moon seen late")
    taken = services.take_holidays(code="NG", days=[holiday], note="announced", act=acts())
    assert taken.loans == 1
    assert queries.loan_page(number, OPEN_DAY).schedule[2].due_date_adjusted == date(2026, 4, 16)
    assert list(services.drifts()) == []
    services.drop_holiday(code="NG", day=due, note="seen after all", act=acts())
    assert queries.loan_page(number, OPEN_DAY).schedule[2].due_date_adjusted == due


@pytest.fixture
def sunday(open_loan: Callable[..., str], terms: Terms, acts: Callable[..., Act]) -> Terms:
    """L-1, drawn; 15 February is a Sunday and 15 March too, so it falls due on the 16th of both."""
    seed_calendar(code="NG", years=[2026, 2027], act=acts())
    following = replace(terms, business_days=BusinessDayConvention.FOLLOWING, calendar_code="NG")
    open_loan("L-1", terms=following, events=(DRAWN,))
    return following


def due_dates(number: str) -> list[date]:
    return [row.due_date_adjusted for row in queries.loan_page(number, OPEN_DAY).schedule[:3]]


def take(day: date, acts: Callable[..., Act]) -> int:
    days = [NewHoliday(day=day, name="By decree")]
    return services.take_holidays(code="NG", days=days, note="gazette", act=acts()).loans


def drop(day: date, acts: Callable[..., Act]) -> int:
    return services.drop_holiday(code="NG", day=day, note="gazette", act=acts()).loans


BEFORE = [date(2026, 2, 16), date(2026, 3, 16), date(2026, 4, 15)]


@pytest.mark.django_db
def test_a_holiday_added_late_leaves_what_has_fallen_due(
    sunday: Terms, open_loan: Callable[..., str], acts: Callable[..., Act]
) -> None:
    """On 10 March 16 February is declared a day off, and 16 March: only the second one moves."""
    assert due_dates("L-1") == BEFORE
    booked, late = books.ledger_totals("L-1"), queries.loan_page("L-1", OPEN_DAY).position
    assert take(date(2026, 2, 16), acts) == 0
    assert take(date(2026, 3, 16), acts) == 1
    after = [date(2026, 2, 16), date(2026, 3, 17), date(2026, 4, 15)]
    assert due_dates("L-1") == after
    assert books.ledger_totals("L-1") == booked
    assert queries.loan_page("L-1", OPEN_DAY).position == late
    # A loan entered afterwards, of the same terms, falls due on the same days.
    open_loan("L-2", terms=sunday, events=(DRAWN,))
    assert due_dates("L-2") == after
    services.rebuild(day=OPEN_DAY)
    assert list(services.drifts()) == []


@pytest.mark.django_db
def test_a_holiday_taken_back_moves_what_is_to_come(
    sunday: Terms, acts: Callable[..., Act]
) -> None:
    assert (take(date(2026, 3, 16), acts), drop(date(2026, 3, 16), acts)) == (1, 1)
    assert due_dates("L-1") == BEFORE
    assert list(services.drifts()) == []


@pytest.mark.django_db
def test_days_off_give_the_same_dates_in_whatever_order_they_come(
    sunday: Terms, acts: Callable[..., Act]
) -> None:
    first, second = date(2026, 3, 16), date(2026, 3, 17)
    take(second, acts)
    take(first, acts)
    assert due_dates("L-1")[1] == date(2026, 3, 18)
    drop(second, acts)
    drop(first, acts)
    take(first, acts)
    take(second, acts)
    assert due_dates("L-1")[1] == date(2026, 3, 18)
    assert list(services.drifts()) == []


@pytest.mark.django_db
def test_a_calendar_filled_later_moves_the_loans_that_follow_it(
    terms: Terms, open_loan: Callable[..., str], acts: Callable[..., Act]
) -> None:
    """1 May 2026 is a holiday of the shipped tables, and a Friday: the loan falls due on Monday."""
    seed_calendar(code="NG", years=[2027], act=acts())
    following = replace(
        terms,
        first_due_date=date(2026, 5, 1),
        maturity_date=date(2027, 1, 1),
        business_days=BusinessDayConvention.FOLLOWING,
        calendar_code="NG",
    )
    open_loan("L-1", terms=following, events=(DRAWN,))
    assert due_dates("L-1")[0] == date(2026, 5, 1)
    assert services.fill_calendar(code="NG", years=[2026], act=acts()).loans == 1
    assert due_dates("L-1")[0] == date(2026, 5, 4)
    assert list(services.drifts()) == []
