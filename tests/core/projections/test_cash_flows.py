"""What an analyst reads off a contract: its events in order, the state after each, both sides."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.business_days import EVERY_DAY
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import QUARTERLY
from gbese.core.contracts.analysis import for_analysis
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    RateTerms,
    ScheduleKind,
    Side,
    Terms,
)
from gbese.core.money import Money
from gbese.core.projections.cash_flows import CashFlow, Deal, FlowKind, Index, cash_flows
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.rates.reference import Fixing, Fixings
from gbese.core.servicing.events import Component, Drawn
from tests.core.loans import day, money, terms_of


def bullet(**more: object) -> Terms:
    """1,000.00 at 12 % in months of thirty days, by the quarter from 1 January 2026, for a year."""
    return terms_of(
        "1,000.00",
        more.pop("rate", "0.12"),  # type: ignore[arg-type]
        start="2026-01-01",
        first_due="2026-04-01",
        maturity="2027-01-01",
        frequency=QUARTERLY,
        kind=more.pop("kind", ScheduleKind.BULLET),  # type: ignore[arg-type]
        day_count=DayCount.THIRTY_E_360,
        **more,
    )


def facts(terms: Terms, fixings: Fixings | None = None) -> LoanFacts:
    analysed = for_analysis(terms)
    drawn = Drawn(number=1, value_date=day("2026-01-01"), amount=analysed.principal)
    shared = SharedFacts(calendar=EVERY_DAY, fixings=fixings)
    return LoanFacts(terms=analysed, events=(drawn,), shared=shared)


def told(flows: tuple[CashFlow, ...]) -> list[tuple[str, str, str, str, str]]:
    def plain(minor: int) -> str:
        currency = money("1.00").currency.for_analysis()
        return format(Money(minor, currency).amount.normalize(), "f")

    return [
        (
            flow.day.isoformat(),
            flow.kind,
            *map(plain, (flow.amount, flow.outstanding, flow.accrued)),
        )
        for flow in flows
    ]


def test_a_bullet_seen_by_the_lender() -> None:
    """30.00 a quarter."""
    assert told(cash_flows(facts(bullet()), Side.LENDER)) == [
        ("2026-01-01", "drawdown", "-1000", "1000", "0"),
        ("2026-04-01", "interest", "30", "1000", "0"),
        ("2026-07-01", "interest", "30", "1000", "0"),
        ("2026-10-01", "interest", "30", "1000", "0"),
        ("2027-01-01", "interest", "30", "1000", "0"),
        ("2027-01-01", "maturity", "1000", "0", "0"),
    ]


def test_the_borrower_sees_the_same_with_the_other_sign() -> None:
    lent = cash_flows(facts(bullet()), Side.LENDER)
    borrowed = cash_flows(facts(bullet()), Side.BORROWER)
    assert [(flow.day, flow.kind, -flow.amount, -flow.outstanding) for flow in borrowed] == [
        (flow.day, flow.kind, flow.amount, flow.outstanding) for flow in lent
    ]


def test_principal_comes_before_the_interest_of_its_day() -> None:
    """250.00 a quarter; the interest of the quarter is still accrued when principal is paid."""
    flows = cash_flows(facts(bullet(kind=ScheduleKind.LINEAR)), Side.LENDER)
    assert told(flows)[1:4] == [
        ("2026-04-01", "principal", "250", "750", "30"),
        ("2026-04-01", "interest", "30", "750", "0"),
        ("2026-07-01", "principal", "250", "500", "22.5"),
    ]


def test_a_third_of_a_minor_unit_is_not_rounded() -> None:
    """100.00 at 1 % for one night of 360: a 360th of one."""
    terms = terms_of(
        "100.00",
        "0.01",
        start="2026-01-01",
        first_due="2026-01-02",
        maturity="2026-01-02",
        kind=ScheduleKind.BULLET,
        day_count=DayCount.ACT_360,
    )
    interest = cash_flows(facts(terms), Side.LENDER)[1]
    assert abs(Fraction(interest.amount, 10**24) - Fraction(1, 360)) < Fraction(1, 10**23)


def test_a_discount_is_kept_back() -> None:
    discount = FeeTerms(
        fee_kind="discount", timing=FeeTiming.WITHHELD_AT_DRAWDOWN, amount=money("50.00")
    )
    first = cash_flows(facts(bullet(fees=(discount,))), Side.LENDER)[0]
    assert (first.kind, first.amount) == (FlowKind.DRAWDOWN, -950 * 10**24)


def test_interest_that_joins_principal_moves_no_money() -> None:
    flows = cash_flows(facts(bullet(capitalises_until=day("2026-04-01"))), Side.LENDER)
    assert told(flows)[1:3] == [
        ("2026-04-01", "capitalisation", "0", "1030", "0"),
        ("2026-07-01", "interest", "30.9", "1030", "0"),
    ]


def test_a_reset_stands_among_the_events_with_the_rate_after_it() -> None:
    series = Fixings("REF", "made up", (Fixing(day("2026-05-01"), Decimal("0.22")),), 366)
    rate = RateTerms(
        fixed=Decimal("0.12"),
        reference="REF",
        margin=Decimal("0.02"),
        resets=Cycle(day("2026-05-01"), QUARTERLY),
    )
    flows = cash_flows(facts(bullet(rate=rate), series), Side.LENDER)
    assert told(flows)[2:4] == [
        ("2026-05-01", "rate_reset", "0", "1000", "10"),
        ("2026-07-01", "interest", "50", "1000", "0"),
    ]
    assert [flow.rate for flow in flows[1:3]] == [Decimal("0.12"), Decimal("0.24")]


def test_a_contract_bought_and_sold_again() -> None:
    """Bought on 1 February for 990.00 and the 10.00 accrued; sold on 1 June for 1,005.00 and 20.00;
    at the end of that day a day's interest more is in it, a third of one."""
    bought = Deal(day("2026-02-01"), money("990.00").for_analysis())
    sold = Deal(day("2026-06-01"), money("1,005.00").for_analysis())
    flows = cash_flows(facts(bullet()), Side.LENDER, bought=bought, sold=sold)
    assert told(flows) == [
        ("2026-02-01", "purchase", "-1000", "1000", "10"),
        ("2026-04-01", "interest", "30", "1000", "0"),
        ("2026-06-01", "termination", "1025", "0", "0"),
    ]
    late = Deal(sold.on, sold.price, counts_day=True)
    last = cash_flows(facts(bullet()), Side.LENDER, sold=late)[-1]
    assert abs(Fraction(last.amount, 10**24) - 1025 - Fraction(1, 3)) < Fraction(1, 10**20)


