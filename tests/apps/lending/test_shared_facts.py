"""A fixing and a holiday are recorded once, and every loan that depends on them follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gbese.apps.identity.acts import Act
from gbese.apps.lending import queries, services
from gbese.apps.rates.kinds import SeriesUnit
from gbese.apps.rates.services import NewFixing, NewHoliday, SeriesFixings, seed_calendar
from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.terms import RateEffect, RateTerms, ScheduleKind, Terms
from tests.apps.lending.conftest import OPEN_DAY, SIGNED_ON, naira


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
