"""Day counts: the house's worked examples, and laws that hold for any two dates."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import Calendar
from gbese.core.calendars.clocks import ClockKind, StartClass, StartRule, ThirtyRule
from gbese.core.calendars.day_counts import (
    Clock,
    ClockCodeUnknown,
    DayCount,
    DayCountNeeds,
    clock_for,
    clock_from_code,
    days_counted,
    year_fraction,
)
from gbese.core.calendars.frequencies import HALF_YEARLY, MONTHLY, WEEKLY, periods_per_year
from gbese.core.calendars.periods import Period, interest_periods
from gbese.core.money import Currency, Rounding, round_money

NGN = Currency("NGN", 2)
PRINCIPAL, RATE = 1_000_000, Fraction(18, 100)

FEBRUARY = (date(2024, 1, 31), date(2024, 2, 29))
NEW_YEAR = (date(2023, 11, 15), date(2024, 3, 31))
HALF_YEAR = (date(2026, 8, 31), date(2027, 2, 28))

# Worked example "Day counts": 1,000,000.00 at 18 %; days, year fraction, interest.
E01 = [
    (DayCount.ACT_360, FEBRUARY, 29, "0.0805555556", "14500.00"),
    (DayCount.ACT_360, NEW_YEAR, 137, "0.3805555556", "68500.00"),
    (DayCount.ACT_360, HALF_YEAR, 181, "0.5027777778", "90500.00"),
    (DayCount.ACT_365F, FEBRUARY, 29, "0.0794520548", "14301.37"),
    (DayCount.ACT_365F, NEW_YEAR, 137, "0.3753424658", "67561.64"),
    (DayCount.ACT_365F, HALF_YEAR, 181, "0.4958904110", "89260.27"),
    (DayCount.ACT_ACT_ISDA, FEBRUARY, 29, "0.0792349727", "14262.30"),
    (DayCount.ACT_ACT_ISDA, NEW_YEAR, 137, "0.3746687626", "67440.38"),
    (DayCount.ACT_ACT_ISDA, HALF_YEAR, 181, "0.4958904110", "89260.27"),
    (DayCount.NL_365, FEBRUARY, 28, "0.0767123288", "13808.22"),
    (DayCount.NL_365, NEW_YEAR, 136, "0.3726027397", "67068.49"),
    (DayCount.NL_365, HALF_YEAR, 181, "0.4958904110", "89260.27"),
    (DayCount.THIRTY_360_BOND, FEBRUARY, 29, "0.0805555556", "14500.00"),
    (DayCount.THIRTY_360_BOND, NEW_YEAR, 136, "0.3777777778", "68000.00"),
    (DayCount.THIRTY_360_BOND, HALF_YEAR, 178, "0.4944444444", "89000.00"),
    (DayCount.THIRTY_E_360, FEBRUARY, 29, "0.0805555556", "14500.00"),
    (DayCount.THIRTY_E_360, NEW_YEAR, 135, "0.3750000000", "67500.00"),
    (DayCount.THIRTY_E_360, HALF_YEAR, 178, "0.4944444444", "89000.00"),
    (DayCount.THIRTY_E_360_ISDA, FEBRUARY, 30, "0.0833333333", "15000.00"),
    (DayCount.THIRTY_E_360_ISDA, NEW_YEAR, 135, "0.3750000000", "67500.00"),
    (DayCount.THIRTY_E_360_ISDA, HALF_YEAR, 180, "0.5000000000", "90000.00"),
    (DayCount.THIRTY_360_US_EOM, FEBRUARY, 29, "0.0805555556", "14500.00"),
    (DayCount.THIRTY_360_US_EOM, NEW_YEAR, 136, "0.3777777778", "68000.00"),
    (DayCount.THIRTY_360_US_EOM, HALF_YEAR, 178, "0.4944444444", "89000.00"),
]


@pytest.mark.parametrize(("day_count", "dates", "days", "fraction", "interest"), E01)
def test_counts_days_and_interest_as_worked_by_hand(
    day_count: DayCount, dates: tuple[date, date], days: int, fraction: str, interest: str
) -> None:
    exact = year_fraction(day_count, *dates)
    assert days_counted(day_count, *dates) == days
    assert round(exact, 10) == Fraction(fraction)
    assert round_money(PRINCIPAL * RATE * exact, NGN, Rounding.HALF_UP).plain() == interest


@pytest.mark.parametrize(("dates", "days"), [(FEBRUARY, 29), (HALF_YEAR, 178)])
def test_the_end_of_the_contract_stays_what_it_is_under_30e_360_isda(
    dates: tuple[date, date], days: int
) -> None:
    assert days_counted(DayCount.THIRTY_E_360_ISDA, *dates, termination_date=dates[1]) == days


def test_icma_counts_against_the_regular_period() -> None:
    half_year = Period(date(2026, 1, 15), date(2026, 7, 15))
    accrued = year_fraction(
        DayCount.ACT_ACT_ICMA,
        half_year.start,
        date(2026, 4, 1),
        regular_period=half_year,
        periods_per_year=2,
    )
    assert accrued == Fraction(76, 2 * 181)


def test_icma_splits_a_long_stub_at_the_notional_date() -> None:
    # 15 August 2002 to 15 July 2003, half-yearly: 153 of 184 days, then a whole half-year.
    stub = year_fraction(
        DayCount.ACT_ACT_ICMA,
        date(2002, 8, 15),
        date(2003, 7, 15),
        regular_period=Period(date(2003, 1, 15), date(2003, 7, 15)),
        periods_per_year=2,
    )
    assert stub == Fraction(153, 2 * 184) + Fraction(1, 2)


def test_equal_periods_cost_the_same_whatever_their_length() -> None:
    periods = interest_periods(
        interest_from=date(2024, 1, 31),
        first_due_date=date(2024, 2, 29),
        maturity_date=date(2025, 1, 31),
        frequency=MONTHLY,
        end_of_month=True,
    )
    fractions = {
        year_fraction(
            DayCount.EQUAL_PERIODS,
            period.start,
            period.end,
            notional_dates=period.notional_dates,
            periods_per_year=12,
        )
        for period in periods
    }
    assert (len(periods), fractions) == (12, {Fraction(1, 12)})


def test_equal_weeks_are_each_a_52nd_of_a_year() -> None:
    week = Period(date(2026, 3, 2), date(2026, 3, 9))
    clock = clock_for(
        DayCount.EQUAL_PERIODS, period=week, periods_per_year=periods_per_year(WEEKLY)
    )
    counted = clock.units(date(2026, 3, 4)) - clock.units(week.start)
    assert Fraction(counted, clock.denominator) == Fraction(2, 7 * 52)


@pytest.mark.parametrize(
    ("per_year", "start", "end", "base"),
    [
        (1, date(2023, 3, 1), date(2024, 3, 1), 366),  # 29 February 2024 is in it
        (1, date(2024, 2, 29), date(2025, 2, 28), 365),  # the start is not
        (2, date(2023, 9, 1), date(2024, 2, 28), 366),  # ends in a leap year
        (2, date(2024, 2, 1), date(2025, 1, 31), 365),  # ends in a common one
    ],
)
def test_365l_takes_the_base_of_the_period(
    per_year: int, start: date, end: date, base: int
) -> None:
    counted = year_fraction(DayCount.ACT_365L, start, end, periods_per_year=per_year)
    assert counted == Fraction((end - start).days, base)


def test_business_days_need_a_calendar() -> None:
    easter = Calendar("NG", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
    # Thursday 2 April; Friday and Monday are off; Tuesday 7 April is out.
    counted = year_fraction(DayCount.BUS_252, date(2026, 4, 2), date(2026, 4, 7), calendar=easter)
    assert counted == Fraction(1, 252)
    assert days_counted(DayCount.BUS_252, date(2026, 4, 2), date(2026, 4, 7), calendar=easter) == 1


@pytest.mark.parametrize(
    ("day_count", "missing"),
    [
        (DayCount.BUS_252, "calendar"),
        (DayCount.ACT_ACT_ICMA, "periods_per_year"),
        (DayCount.EQUAL_PERIODS, "periods_per_year"),
        (DayCount.ACT_365L, "periods_per_year"),
    ],
)
def test_refuses_what_the_convention_cannot_do_without(day_count: DayCount, missing: str) -> None:
    with pytest.raises(DayCountNeeds) as refused:
        year_fraction(day_count, *NEW_YEAR)
    assert refused.value.facts == {"day_count": day_count, "missing": missing}


def test_refuses_a_code_that_is_no_clock() -> None:
    for code in [(), (1,), (99, 365), (1, 0)]:
        with pytest.raises(ClockCodeUnknown):
            clock_from_code(code)


# Laws -------------------------------------------------------------------------------------------

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
lengths = st.integers(1, 800)
conventions = st.sampled_from(list(DayCount))
CALENDAR = Calendar("NG", holidays=frozenset(date(year, 10, 1) for year in range(1990, 2063)))


def clock_of(day_count: DayCount, period: Period) -> Clock:
    return clock_for(day_count, period=period, periods_per_year=2, calendar=CALENDAR)


@given(conventions, days, lengths)
def test_a_clock_never_goes_back_and_survives_packing(
    day_count: DayCount, start: date, length: int
) -> None:
    period = Period(start, start + timedelta(days=length))
    clock = clock_of(day_count, period)
    shown = [clock.units(start + timedelta(days=number)) for number in range(-40, length + 40)]
    assert all(later >= earlier for earlier, later in pairwise(shown))
    assert clock_from_code(clock.code()) == clock
    assert hash(clock_from_code(clock.code())) == hash(clock)


@given(conventions, days, lengths, st.data())
def test_a_clock_counts_the_year_fraction_from_the_start_of_the_period(
    day_count: DayCount, start: date, length: int, data: st.DataObject
) -> None:
    period = Period(start, start + timedelta(days=length))
    clock = clock_of(day_count, period)
    if day_count in {DayCount.ACT_365L, DayCount.ACT_365_ACTUAL}:
        day = period.end  # which year they divide by is the whole period's
    else:
        day = start + timedelta(days=data.draw(st.integers(0, length)))
    counted = Fraction(clock.units(day) - clock.units(start), clock.denominator)
    assert counted == year_fraction(
        day_count,
        start,
        day,
        regular_period=period,
        periods_per_year=2,
        calendar=CALENDAR,
    )


@given(days, st.integers(0, 4000))
def test_act_act_isda_is_the_sum_of_its_nights(start: date, length: int) -> None:
    nights = (start + timedelta(days=number) for number in range(length))
    by_hand = sum((Fraction(1, 366 if isleap(night.year) else 365) for night in nights), Fraction())
    end = start + timedelta(days=length)
    assert year_fraction(DayCount.ACT_ACT_ISDA, start, end) == by_hand


@given(days, st.integers(0, 4000))
def test_nl_365_counts_every_day_but_29_february(start: date, length: int) -> None:
    arrived = (start + timedelta(days=number + 1) for number in range(length))
    by_hand = sum((day.month, day.day) != (2, 29) for day in arrived)
    assert days_counted(DayCount.NL_365, start, start + timedelta(days=length)) == by_hand


@given(days, days)
def test_thirty_day_months_follow_the_formula(start: date, end: date) -> None:
    start, end = min(start, end), max(start, end)
    months = 360 * (end.year - start.year) + 30 * (end.month - start.month)
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    assert days_counted(DayCount.THIRTY_360_BOND, start, end) == months + last - first
    assert days_counted(DayCount.THIRTY_E_360, start, end) == months + min(end.day, 30) - first


@given(conventions, days, lengths)
def test_counting_back_is_the_negative(day_count: DayCount, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    context = {"periods_per_year": 2, "calendar": CALENDAR}
    forth = year_fraction(day_count, start, end, **context)  # type: ignore[arg-type]
    back = year_fraction(day_count, end, start, **context)  # type: ignore[arg-type]
    assert back == -forth
    assert year_fraction(day_count, start, start) == 0


@given(days, st.integers(1, 500), st.integers(1, 40))
def test_stubs_of_equal_periods_add_up_over_the_notional_dates(
    first_due: date, before: int, instalments: int
) -> None:
    start = first_due - timedelta(days=before)
    periods = interest_periods(
        interest_from=start,
        first_due_date=first_due,
        maturity_date=first_due + timedelta(days=30 * instalments),
        frequency=HALF_YEARLY,
    )
    for period in periods:
        clock = clock_for(
            DayCount.EQUAL_PERIODS,
            period=period.period,
            notional_dates=period.notional_dates,
            periods_per_year=2,
        )
        by_hand = (
            sum(
                (
                    Fraction(
                        (min(end, period.end) - max(begin, period.start)).days, (end - begin).days
                    )
                    for begin, end in pairwise(period.notional_dates)
                    if end > period.start and begin < period.end
                ),
                Fraction(),
            )
            / 2
        )
        counted = Fraction(clock.units(period.end) - clock.units(period.start), clock.denominator)
        assert counted == by_hand


@given(days)
def test_an_open_ended_period_has_a_clock_in_every_convention(start: date) -> None:
    for day_count in DayCount:
        if day_count in {DayCount.ACT_ACT_ICMA, DayCount.EQUAL_PERIODS}:
            continue  # their regular periods are those of the schedule
        clock = clock_of(day_count, Period(start, date.max))
        assert clock.units(start + timedelta(days=366)) > clock.units(start)
        assert len(clock.code()) < 90


# --- counted from the start -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day_count", "start", "end", "fraction"),
    [
        # whole years back from the end; the rest over 366 where it has a 29 February
        (DayCount.ACT_ACT_AFB, "2023-01-15", "2023-03-15", Fraction(59, 365)),
        (DayCount.ACT_ACT_AFB, "2024-01-15", "2024-03-15", Fraction(60, 366)),
        (DayCount.ACT_ACT_AFB, "2024-02-29", "2024-03-15", Fraction(15, 366)),
        (DayCount.ACT_ACT_AFB, "2023-01-15", "2026-03-15", 3 + Fraction(59, 365)),
        # whole years on from the start; the rest over the days of the year it is a part of
        (DayCount.ACT_ACT_YEAR, "2023-06-01", "2025-06-11", 2 + Fraction(10, 365)),
        (DayCount.ACT_ACT_YEAR, "2023-03-01", "2023-04-01", Fraction(31, 366)),
        (DayCount.ACT_ACT_YEAR, "2024-03-01", "2024-04-01", Fraction(31, 365)),
        # pocket calculators: a lone end of February reaches to the 30th, or to the other's 29th
        (DayCount.THIRTY_U_360, "2023-02-28", "2023-03-29", Fraction(30, 360)),
        (DayCount.THIRTY_U_360, "2023-02-28", "2023-04-15", Fraction(45, 360)),
        (DayCount.THIRTY_U_360, "2023-01-29", "2023-02-28", Fraction(30, 360)),
        (DayCount.THIRTY_U_360, "2023-01-15", "2023-02-28", Fraction(45, 360)),
        (DayCount.THIRTY_U_360, "2023-01-31", "2023-02-28", Fraction(30, 360)),
    ],
)
def test_conventions_from_the_start(
    day_count: DayCount, start: str, end: str, fraction: Fraction
) -> None:
    days = date.fromisoformat(start), date.fromisoformat(end)
    assert year_fraction(day_count, *days) == fraction


def test_a_regular_period_between_ends_of_months_goes_on_to_ends_of_months() -> None:
    """28 February to 31 August is half a year, and so is the time to 28 February."""
    regular = Period(date(2026, 2, 28), date(2026, 8, 31))
    year = year_fraction(
        DayCount.ACT_ACT_ICMA,
        regular.start,
        date(2027, 2, 28),
        regular_period=regular,
        periods_per_year=2,
    )
    assert year == 1


def test_the_numbers_of_packed_codes_never_change() -> None:
    """They are in stored projections, and must be read for as long as those are kept."""
    numbered = {
        ClockKind: "ACTUAL NO_LEAP_DAY CALENDAR_YEARS THIRTY REGULAR_PERIODS BUSINESS_DAYS FROM_START",
        ThirtyRule: "BOND EUROPEAN GERMAN US_END_OF_MONTH",
        StartRule: "ACT_ACT_AFB THIRTY_E_PLUS THIRTY_PSA THIRTY_CALCULATOR ONE_ONE ACT_ACT_YEAR",
    }
    for kind, names in numbered.items():
        assert [kind[name] for name in names.split()] == list(range(1, len(names.split()) + 1))
    assert [StartClass[name] for name in ("ORDINARY", "ON_30_OR_31", "ENDS_FEBRUARY")] == [0, 1, 2]