def test_called_money_is_settled_and_not_matured() -> None:
    flows = cash_flows(facts(bullet()), Side.LENDER, called_on=day("2026-12-01"))
    assert told(flows)[-3:] == [
        ("2026-12-01", "call", "0", "1000", "20"),
        ("2027-01-01", "interest", "30", "1000", "0"),
        ("2027-01-01", "settlement", "1000", "0", "0"),
    ]


def test_payments_follow_an_index_and_the_debt_does_not() -> None:
    """The level doubles on 1 May; what is paid from July on is doubled, principal alone if agreed."""
    index = Index(
        rows=(Fixing(day("2026-01-01"), Decimal(100)), Fixing(day("2026-04-20"), Decimal(200))),
        at_signing=Fraction(100),
        cycle=Cycle(day("2026-05-01"), QUARTERLY),
        scales=frozenset({Component.PRINCIPAL}),
    )
    flows = cash_flows(facts(bullet(kind=ScheduleKind.LINEAR)), Side.LENDER, index=index)
    assert told(flows)[1:6] == [
        ("2026-04-01", "principal", "250", "750", "30"),
        ("2026-04-01", "interest", "30", "750", "0"),
        ("2026-05-01", "index_read", "0", "750", "7.5"),
        ("2026-07-01", "principal", "500", "500", "22.5"),
        ("2026-07-01", "interest", "22.5", "500", "0"),
    ]


def test_the_loan_of_the_books_may_be_read_too() -> None:
    """Whole minor units, and what was paid early among the events."""
    terms = bullet()
    drawn = Drawn(number=1, value_date=day("2026-01-01"), amount=terms.principal)
    flows = cash_flows(
        LoanFacts(terms=terms, events=(drawn,), shared=SharedFacts(calendar=EVERY_DAY)), Side.LENDER
    )
    assert [flow.amount for flow in flows] == [-1000_00, 30_00, 30_00, 30_00, 30_00, 1000_00]
