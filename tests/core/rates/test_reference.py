"""Reference rates: which value holds on a day, and what a floating loan costs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import Calendar, NoBusinessDay
from gbese.core.calendars.day_counts import DayCount, year_fraction
from gbese.core.calendars.periods import Period
from gbese.core.money import Currency, Rounding, round_money
from gbese.core.rates.reference import (
    Fixing,
    FixingMissing,
    Fixings,
    FixingsOutOfOrder,
    FloorAboveCap,
    floating_rate,
    reset_date,
)

KZT = Currency("KZT", 2)
MARGIN, FLOOR, CAP = Decimal("0.04"), Decimal("0.20"), Decimal("0.27")

# Worked example "Floating rate with floor and cap".
FIXINGS = Fixings(
    series="BASE",
    source="the bank's site",
    rows=(
        Fixing(date(2026, 1, 20), Decimal("0.2200")),
        Fixing(date(2026, 2, 17), Decimal("0.2375")),
    ),
    max_age_days=45,
)
FIRST, SECOND = (
    Period(date(2026, 1, 20), date(2026, 2, 20)),
    Period(date(2026, 2, 20), date(2026, 3, 20)),
)


def cost_on(day: date) -> Decimal:
    reference = FIXINGS.rate_on(day).rate
    return floating_rate(reference, margin=MARGIN, floor=FLOOR, cap=CAP)


def interest(*parts: tuple[date, date, Decimal]) -> str:
    unrounded = sum(
        (
            1_000_000 * Fraction(rate) * year_fraction(DayCount.ACT_365F, start, end)
            for start, end, rate in parts
        ),
        Fraction(),
    )
    return round_money(unrounded, KZT, Rounding.HALF_UP).plain()


def test_a_period_costs_what_was_fixed_at_its_start() -> None:
    assert (cost_on(FIRST.start), cost_on(SECOND.start)) == (Decimal("0.26"), Decimal("0.27"))
    assert interest((FIRST.start, FIRST.end, cost_on(FIRST.start))) == "22082.19"
    assert interest((SECOND.start, SECOND.end, cost_on(SECOND.start))) == "20712.33"


def test_a_new_fixing_counts_from_its_day_where_that_is_agreed() -> None:
    (change,) = FIXINGS.changes_within(FIRST)
    assert change.valid_on == date(2026, 2, 17)
    assert (
        interest(
            (FIRST.start, change.valid_on, cost_on(FIRST.start)),
            (change.valid_on, FIRST.end, cost_on(change.valid_on)),
        )
        == "22164.38"
    )
    assert FIXINGS.changes_within(SECOND) == ()


@pytest.mark.parametrize(
    ("reference", "cost"),
    [
        ("0.15", "0.20"),  # the floor
        ("0.16", "0.20"),
        ("0.17", "0.21"),
        ("0.23", "0.27"),
        ("0.2375", "0.27"),  # the cap
        ("-0.01", "0.20"),
    ],
)
def test_reference_plus_margin_stays_between_floor_and_cap(reference: str, cost: str) -> None:
    assert floating_rate(Decimal(reference), margin=MARGIN, floor=FLOOR, cap=CAP) == Decimal(cost)


def test_a_negative_reference_lowers_the_rate_where_no_floor_is_agreed() -> None:
    assert floating_rate(Decimal("-0.05"), margin=MARGIN) == Decimal("-0.01")


def test_refuses_a_floor_above_the_cap() -> None:
    with pytest.raises(FloorAboveCap):
        floating_rate(Decimal("0.22"), margin=MARGIN, floor=CAP, cap=FLOOR)


def test_the_last_value_stands_in_until_it_is_too_old() -> None:
    assert FIXINGS.rate_on(date(2026, 4, 3)).valid_on == date(2026, 2, 17)  # 45 days
    with pytest.raises(FixingMissing) as refused:
        FIXINGS.rate_on(date(2026, 4, 4))
    assert refused.value.facts == {
        "series": "BASE",
        "day": date(2026, 4, 4),
        "last_valid_on": date(2026, 2, 17),
        "max_age_days": 45,
    }


def test_refuses_a_day_before_the_first_value() -> None:
    with pytest.raises(FixingMissing) as refused:
        FIXINGS.rate_on(date(2026, 1, 19))
    assert refused.value.facts["last_valid_on"] is None


@pytest.mark.parametrize(
    ("later", "hole"),
    [
        (date(2026, 2, 1), None),  # the 31st is the last day of the earlier value
        (date(2026, 2, 2), (date(2026, 2, 1), date(2026, 2, 2))),
        (date(2026, 3, 20), (date(2026, 2, 1), date(2026, 3, 20))),
    ],
)
def test_days_on_which_a_value_is_too_old_are_a_hole(
    later: date, hole: tuple[date, date] | None
) -> None:
    rows = (Fixing(date(2026, 1, 1), Decimal("0.1")), Fixing(later, Decimal("0.2")))
    found = Fixings("BASE", "", rows, 30)
    assert found.holes == ((Period(*hole),) if hole else ())
    for period in found.holes:
        assert found.rate_on(period.start - timedelta(days=1)) == rows[0]
        with pytest.raises(FixingMissing):
            found.rate_on(period.start)
        with pytest.raises(FixingMissing):
            found.rate_on(period.end - timedelta(days=1))
        assert found.rate_on(period.end) == rows[1]


def test_the_horizon_is_the_last_day_the_publisher_has_spoken_for() -> None:
    assert FIXINGS.horizon == date(2026, 2, 17)
    assert Fixings("BASE", "", (), 45).horizon is None
    until_the_next_meeting = Fixings("BASE", "", FIXINGS.rows, 45, known_to=date(2026, 4, 1))
    assert until_the_next_meeting.horizon == date(2026, 4, 1)


def test_refuses_fixings_that_do_not_ascend() -> None:
    with pytest.raises(FixingsOutOfOrder):
        Fixings("BASE", "", (FIXINGS.rows[0], FIXINGS.rows[0]), 45)


def test_a_reset_looks_business_days_back() -> None:
    weekends = Calendar("weekends")
    monday = date(2026, 3, 2)
    assert reset_date(monday, lag_business_days=0, calendar=weekends) == monday
    assert reset_date(monday, lag_business_days=2, calendar=weekends) == date(2026, 2, 26)
    with pytest.raises(NoBusinessDay):
        reset_date(
            monday, lag_business_days=1, calendar=Calendar("shut", weekend=frozenset(range(7)))
        )


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2024, 12, 31)), min_size=1, unique=True),
    st.dates(date(2020, 1, 1), date(2024, 12, 31)),
)
def test_the_value_on_a_day_is_the_latest_published_by_then(days: list[date], day: date) -> None:
    rows = tuple(Fixing(valid_on, Decimal(valid_on.toordinal())) for valid_on in sorted(days))
    fixings = Fixings("OWN", "", rows, max_age_days=10_000)
    published = [row for row in rows if row.valid_on <= day]
    if published:
        assert fixings.rate_on(day) == published[-1]
    else:
        with pytest.raises(FixingMissing):
            fixings.rate_on(day)
    period = Period(day, day + timedelta(days=90))
    assert fixings.changes_within(period) == tuple(
        row for row in rows if period.start < row.valid_on < period.end
    )
