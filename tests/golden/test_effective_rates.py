"""What a loan costs a year, by each method of disclosure: worked examples, at the printed figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from gbese.apps.rates.shipped_rules import yearly_cost_rules
from gbese.core.amortised_cost.effective_interest import growth_over
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY, add_months
from gbese.core.rates.nominal import (
    effective_rate,
    nominal_rate_of_effective,
    periodic_rate_of_effective,
    rate_of_discount,
)
from gbese.core.yields.actuarial import apr_us, base_period, psk
from gbese.core.yields.effective import apr_eu, key_facts, xirr
from gbese.core.yields.flows import DatedFlow, TimedFlow, flows_by_period
from gbese.core.yields.intervals import UnitKind, UnitPeriod
from gbese.core.yields.roots import in_per_cent, sole_rate
from tests.core.loans import KZT, Story, terms_of

YEAR = Fraction(365)
SIGNED = date(2026, 2, 10)


def monthly(received: str, payments: list[str], *, start: date = SIGNED) -> list[DatedFlow]:
    """An advance and payments on the same day of each following month."""
    return [
        DatedFlow(start, Fraction(received)),
        *(
            DatedFlow(add_months(start, number, day=start.day), -Fraction(payment))
            for number, payment in enumerate(payments, start=1)
        ),
    ]


def printed(rate: Decimal, country: str) -> str:
    return str(in_per_cent(rate, yearly_cost_rules().printing(country, signed_on=SIGNED)))


def test_e07_true_cost_of_a_flat_rate() -> None:
    """E07. 300,000.00 for six instalments of 59,000.00: 4.944301 % a month, 59.3316 % nominal,
    78.4458 % effective; after the third, 160,839.47 is outstanding at that rate."""
    amounts = [Fraction(-300_000), *[Fraction(59_000)] * 6]
    month = sole_rate(flows_by_period(amounts))
    assert str(in_per_cent(month, 6)) == "4.944301"
    assert str(in_per_cent(12 * month, 4)) == "59.3316"
    assert str(in_per_cent((1 + month) ** 12 - 1, 4)) == "78.4458"
    settlement = sum(Fraction(59_000) / (1 + Fraction(month)) ** number for number in (1, 2, 3))
    assert round(settlement, 2) == Fraction("160839.47")


def test_e16_rate_conversions() -> None:
    assert str(in_per_cent(effective_rate(Decimal("0.24"), 12), 4)) == "26.8242"
    assert str(in_per_cent(effective_rate(Decimal("0.24"), 4), 4)) == "26.2477"
    assert str(in_per_cent(periodic_rate_of_effective(Decimal("0.30"), 12), 6)) == "2.210445"
    assert str(in_per_cent(nominal_rate_of_effective(Decimal("0.30"), 12), 4)) == "26.5253"
    assert str(in_per_cent(effective_rate(Decimal("1.095"), 365), 2)) == "198.43"
    assert str(in_per_cent(rate_of_discount(Decimal("0.20"), 1), 4)) == "25.0000"


def test_e17_apr_of_the_european_union() -> None:
    """E17. (a) 1,200.00 for 1,000.00 after 546 days, over 365; (b) 36 payments of 265.00 for
    8,000.00 less a fee of 120.00, in equal months."""
    single = sole_rate(
        [
            TimedFlow(Fraction(1000), Fraction(0)),
            TimedFlow(Fraction(-1200), Fraction(546, 365)),
        ]
    )
    assert str(in_per_cent(single, 4)) == "12.9620"
    assert printed(single, "FR") == "13.0"
    instalments = apr_eu(monthly("7880", ["265"] * 36), unit=MONTHLY)
    assert str(in_per_cent(instalments, 4)) == "13.6525"
    assert printed(instalments, "FR") == "13.7"


def test_e18_apr_of_regulation_z() -> None:
    """E18. (a) 5,000 for 24 monthly payments of 230; (b) 6,000 on 10 February for 36 payments of
    200 from 1 April: one unit-period and 19 days of 30."""
    month = UnitPeriod(UnitKind.MONTH)
    regular = apr_us(monthly("5000", ["230"] * 24), unit=month)
    assert (str(in_per_cent(regular, 4)), printed(regular, "US")) == ("9.6857", "9.69")
    payments = monthly("0", ["200"] * 36, start=date(1978, 3, 1))[1:]
    long_first = apr_us([DatedFlow(date(1978, 2, 10), Fraction(6000)), *payments], unit=month)
    assert (str(in_per_cent(long_first, 4)), printed(long_first, "US")) == ("11.8165", "11.82")


@pytest.mark.parametrize(("days", "told"), [(15, "191.9"), (30, "185.3"), (45, "179.3")])
def test_e19_gesv_of_a_single_repayment(days: int, told: str) -> None:
    """E19 (a). 0.3 % a day, repaid at once."""
    owed = 1 + Fraction(3, 1000) * days
    flows = [DatedFlow(SIGNED, Fraction(1)), DatedFlow(SIGNED + timedelta(days=days), -owed)]
    assert printed(xirr(flows, days_in_year=YEAR), "KZ") == told


@pytest.mark.parametrize(
    ("days", "largest"), [(15, "0.00287118"), (30, "0.00293301"), (45, "0.00299661")]
)
def test_e19_the_daily_rate_within_179_per_cent(days: int, largest: str) -> None:
    """E19 (a). Repaid at once, the daily rate at which the yearly one is 179 %, at six decimals."""
    daily = (growth_over(Decimal("1.79"), Fraction(days, 365)) - 1) / days
    assert str(in_per_cent(daily, 6)) == f"{Decimal(largest) * 100:.6f}"
    flows = [
        DatedFlow(SIGNED, Fraction(1)),
        DatedFlow(SIGNED + timedelta(days=days), -1 - daily * days),
    ]
    assert str(in_per_cent(xirr(flows, days_in_year=YEAR), 20)) == "179.00000000000000000000"


@pytest.mark.parametrize(
    ("nominal", "first", "last", "exact", "told"),
    [
        ("0.38", "50732.09", "50732.15", "45.7945", "45.8"),
        ("0.40", "51235.74", "51235.77", "48.6712", "48.7"),
    ],
)
def test_e19_gesv_of_an_annuity(nominal: str, first: str, last: str, exact: str, told: str) -> None:
    """E19 (b). KZT 500,000.00, 12 level payments in equal months from 2026-02-10."""
    story = Story(
        terms_of(
            "500,000.00",
            nominal,
            start="2026-02-10",
            first_due="2026-03-10",
            maturity="2027-02-10",
            day_count=DayCount.EQUAL_PERIODS,
            currency=KZT,
        )
    )
    payments = [row.due for row in story.projection.plan]
    assert [f"{payment / 100:.2f}" for payment in (payments[0], payments[-1])] == [first, last]
    rate = xirr(
        [
            DatedFlow(SIGNED, Fraction(500_000_00)),
            *(DatedFlow(row.period_end, Fraction(-row.due)) for row in story.projection.plan),
        ],
        days_in_year=YEAR,
    )
    assert (str(in_per_cent(rate, 4)), printed(rate, "KZ")) == (exact, told)


def test_e20_full_cost_of_credit_in_russia() -> None:
    """E20. (a) 100,000.00 less 1,500.00 for 12 monthly payments of 9,450.00; (b) 37,200.00 for
    30,000.00 after 30 days: a base period of 30 days."""
    instalments = monthly("98500", ["9450"] * 12)
    cost = psk(instalments, days_in_year=YEAR)
    assert str(in_per_cent(cost / 12, 8)) == "2.23662153"
    assert printed(cost, "RU") == "26.839"
    single = [
        DatedFlow(SIGNED, Fraction(30_000)),
        DatedFlow(SIGNED + timedelta(days=30), Fraction(-37_200)),
    ]
    assert base_period([flow.day for flow in single], days_in_year=YEAR).days == 30
    assert printed(psk(single, days_in_year=YEAR), "RU") == "292.000"


def test_e21_key_facts_in_nigeria() -> None:
    """E21. NGN 100,000.00 at 4 % flat a month for six months, 2 % taken first."""
    figures = key_facts(monthly("98000", [*["20666.67"] * 5, "20666.65"]))
    assert str(in_per_cent(figures.nominal / 12, 6)) == "7.167887"
    assert printed(figures.nominal, "NG") == "86.01"
    assert printed(figures.effective, "NG") == "129.50"
