"""Dates that roll, due dates, and the chain of interest periods."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.frequencies import (
    AT_MATURITY,
    DAILY,
    FORTNIGHTLY,
    FOUR_WEEKLY,
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    TWO_MONTHLY,
    WEEKLY,
    YEARLY,
    DateOutOfRange,
    Frequency,
    FrequencyHasNoLength,
    FrequencyNotPositive,
    FrequencyUnit,
    is_last_of_month,
    periods_per_year,
    roll,
)
from gbese.core.calendars.periods import (
    DueDay,
    FirstDueDateBeforeInterest,
    FirstDueDateNotMaturity,
    MaturityBeforeFirstDueDate,
    NoInstalments,
    Period,
    PeriodEndsBeforeItStarts,
    PeriodError,
    StubKind,
    due_dates,
    due_dates_counted,
    first_due_date_on,
    frequency_of,
    interest_periods,
)

ROLLS = [
    (date(2026, 1, 31), MONTHLY, 1, False, date(2026, 2, 28)),  # no such day: the last one
    (date(2026, 1, 31), MONTHLY, 2, False, date(2026, 3, 31)),  # and back to the anchor
    (date(2026, 1, 30), MONTHLY, 1, False, date(2026, 2, 28)),
    (date(2026, 2, 28), MONTHLY, 1, False, date(2026, 3, 28)),  # its day of the month is 28
    (date(2026, 2, 28), MONTHLY, 1, True, date(2026, 3, 31)),  # last days stay last days
    (date(2026, 2, 27), MONTHLY, 1, True, date(2026, 3, 27)),  # it was none
    (date(2024, 2, 29), YEARLY, 1, False, date(2025, 2, 28)),
    (date(2024, 2, 29), YEARLY, 4, False, date(2028, 2, 29)),
    (date(2026, 12, 31), QUARTERLY, -1, True, date(2026, 9, 30)),
    (date(2026, 3, 2), FORTNIGHTLY, 3, False, date(2026, 4, 13)),
    (date(2026, 3, 2), Frequency(10, FrequencyUnit.DAY), -1, False, date(2026, 2, 20)),
]


@pytest.mark.parametrize(("anchor", "frequency", "count", "end_of_month", "rolled"), ROLLS)
def test_rolls_by_the_anchor(
    *, anchor: date, frequency: Frequency, count: int, end_of_month: bool, rolled: date
) -> None:
    assert roll(anchor, frequency, count, end_of_month=end_of_month) == rolled


@pytest.mark.parametrize(
    ("frequency", "per_year"),
    [
        (DAILY, Fraction(365)),
        (WEEKLY, Fraction(52)),
        (FORTNIGHTLY, Fraction(26)),
        (FOUR_WEEKLY, Fraction(13)),
        (MONTHLY, Fraction(12)),
        (TWO_MONTHLY, Fraction(6)),
        (QUARTERLY, Fraction(4)),
        (HALF_YEARLY, Fraction(2)),
        (YEARLY, Fraction(1)),
        (Frequency(2, FrequencyUnit.YEAR), Fraction(1, 2)),
        (Frequency(10, FrequencyUnit.DAY), Fraction(73, 2)),
    ],
)
def test_a_year_has_so_many_periods(frequency: Frequency, per_year: Fraction) -> None:
    assert periods_per_year(frequency) == per_year


def test_refuses_to_roll_what_has_no_length_or_leaves_the_calendar() -> None:
    with pytest.raises(FrequencyHasNoLength):
        roll(date(2026, 1, 1), AT_MATURITY, 1, end_of_month=False)
    with pytest.raises(FrequencyHasNoLength):
        periods_per_year(AT_MATURITY)
    for frequency in (MONTHLY, DAILY):
        with pytest.raises(DateOutOfRange):
            roll(date(9999, 12, 31), frequency, 1, end_of_month=False)
    with pytest.raises(FrequencyNotPositive) as refused:
        Frequency(0, FrequencyUnit.MONTH)
    assert refused.value.facts["count"] == 0


def test_due_dates_keep_the_day_of_the_first() -> None:
    assert due_dates(
        first_due_date=date(2026, 1, 31), maturity_date=date(2026, 5, 31), frequency=MONTHLY
    ) == (
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    )


def test_odd_days_before_maturity_stand_alone_or_join_the_last_period() -> None:
    dates = [
        due_dates(
            first_due_date=date(2026, 1, 15),
            maturity_date=date(2026, 3, 20),
            frequency=MONTHLY,
            final_stub=stub,
        )
        for stub in (StubKind.SHORT, StubKind.LONG)
    ]
    assert dates == [
        (date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 15), date(2026, 3, 20)),
        (date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 20)),
    ]


def test_the_first_due_date_agreed_is_never_joined_away() -> None:
    assert due_dates(
        first_due_date=date(2026, 1, 15),
        maturity_date=date(2026, 1, 20),
        frequency=MONTHLY,
        final_stub=StubKind.LONG,
    ) == (date(2026, 1, 15), date(2026, 1, 20))


def test_a_bullet_falls_due_once() -> None:
    maturity = date(2027, 6, 30)
    assert due_dates(first_due_date=maturity, maturity_date=maturity, frequency=AT_MATURITY) == (
        maturity,
    )


@pytest.mark.parametrize(
    ("interest_from", "first_due_date", "notional", "is_stub"),
    [
        # regular: one month before the first due date
        (date(2026, 1, 15), date(2026, 2, 15), (date(2026, 1, 15), date(2026, 2, 15)), False),
        # short
        (date(2026, 1, 20), date(2026, 2, 15), (date(2026, 1, 15), date(2026, 2, 15)), True),
        # long: a part of one regular period, and a whole one
        (
            date(2026, 1, 5),
            date(2026, 2, 15),
            (date(2025, 12, 15), date(2026, 1, 15), date(2026, 2, 15)),
            True,
        ),
    ],
)
def test_the_first_period_is_a_stub_where_the_dates_make_it_one(
    *,
    interest_from: date,
    first_due_date: date,
    notional: tuple[date, ...],
    is_stub: bool,
) -> None:
    first, second = interest_periods(
        interest_from=interest_from,
        first_due_date=first_due_date,
        maturity_date=date(2026, 3, 15),
        frequency=MONTHLY,
    )
    assert (first.start, first.end) == (interest_from, first_due_date)
    assert (first.notional_dates, first.is_stub) == (notional, is_stub)
    assert (second.number, second.is_stub) == (2, False)


@pytest.mark.parametrize(
    ("refusal", "interest_from", "first_due_date", "maturity_date", "frequency"),
    [
        (
            FirstDueDateBeforeInterest,
            date(2026, 2, 1),
            date(2026, 2, 1),
            date(2026, 3, 1),
            MONTHLY,
        ),
        (
            MaturityBeforeFirstDueDate,
            date(2026, 1, 1),
            date(2026, 2, 1),
            date(2026, 1, 31),
            MONTHLY,
        ),
        (
            FirstDueDateNotMaturity,
            date(2026, 1, 1),
            date(2026, 2, 1),
            date(2026, 3, 1),
            AT_MATURITY,
        ),
    ],
)
def test_refuses_dates_that_contradict_each_other(
    refusal: type[PeriodError],
    interest_from: date,
    first_due_date: date,
    maturity_date: date,
    frequency: Frequency,
) -> None:
    with pytest.raises(refusal) as refused:
        interest_periods(
            interest_from=interest_from,
            first_due_date=first_due_date,
            maturity_date=maturity_date,
            frequency=frequency,
        )
    assert refused.value.facts["first_due_date"] == first_due_date


def test_a_period_ends_after_it_starts_and_does_not_hold_its_end() -> None:
    with pytest.raises(PeriodEndsBeforeItStarts):
        Period(date(2026, 1, 1), date(2026, 1, 1))
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert period.days == 30
    assert date(2026, 1, 1) in period
    assert date(2026, 1, 31) not in period


def test_counted_due_dates_fall_on_the_day_agreed() -> None:
    starts = date(2022, 10, 17)
    firsts = [first_due_date_on(starts, due_day) for due_day in DueDay]
    assert firsts == [date(2022, 10, 17), date(2022, 11, 1), date(2022, 10, 31)]
    dates = due_dates_counted(
        first_due_date=firsts[2], instalments=5, frequency=MONTHLY, end_of_month=True
    )
    assert dates[1:] == (
        date(2022, 11, 30),
        date(2022, 12, 31),
        date(2023, 1, 31),
        date(2023, 2, 28),
    )
    assert due_dates_counted(first_due_date=starts, instalments=1, frequency=AT_MATURITY) == (
        starts,
    )
    with pytest.raises(NoInstalments):
        due_dates_counted(first_due_date=starts, instalments=0, frequency=MONTHLY)


# Laws -------------------------------------------------------------------------------------------

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
frequencies = st.builds(
    Frequency,
    st.integers(1, 24),
    st.sampled_from([unit for unit in FrequencyUnit if unit is not FrequencyUnit.AT_MATURITY]),
)


@given(days, frequencies, st.integers(-40, 40), st.booleans())
def test_a_roll_returns_to_the_anchor_unless_the_month_was_too_short(
    anchor: date,
    frequency: Frequency,
    count: int,
    end_of_month: bool,
) -> None:
    there = roll(anchor, frequency, count, end_of_month=end_of_month)
    back = roll(there, frequency, -count, end_of_month=end_of_month)
    if there.day == anchor.day or frequency.months is None:
        assert back == anchor or (end_of_month and is_last_of_month(there))
    else:
        assert is_last_of_month(there)
        assert back <= anchor or end_of_month


@given(days, frequencies, st.integers(1, 400), st.integers(0, 2000), st.sampled_from(StubKind))
def test_periods_are_a_chain_from_interest_to_maturity(
    interest_from: date, frequency: Frequency, before: int, term: int, stub: StubKind
) -> None:
    first_due_date = interest_from + timedelta(days=before)
    maturity_date = first_due_date + timedelta(days=term)
    periods = interest_periods(
        interest_from=interest_from,
        first_due_date=first_due_date,
        maturity_date=maturity_date,
        frequency=frequency,
        final_stub=stub,
    )
    assert periods[0].start == interest_from
    assert periods[0].end == first_due_date
    assert periods[-1].end == maturity_date
    assert [period.number for period in periods] == list(range(1, len(periods) + 1))
    for earlier, later in pairwise(periods):
        assert earlier.end == later.start
    for period in periods:
        assert period.start < period.end
        assert period.notional_dates[0] <= period.start < period.notional_dates[1]
        assert period.notional_dates[-2] < period.end <= period.notional_dates[-1]


@given(days, frequencies)
def test_a_regular_period_tells_its_frequency(start: date, frequency: Frequency) -> None:
    end = roll(start, frequency, 1, end_of_month=False)
    found = frequency_of(Period(start, end))
    assert roll(start, found, 1, end_of_month=False) == end or is_last_of_month(end)
