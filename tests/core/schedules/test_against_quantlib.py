"""Schedules against QuantLib: the same dates, the same days off, the same coupons, by another's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import BusinessDayConvention, Calendar, adjust
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import (
    FORTNIGHTLY,
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Frequency,
    roll,
)
from gbese.core.calendars.periods import interest_periods
from gbese.core.contracts.common_loans import common_terms
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.money import Currency, Money
from gbese.core.projections.schedule import schedule
from tests.core.loan_strategies import WEEKENDS

ql: Any = pytest.importorskip("QuantLib", reason="QuantLib is not installed")

TENORS = {
    WEEKLY: ql.Period(1, ql.Weeks),
    FORTNIGHTLY: ql.Period(2, ql.Weeks),
    MONTHLY: ql.Period(1, ql.Months),
    QUARTERLY: ql.Period(3, ql.Months),
    HALF_YEARLY: ql.Period(6, ql.Months),
    YEARLY: ql.Period(1, ql.Years),
}
CONVENTIONS = {
    BusinessDayConvention.UNADJUSTED: ql.Unadjusted,
    BusinessDayConvention.FOLLOWING: ql.Following,
    BusinessDayConvention.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
    BusinessDayConvention.PRECEDING: ql.Preceding,
    BusinessDayConvention.MODIFIED_PRECEDING: ql.ModifiedPreceding,
    BusinessDayConvention.NEAREST: ql.Nearest,
}
COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    DayCount.THIRTY_360_BOND: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.European),
}
NGN = Currency("NGN", 2)
HALF_A_UNIT = 0.5 + 1e-4  # QuantLib does not round, and works in binary floats

starts = st.dates(date(2001, 1, 1), date(2030, 12, 31))
tenors = st.sampled_from(list(TENORS))


def theirs(day: date) -> Any:
    return ql.Date(day.day, day.month, day.year)


def ours(day: Any) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


def their_dates(terms: Terms) -> Any:
    """From the start over the first due date, by the frequency, to maturity; no day is moved."""
    return ql.Schedule(
        theirs(terms.interest_from),
        theirs(terms.maturity_date or date.max),
        TENORS[terms.frequency],
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,  # noqa: FBT003 - QuantLib takes no names
        theirs(terms.first_due_date),
    )


@st.composite
def bonds(draw: st.DrawFn) -> Terms:
    """All principal at the end; the first period and the last may be stubs."""
    frequency: Frequency = draw(tenors)
    start = draw(starts)
    regular = roll(start, frequency, 1, end_of_month=False)
    longest = (regular - start).days
    first = start + timedelta(days=draw(st.integers(1, longest) | st.just(longest)))
    count = draw(st.integers(2, 24))
    terms = common_terms(
        ScheduleKind.BULLET,
        Money(draw(st.integers(100_00, 10_000_000_00)), NGN),
        draw(st.decimals("0.001", "0.9", places=4)),
        count,
        start,
        frequency=frequency,
        first_due_date=first,
        day_count=draw(st.sampled_from(list(COUNTERS))),
    )
    terms = replace(terms, end_of_month=False)
    last = roll(first, frequency, count - 1, end_of_month=False)
    return replace(terms, maturity_date=last + timedelta(days=draw(st.sampled_from([0, 0, 1, 5]))))


@given(bonds())
def test_periods_have_the_same_dates(terms: Terms) -> None:
    assert terms.maturity_date is not None
    periods = interest_periods(
        interest_from=terms.interest_from,
        first_due_date=terms.first_due_date,
        maturity_date=terms.maturity_date,
        frequency=terms.frequency,
    )
    dates = [terms.interest_from, *(period.end for period in periods)]
    assert dates == [ours(day) for day in their_dates(terms)]


@given(
    starts,
    st.sampled_from(list(CONVENTIONS)),
    st.sets(st.dates(date(2001, 1, 1), date(2031, 3, 1)), max_size=40),
    st.integers(0, 5),
)
def test_days_off_move_dates_alike(
    day: date, convention: BusinessDayConvention, holidays: set[date], more: int
) -> None:
    """Weekends, scattered holidays, and a holiday of some days from the day itself on."""
    holidays |= {day + timedelta(days=n) for n in range(more)}
    bespoke = ql.BespokeCalendar(f"of {day} and {len(holidays)}")
    bespoke.addWeekend(ql.Saturday)
    bespoke.addWeekend(ql.Sunday)
    for holiday in holidays:
        bespoke.addHoliday(theirs(holiday))
    moved = adjust(day, convention, Calendar(code="", holidays=frozenset(holidays)))
    assert moved == ours(bespoke.adjust(theirs(day), CONVENTIONS[convention]))


@given(bonds())
def test_coupons_are_the_same(terms: Terms) -> None:
    rows = schedule(terms).instalments
    bond = ql.FixedRateBond(
        0,
        float(terms.principal.minor),
        their_dates(terms),
        [float(terms.rate.fixed or 0)],
        COUNTERS[terms.day_count],
        ql.Unadjusted,
    )
    *coupons, redemption = bond.cashflows()
    assert redemption.amount() == terms.principal.minor
    due = {row.period_end: row.interest for row in rows}
    for coupon in coupons:
        assert abs(due.get(ours(coupon.date()), 0) - coupon.amount()) <= HALF_A_UNIT


@given(
    start=starts,
    rate=st.decimals("0.001", "0.9", places=4),
    count=st.integers(2, 24),
    kind=st.sampled_from([ScheduleKind.ANNUITY, ScheduleKind.LINEAR]),
    day_count=st.sampled_from(list(COUNTERS)),
)
def test_amortising_bonds_pay_the_same(
    start: date, rate: Decimal, count: int, kind: ScheduleKind, day_count: DayCount
) -> None:
    """The principal is ours; QuantLib says what it costs, period by period."""
    terms = common_terms(kind, Money(1_000_000_00, NGN), rate, count, start, day_count=day_count)
    rows = schedule(replace(terms, end_of_month=False), calendar=WEEKENDS).instalments
    terms = replace(terms, end_of_month=False, maturity_date=rows[-1].period_end)
    notionals = [1_000_000_00.0, *(float(row.outstanding_after) for row in rows[:-1])]
    bond = ql.AmortizingFixedRateBond(
        0, notionals, their_dates(terms), [float(rate)], COUNTERS[day_count], ql.Unadjusted
    )
    paid: dict[date, float] = {}
    for flow in bond.cashflows():
        paid[ours(flow.date())] = paid.get(ours(flow.date()), 0.0) + flow.amount()
    for row in rows:
        assert abs(row.due - paid[row.period_end]) <= HALF_A_UNIT


@given(
    start=starts,
    rate=st.decimals("0.001", "0.9", places=4),
    count=st.integers(2, 20),
    frequency=st.sampled_from([QUARTERLY, HALF_YEARLY, YEARLY]),
)
def test_regular_coupons_by_the_bond_convention(
    start: date, rate: Decimal, count: int, frequency: Frequency
) -> None:
    """ACT/ACT ICMA: every regular coupon is its share of the year, whatever its days."""
    start = start.replace(day=min(start.day, 28))
    terms = common_terms(
        ScheduleKind.BULLET,
        Money(1_000_000_00, NGN),
        rate,
        count,
        start,
        frequency=frequency,
        day_count=DayCount.ACT_ACT_ICMA,
    )
    bond = ql.FixedRateBond(
        0,
        1_000_000_00.0,
        their_dates(terms),
        [float(rate)],
        ql.ActualActual(ql.ActualActual.ISMA),
        ql.Unadjusted,
    )
    for row, coupon in zip(schedule(terms).instalments, bond.cashflows(), strict=False):
        assert abs(row.interest - coupon.amount()) <= HALF_A_UNIT
