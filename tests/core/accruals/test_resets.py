"""When terms give a loan another rate, and what it comes to; by hand from made-up series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from gbese.core.accruals.resets import RateReset, rate_resets
from gbese.core.calendars.business_days import EVERY_DAY, BusinessDayConvention, Calendar
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.frequencies import AT_MATURITY, QUARTERLY
from gbese.core.contracts.terms import RateStep, RateTerms, ScheduleKind
from gbese.core.rates.reference import Fixing, Fixings
from tests.core.loans import day, terms_of

SERIES = Fixings(
    "REF",
    "made up",
    tuple(
        Fixing(day(on), Decimal(rate))
        for on, rate in [
            ("2026-03-27", "0.10"),
            ("2026-04-01", "0.11"),
            ("2026-07-01", "0.20"),
            ("2026-10-01", "0.05"),
        ]
    ),
    366,
)
QUARTERS = Cycle(day("2026-04-01"), QUARTERLY)
AGREED = RateTerms(fixed=Decimal("0.08"), reference="REF", margin=Decimal("0.02"), resets=QUARTERS)


def resets(
    rate: RateTerms,
    *,
    fixings: Fixings | None = SERIES,
    calendar: Calendar = EVERY_DAY,
    **more: bool,
) -> list[tuple[str, str]]:
    terms = terms_of(
        "100.00",
        rate,
        start="2026-01-01",
        first_due="2026-04-01",
        maturity="2027-01-01",
        frequency=QUARTERLY,
        kind=ScheduleKind.BULLET,
        business_days=BusinessDayConvention.FOLLOWING,
        **more,
    )
    found = rate_resets(terms, fixings, calendar, last_day=date(2027, 1, 1))
    return [(reset.day.isoformat(), format(reset.rate, "f")) for reset in found]


def test_each_reset_takes_the_reference_and_the_margin() -> None:
    assert resets(AGREED) == [
        ("2026-04-01", "0.13"),
        ("2026-07-01", "0.22"),
        ("2026-10-01", "0.07"),
    ]


def test_a_multiplier_a_floor_and_a_cap_of_the_whole_loan() -> None:
    rate = replace(AGREED, multiplier=Decimal(2), floor=Decimal("0.15"), cap=Decimal("0.40"))
    assert [told for _, told in resets(rate)] == ["0.24", "0.40", "0.15"]


def test_one_reset_moves_the_rate_only_so_far() -> None:
    rate = replace(AGREED, rise_max=Decimal("0.03"), fall_max=Decimal("0.01"))
    assert [told for _, told in resets(rate)] == ["0.11", "0.14", "0.13"]


def test_the_next_reset_may_be_known() -> None:
    terms = replace(AGREED, next_reset_rate=Decimal("0.06"))
    assert resets(terms)[0] == ("2026-04-01", "0.06")
    assert resets(terms)[1] == ("2026-07-01", "0.22")


def test_a_lag_looks_at_the_fixing_of_business_days_before() -> None:
    """Two business days before Wednesday 1 April is Monday 30 March: the value of the 27th."""
    lagged = replace(AGREED, reset_lag_days=2)
    assert resets(lagged, calendar=Calendar("WE"))[0] == ("2026-04-01", "0.12")


def test_nothing_published_leaves_the_rate_as_it_is() -> None:
    assert [told for _, told in resets(AGREED, fixings=None)] == ["0.08"] * 3


def test_resets_move_with_the_periods_and_look_at_the_agreed_day() -> None:
    """Saturday 4 July moves to Monday the 6th; the value looked at is that of the 4th."""
    rate = replace(AGREED, resets=Cycle(day("2026-07-04"), AT_MATURITY))
    assert resets(rate, calendar=Calendar("WE"), adjusts_periods=True) == [("2026-07-06", "0.22")]
    assert resets(rate, calendar=Calendar("WE")) == [("2026-07-04", "0.22")]


def test_steps_give_a_rate_or_another_margin() -> None:
    steps = (
        RateStep(day("2026-02-15"), rate=Decimal("0.05")),
        RateStep(day("2026-07-01"), margin=Decimal("0.01")),
    )
    assert resets(replace(AGREED, steps=steps)) == [
        ("2026-02-15", "0.05"),
        ("2026-04-01", "0.13"),
        ("2026-07-01", "0.21"),
        ("2026-10-01", "0.06"),
    ]


def test_what_was_agreed_beforehand_is_told_apart() -> None:
    steps = (RateStep(day("2026-02-15"), rate=Decimal("0.05")),)
    terms = terms_of(
        "100.00",
        replace(AGREED, steps=steps),
        start="2026-01-01",
        first_due="2026-04-01",
        maturity="2026-05-01",
    )
    assert rate_resets(terms, SERIES, EVERY_DAY, last_day=day("2026-05-01")) == (
        RateReset(day("2026-02-15"), Decimal("0.05"), looked_at=None),
        RateReset(day("2026-04-01"), Decimal("0.13"), looked_at=day("2026-04-01")),
    )
