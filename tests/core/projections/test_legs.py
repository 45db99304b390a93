"""Two loans as one contract, worked by hand: 30.00 a quarter one way, another sum the other."""

from __future__ import annotations

from gbese.core.contracts.terms import Side
from gbese.core.projections.cash_flows import CashFlow, Deal, FlowKind, cash_flows
from gbese.core.projections.legs import flows_of_swapped_rates, flows_of_two_legs
from tests.core.loans import day, money
from tests.core.projections.test_cash_flows import bullet, facts, told

LENT = cash_flows(facts(bullet()), Side.LENDER)  # 1,000.00 at 12 %, by the quarter
OWED = cash_flows(facts(bullet(rate="0.20")), Side.BORROWER)  # the same at 20 %
PRICE = Deal(day("2026-07-01"), money("25.00").for_analysis())


def on(flows: tuple[CashFlow, ...], date: str) -> list[tuple[str, str, str, str]]:
    return [(row[1], *row[2:]) for row in told(flows) if row[0] == date]


def test_each_leg_is_listed_the_first_before_the_second() -> None:
    flows = flows_of_two_legs(LENT, OWED, is_netted=False)
    assert on(flows, "2026-04-01") == [
        ("interest", "30", "1000", "0"),
        ("interest", "-50", "-1000", "0"),
    ]
    assert len(flows) == len(LENT) + len(OWED)


def test_of_what_is_netted_the_difference_is_paid() -> None:
    flows = flows_of_two_legs(LENT, OWED, is_netted=True)
    assert on(flows, "2026-04-01") == [("interest", "-20", "0", "0")]
    assert on(flows, "2026-01-01") == [("drawdown", "0", "0", "0")]


def test_both_legs_end_at_one_price() -> None:
    flows = flows_of_two_legs(LENT, OWED, is_netted=False, sold=PRICE)
    assert on(flows, "2026-07-01")[-1] == ("termination", "25", "0", "0")
    assert flows[-1].kind is FlowKind.TERMINATION


def test_swapped_rates_exchange_no_principal() -> None:
    flows = flows_of_swapped_rates(LENT, OWED, is_netted=False)
    assert on(flows, "2026-01-01") == [("drawdown", "0", "1000", "0")]
    assert on(flows, "2026-04-01") == [
        ("fixed_interest", "30", "1000", "0"),
        ("floating_interest", "-50", "1000", "0"),
    ]
    assert on(flows, "2027-01-01")[-1] == ("maturity", "0", "0", "0")
    netted = flows_of_swapped_rates(LENT, OWED, is_netted=True)
    assert on(netted, "2026-04-01") == [("interest", "-20", "1000", "0")]


def test_a_price_for_swapped_rates_takes_the_place_of_what_the_legs_cost() -> None:
    deal = Deal(day("2026-02-01"), PRICE.price)
    lent = cash_flows(facts(bullet()), Side.LENDER, bought=deal, sold=PRICE)
    owed = cash_flows(facts(bullet(rate="0.20")), Side.BORROWER, bought=deal, sold=PRICE)
    flows = flows_of_swapped_rates(lent, owed, is_netted=True, bought=deal, sold=PRICE)
    assert on(flows, "2026-02-01") == [("purchase", "-25", "1000", "10")]
    assert on(flows, "2026-07-01")[-1] == ("termination", "25", "0", "0")
