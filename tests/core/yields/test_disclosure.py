"""The yearly cost of a loan read off its projection, as each country tells it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from gbese.apps.rates.shipped_rules import yearly_cost_rules
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import QUARTERLY
from gbese.core.contracts.terms import FeeTerms, FeeTiming, ScheduleKind, Terms
from gbese.core.servicing.events import SurplusUse
from gbese.core.yields.disclosure import (
    YearlyCost,
    effective_rate,
    planned_flows,
    yearly_cost,
)
from gbese.core.yields.roots import NoRateExists
from gbese.core.yields.rules import YearlyCostMethod, method_in
from tests.core.loans import Story, money, penalty_of, terms_of

RULES = yearly_cost_rules()


def e23() -> Terms:
    """600,000.00 at 3 % a month, six level payments of 110,758.50, 12,000.00 withheld."""
    return terms_of(
        "600,000.00",
        "0.36",
        start="2026-01-15",
        first_due="2026-02-15",
        maturity="2026-07-15",
        day_count=DayCount.EQUAL_PERIODS,
        fees=(
            FeeTerms(
                fee_kind="arrangement",
                timing=FeeTiming.WITHHELD_AT_DRAWDOWN,
                amount=money("12,000.00"),
            ),
        ),
    )


def flows_of(story: Story) -> list[tuple[str, int]]:
    return [(flow.day.isoformat(), int(flow.amount)) for flow in planned_flows(story.projection)]


def cost_in(country: str, story: Story) -> YearlyCost:
    return yearly_cost(
        planned_flows(story.projection),
        country=country,
        signed_on=story.terms.signed_on,
        rules=RULES,
    )


def test_flows_are_drawings_fees_and_instalments() -> None:
    assert flows_of(Story(e23()).drawn("2026-01-15")) == [
        ("2026-01-15", 600_000_00),
        ("2026-01-15", -12_000_00),
        ("2026-02-15", -110_758_50),
        ("2026-03-15", -110_758_50),
        ("2026-04-15", -110_758_50),
        ("2026-05-15", -110_758_50),
        ("2026-06-15", -110_758_50),
        ("2026-07-15", -110_758_51),
    ]


def test_payments_in_time_change_no_flow() -> None:
    paid = Story(e23()).drawn("2026-01-15").paid("2026-02-15", "110,758.50")
    assert flows_of(paid) == flows_of(Story(e23()).drawn("2026-01-15"))


def test_what_is_repaid_early_is_a_flow_of_its_day() -> None:
    story = Story(e23()).drawn("2026-01-15")
    story.paid("2026-02-15", "210,758.50", SurplusUse.KEEP_TERM)
    flows = flows_of(story)
    assert ("2026-02-15", -100_000_00) in flows
    principal = 600_000_00 - sum(row.principal for row in story.projection.plan)
    assert principal == 100_000_00


def test_a_penalty_is_no_cost_of_the_loan() -> None:
    terms = terms_of(
        "300.00",
        "0",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-04-01",
        kind=ScheduleKind.LINEAR,
        penalty=penalty_of((1, "0.01")),
    )
    late = Story(terms).drawn("2026-01-01").paid("2026-03-20", "100.00")
    assert sum(amount for _, amount in flows_of(late)) == 0


def test_a_loan_taken_over_is_counted_from_then() -> None:
    """By hand: 100.00 and 1.00 of interest taken over, 20.00 of it late; nothing is earned."""
    terms = terms_of(
        "300.00",
        "0",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-04-01",
        kind=ScheduleKind.LINEAR,
    )
    story = Story(terms).opened(
        "2026-02-10",
        "100.00",
        principal_overdue="20.00",
        interest_overdue="1.00",
        overdue_since="2026-02-01",
    )
    assert flows_of(story) == [
        ("2026-02-10", 100_00),
        ("2026-02-10", 1_00),
        ("2026-02-10", -1_00),
        ("2026-02-10", -20_00),
        ("2026-03-01", -40_00),
        ("2026-04-01", -40_00),
    ]


@pytest.mark.parametrize(
    ("country", "method", "told"),
    [
        # 3.612906 % a month (E23): times twelve, and compounded
        ("NG", YearlyCostMethod.KEY_FACTS, "0.4335"),
        ("RU", YearlyCostMethod.PSK, "0.43355"),
        ("US", YearlyCostMethod.APR_US, "0.4335"),
        ("FR", YearlyCostMethod.APR_EU, "0.531"),
    ],
)
def test_each_country_by_its_method(country: str, method: YearlyCostMethod, told: str) -> None:
    """In equal months: 12 x 3.612906 % = 43.354872 %; 1.03612906^12 - 1 = 53.0968 %."""
    cost = cost_in(country, Story(e23()).drawn("2026-01-15"))
    assert (cost.method, str(cost.disclosed_rate)) == (method, told)


def test_a_country_without_a_method_has_the_plain_rate() -> None:
    cost = cost_in("ZZ", Story(e23()).drawn("2026-01-15"))
    assert cost.method is method_in("ZZ") is YearlyCostMethod.XIRR
    assert cost.disclosed_rate == cost.effective_rate
    growth = 1 + cost.effective_rate
    worth = sum(
        flow.amount * Fraction(growth ** (Decimal((date(2026, 1, 15) - flow.day).days) / 365))
        for flow in planned_flows(Story(e23()).drawn("2026-01-15").projection)
    )
    assert abs(worth) < 30_00  # of 600,000.00: the rate is rounded to a hundredth of a per cent


def test_a_loan_that_nobody_has_drawn_has_no_rate() -> None:
    story = Story(e23())
    assert planned_flows(story.projection) == ()
    assert effective_rate((), signed_on=story.terms.signed_on, rules=RULES) is None
    with pytest.raises(NoRateExists):
        cost_in("NG", story)


def test_a_loan_on_demand_has_no_rate() -> None:
    terms = terms_of(
        "100.00",
        "0.12",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity=None,
        kind=ScheduleKind.ON_DEMAND,
    )
    story = Story(terms, open_ended_until="2026-12-31").drawn("2026-01-01")
    assert planned_flows(story.projection) == ()


def test_interest_that_joins_principal_is_paid_with_it() -> None:
    """E41: 800,000.00 at 20 %; 39,452.05 and 41,857.61 join principal and are paid at the end, with
    two quarters' interest of 92 days on 881,309.66: 44,427.67 each."""
    terms = terms_of(
        "800,000.00",
        "0.20",
        start="2026-01-01",
        first_due="2026-04-01",
        maturity="2027-01-01",
        frequency=QUARTERLY,
        kind=ScheduleKind.BULLET,
        capitalises_until=date(2026, 7, 1),
    )
    assert flows_of(Story(terms).drawn("2026-01-01")) == [
        ("2026-01-01", 800_000_00),
        ("2026-10-01", -44_427_67),
        ("2027-01-01", -925_737_33),
    ]


def test_rules_go_by_the_day_of_signing() -> None:
    """Three decimals in Russia since July 2014; before, the house's two."""
    assert RULES.printing("RU", signed_on=date(2014, 6, 30)) == 2
    assert RULES.printing("RU", signed_on=date(2014, 7, 1)) == 3
    assert RULES.printing("DE", signed_on=date(2026, 1, 1)) == 1
