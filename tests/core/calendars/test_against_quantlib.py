"""Day counts against QuantLib, where it is installed: another's hand for any two dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.day_counts import DayCount, year_fraction
from gbese.core.calendars.frequencies import HALF_YEARLY, roll
from gbese.core.calendars.periods import Period
from tests.conformance.calendars import calendar

ql: Any = pytest.importorskip("QuantLib", reason="QuantLib is not installed")

BRAZIL = calendar("brazil-settlement")
COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_364: ql.Actual364(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.ACT_365_25: ql.Actual36525(),
    DayCount.ACT_366: ql.Actual366(),
    DayCount.NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    DayCount.THIRTY_360_BOND: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_360_US_EOM: ql.Thirty360(ql.Thirty360.USA),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.European),
    DayCount.THIRTY_E_360_ISDA: ql.Thirty360(ql.Thirty360.German),
    DayCount.THIRTY_E_365: ql.Thirty365(),
    DayCount.BUS_252: ql.Business252(ql.Brazil(ql.Brazil.Settlement)),
}
APART = 1e-9  # QuantLib works in binary floats

month_ends = st.sampled_from([date(2023, 2, 28), date(2024, 2, 29), date(2024, 1, 31)])
days = st.dates(date(2000, 1, 1), date(2030, 12, 31)) | month_ends


def quantlib_day(day: date) -> Any:
    return ql.Date(day.day, day.month, day.year)


@given(st.sampled_from(list(COUNTERS)), days, st.integers(0, 2000) | st.sampled_from([365, 366]))
def test_year_fractions_agree(day_count: DayCount, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    theirs = COUNTERS[day_count].yearFraction(quantlib_day(start), quantlib_day(end))
    assert abs(float(year_fraction(day_count, start, end, calendar=BRAZIL)) - theirs) < APART


@given(days, st.integers(0, 180))
def test_regular_periods_agree(start: date, length: int) -> None:
    regular = Period(start, roll(start, HALF_YEARLY, 1, end_of_month=False))
    day = start + timedelta(days=length)
    ours = year_fraction(
        DayCount.ACT_ACT_ICMA, start, day, regular_period=regular, periods_per_year=2
    )
    theirs = ql.ActualActual(ql.ActualActual.ISMA).yearFraction(
        quantlib_day(start),
        quantlib_day(day),
        quantlib_day(regular.start),
        quantlib_day(regular.end),
    )
    assert abs(float(ours) - theirs) < APART
