"""Which rates solve flows: by hand, by property, and against an independent library."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.yields.effective import xirr
from gbese.core.yields.flows import (
    DatedFlow,
    TimedFlow,
    changes_of_sign,
    flows_by_days,
    flows_by_period,
    merged,
)
from gbese.core.yields.roots import (
    NoRateExists,
    SeveralRatesExist,
    in_per_cent,
    rates_solving,
    settled,
    smallest_rate_from_zero,
    sole_rate,
)

YEAR = Fraction(365)
START = date(2026, 1, 1)


def periodic(*amounts: str) -> tuple[TimedFlow, ...]:
    return flows_by_period([Fraction(amount) for amount in amounts])


def percents(flows: tuple[TimedFlow, ...]) -> list[str]:
    return [str(in_per_cent(rate, 6)) for rate in rates_solving(flows)]


@pytest.mark.parametrize(
    ("amounts", "rates"),
    [
        # 100 now for 110: a tenth
        (("-100", "110"), ["10.000000"]),
        # paid back exactly: nothing
        (("-100", "50", "50"), ["0.000000"]),
        # half is lost
        (("-100", "50"), ["-50.000000"]),
        # (v - 1/1.1)(v - 1/1.2) x 132 = 132 v2 - 230 v + 100: 10 % and 20 %
        (("100", "-230", "132"), ["10.000000", "20.000000"]),
        # (v - 1/1.1)(v - 1/1.2)(v - 1/1.3), times 1716: three of them
        (("-1000", "3600", "-4310", "1716"), ["10.000000", "20.000000", "30.000000"]),
        # (1.1 v - 1)^2 = 1.21 v2 - 2.2 v + 1 touches zero at 10 % and does not cross it
        (("100", "-220", "121"), ["10.000000"]),
        # 1 - 2 v + 1.5 v2 has a negative discriminant
        (("100", "-200", "150"), []),
        # only one direction
        (("100", "50"), []),
        (("0", "0"), []),
        ((), []),
    ],
)
def test_all_rates_are_found(amounts: tuple[str, ...], rates: list[str]) -> None:
    assert percents(periodic(*amounts)) == rates


def test_none_is_refused() -> None:
    with pytest.raises(NoRateExists):
        sole_rate(periodic("100", "-200", "150"))


def test_several_are_refused_and_told() -> None:
    with pytest.raises(SeveralRatesExist) as refused:
        sole_rate(periodic("100", "-230", "132"))
    assert refused.value.facts["rates"] == (Decimal("0.100000"), Decimal("0.200000"))


def test_the_smallest_not_below_zero() -> None:
    assert settled(smallest_rate_from_zero(periodic("100", "-230", "132")), 6) == Decimal("0.1")
    assert settled(smallest_rate_from_zero(periodic("-100", "100")), 6) == 0
    with pytest.raises(NoRateExists):
        smallest_rate_from_zero(periodic("-100", "50"))


def test_an_odd_part_costs_simple_interest() -> None:
    """100 grows by half a period of simple interest: 1 + i / 2 = 1.05, so i = 10 %."""
    flows = [
        TimedFlow(Fraction(-100), Fraction(0)),
        TimedFlow(Fraction(105), Fraction(0), Fraction(1, 2)),
    ]
    assert settled(sole_rate(flows), 20) == Decimal("0.1")


def test_what_cancels_at_a_moment_is_no_flow() -> None:
    flows = periodic("-100", "110")
    doubled = [*flows, TimedFlow(Fraction(7), Fraction(3)), TimedFlow(Fraction(-7), Fraction(3))]
    assert merged(doubled) == flows
    assert changes_of_sign(merged(doubled)) == 1


@pytest.mark.parametrize(
    ("figure", "decimals", "told"),
    [
        ("12.65", 1, "12.7"),
        ("12.6499999999999999999999999999999999", 1, "12.7"),  # the solver's last digits
        ("12.6499", 1, "12.6"),
        ("-0.05", 1, "-0.1"),
        ("13", 1, "13.0"),
    ],
)
def test_a_half_goes_up(figure: str, decimals: int, told: str) -> None:
    assert str(settled(Decimal(figure), decimals)) == told


amounts = st.integers(min_value=1, max_value=10**9)


@st.composite
def loans(draw: st.DrawFn) -> list[DatedFlow]:
    """Money that goes out once and comes back in parts over the years."""
    parts = draw(st.lists(st.tuples(st.integers(1, 4000), amounts), min_size=1, max_size=24))
    lent = draw(amounts)
    return [
        DatedFlow(START, Fraction(-lent)),
        *(DatedFlow(START + timedelta(days=days), Fraction(paid)) for days, paid in parts),
    ]


@given(loans())
def test_a_loan_has_one_rate_at_most_and_it_solves(flows: list[DatedFlow]) -> None:
    rates = rates_solving(flows_by_days(flows, days_in_year=YEAR))
    assert len(rates) <= 1
    for rate in rates:
        worth = sum(
            Decimal(int(flow.amount)) * (-(1 + rate).ln() * (flow.day - START).days / 365).exp()
            for flow in flows
        )
        paid = sum(Decimal(int(abs(flow.amount))) for flow in flows)
        assert abs(worth) <= Decimal("1E-10") * paid * max(1, (1 + rate) ** -11)


@given(loans())
def test_another_library_finds_the_same(flows: list[DatedFlow]) -> None:
    theirs = pyxirr.xirr([flow.day for flow in flows], [int(flow.amount) for flow in flows])
    rates = rates_solving(flows_by_days(flows, days_in_year=YEAR))
    if theirs is None or not -0.99 < theirs < 100:  # beyond, its binary digits give out
        return
    assert [abs(rate - Decimal(theirs)) < Decimal("1E-6") * (1 + rate) for rate in rates] == [True]


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=8))
def test_there_are_no_more_rates_than_turns(figures: list[int]) -> None:
    flows = flows_by_period([Fraction(figure) for figure in figures])
    turns = changes_of_sign(merged(flows))
    rates = rates_solving(flows)
    assert len(rates) <= turns
    for rate in rates:
        value, size = Decimal(0), Decimal(0)
        for number, figure in enumerate(figures):
            value += figure * (1 + rate) ** -number
            size += abs(figure) * (1 + rate) ** -number
        assert abs(value) <= Decimal("1E-20") * size


@given(loans(), st.integers(2, 1000))
def test_the_rate_does_not_depend_on_the_size(flows: list[DatedFlow], times: int) -> None:
    larger = [DatedFlow(flow.day, flow.amount * -times) for flow in flows]
    one, other = (rates_solving(flows_by_days(each, days_in_year=YEAR)) for each in (flows, larger))
    assert [settled(rate, 20) for rate in one] == [settled(rate, 20) for rate in other]


def test_dated_flows_count_actual_days() -> None:
    """By hand: 1.1 after 730 days is the square root of it a year."""
    flows = [DatedFlow(START, Fraction(-100)), DatedFlow(date(2028, 1, 1), Fraction(110))]
    assert str(in_per_cent(xirr(flows, days_in_year=YEAR), 6)) == "4.880885"
