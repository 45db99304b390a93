"""Schedules with more in them than one cycle: worked examples of the domain, to the minor unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import AT_MATURITY, MONTHLY, QUARTERLY
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    InterestBase,
    InterestSpread,
    MinimumPayment,
    RateStep,
    RateTerms,
    ScheduleKind,
)
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import SurplusUse
from gbese.core.status.reading import undrawn_of
from tests.core.loans import KZT, F, I, P, Story, day, money, terms_of


def test_e04_both_days_bear_interest_where_agreed() -> None:
    """E04. 100,000.00 at 0.25 % a day, 2026-03-02 to 2026-03-12, both days in: 11 days."""
    story = Story(
        terms_of(
            "100,000.00",
            str(Decimal("0.0025") * 365),
            start="2026-03-02",
            first_due="2026-03-12",
            maturity="2026-03-12",
            frequency=AT_MATURITY,
            kind=ScheduleKind.BULLET,
            currency=KZT,
            counts_last_day=True,
        )
    )
    story.drawn("2026-03-02")
    (row,) = story.projection.plan
    assert (row.due_date_adjusted, row.interest) == (day("2026-03-12"), 2_750_00)
    assert story.on("2026-03-12").fallen_due(I).plain() == "2750.00"
    story.paid("2026-03-12", "102,750.00")
    assert story.on("2026-06-01").debt.plain() == "0.00"


def test_e07_flat_rate() -> None:
    """E07. 300,000.00 at 3 % flat a month, 6 months: 54,000.00 of interest, 59,000.00 each."""
    story = Story(
        terms_of(
            "300,000.00",
            "0.36",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2026-07-15",
            kind=ScheduleKind.LINEAR,
            day_count=DayCount.EQUAL_PERIODS,
            interest_base=InterestBase.AS_DRAWN,
        )
    )
    assert [row.due for row in story.projection.plan] == [59_000_00] * 6
    story.drawn("2026-01-15")
    for month in range(2, 8):
        assert story.on(f"2026-{month:02}-15").fallen_due(I).plain() == "9000.00"
        story.paid(f"2026-{month:02}-15", "59,000.00")
    assert story.on("2026-07-15").debt.plain() == "0.00"


def test_e10_interest_joins_principal_in_the_grace_period() -> None:
    """E10 (b). 600,000.00 at 2.5 % a month, three months capitalised, then six annuities."""
    story = Story(
        terms_of(
            "600,000.00",
            "0.30",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2026-10-15",
            day_count=DayCount.EQUAL_PERIODS,
            capitalises_until=day("2026-04-15"),
        )
    )
    expected = [117_305_68] * 5 + [117_305_65]
    assert [row.due for row in story.projection.plan] == expected
    story.drawn("2026-01-15")
    assert [row.due for row in story.projection.plan] == expected
    assert sum(row.interest for row in story.projection.plan) + 46_134_38 == 103_834_05
    for on, balance in [
        ("2026-02-15", "615000.00"),
        ("2026-03-15", "630375.00"),
        ("2026-04-15", "646134.38"),
    ]:
        assert story.on(on).outstanding.plain() == balance
        assert story.on(on).owed(I).plain() == story.on(on).fallen_due(I).plain() == "0.00"
    assert story.on("2026-05-15").fallen_due(P).plain() == "101152.32"  # 117,305.68 - 16,153.36


@pytest.mark.parametrize("rate", ["0.30", "-0.30"])
def test_interest_that_joins_principal_moves_between_the_two(rate: str) -> None:
    """What was earned is what joined, on both sides of the step; below zero it takes away."""
    story = Story(
        terms_of(
            "600,000.00",
            rate,
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2026-04-15",
            kind=ScheduleKind.BULLET,
            day_count=DayCount.EQUAL_PERIODS,
            capitalises_until=day("2026-03-15"),
        )
    ).drawn("2026-01-15")
    on = story.on("2026-03-20")
    joined = on.total(P, Cause.CAPITALISED)
    assert joined == on.total(I, Cause.CAPITALISED) == on.total(I, Cause.DUE)
    assert joined.plain() == {"0.30": "30375.00", "-0.30": "-29625.00"}[rate]
    assert on.outstanding == money("600,000.00") + joined


def test_e13_revolving_line() -> None:
    """E13. Limit 200,000.00 at 36 % ACT/365F: 80,000.00 from the 5th, 45,000.00 more from the 12th,
    60,000.00 back on the 20th of April; 2,210,000 balance-days cost 2,179.73."""
    story = Story(
        terms_of(
            "200,000.00",
            "0.36",
            start="2026-04-01",
            first_due="2026-04-30",
            maturity="2027-03-31",
            kind=ScheduleKind.REVOLVING,
            end_of_month=True,
            minimum_payment=MinimumPayment(fraction=Decimal("0.05"), floor=money("5,000.00")),
        )
    )
    story.drawn("2026-04-05", "80,000.00").drawn("2026-04-12", "45,000.00")
    story.paid("2026-04-20", "60,000.00", SurplusUse.KEEP_TERM)
    statement = story.on("2026-04-30")
    assert statement.fallen_due(I).plain() == "2179.73"
    assert (statement.fallen_due(I) + statement.fallen_due(P)).plain() == "7179.73"
    used = statement.outstanding.minor
    assert undrawn_of(story.terms, drawn=125_000_00, outstanding=used) == 135_000_00


def test_e07_sum_of_digits_and_settlement_by_the_rule_of_78() -> None:
    """E07. 54,000.00 by 6/21, 5/21 … of it. After three of 59,000.00 the interest to come is not
    owed: 54,000 x 6/21 = 15,428.57, so that 161,571.43 of the 177,000.00 to come settles the loan.
    Here each row is rounded, so what is to come is 7,714.29 + 5,142.86 + 2,571.43 = 15,428.58."""
    story = Story(
        terms_of(
            "300,000.00",
            "0.36",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2026-07-15",
            day_count=DayCount.EQUAL_PERIODS,
            interest_base=InterestBase.AS_DRAWN,
            interest_spread=InterestSpread.SUM_OF_DIGITS,
        )
    ).drawn("2026-01-15")
    by_digits = ["15428.57", "12857.14", "10285.71", "7714.29", "5142.86", "2571.43"]
    assert [row[1] for row in story.rows()] == by_digits
    assert [row.due for row in story.projection.plan] == [59_000_00] * 6
    for month in range(2, 5):
        story.paid(f"2026-{month:02}-15", "59,000.00")
    assert story.on("2026-04-15").debt.plain() == "161571.42"
    story.paid("2026-04-15", "161,571.42", SurplusUse.KEEP_TERM)
    assert story.on("2026-07-15").debt.plain() == "0.00"


def test_e21_flat_rate_with_a_fee_kept_back() -> None:
    """E21. 100,000.00 at 4 % flat a month, 6 months, 2 % kept back: 98,000.00 received."""
    story = Story(
        terms_of(
            "100,000.00",
            "0.48",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2026-07-15",
            kind=ScheduleKind.LINEAR,
            day_count=DayCount.EQUAL_PERIODS,
            interest_base=InterestBase.AS_DRAWN,
            fees=(
                FeeTerms(
                    fee_kind="arrangement",
                    timing=FeeTiming.WITHHELD_AT_DRAWDOWN,
                    rate=Decimal("0.02"),
                ),
            ),
        )
    ).drawn("2026-01-15")
    assert [row.due for row in story.projection.plan] == [20_666_67] * 5 + [20_666_65]
    assert story.on("2026-01-15").total(F, Cause.WITHHELD).plain() == "2000.00"


def test_e41_capitalisation() -> None:
    """E41. 800,000.00 at 20 % ACT/365F, capitalised after 90 and 91 days."""
    story = Story(
        terms_of(
            "800,000.00",
            "0.20",
            start="2026-01-01",
            first_due="2026-04-01",
            maturity="2027-01-01",
            frequency=QUARTERLY,
            kind=ScheduleKind.BULLET,
            capitalises_until=day("2026-07-01"),
        )
    ).drawn("2026-01-01")
    assert story.on("2026-04-01").outstanding.plain() == "839452.05"
    assert story.on("2026-07-01").outstanding.plain() == "881309.66"
    assert story.on("2027-01-01").fallen_due(P).plain() == "881309.66"


def test_parts_stay_where_nothing_joined_principal() -> None:
    """10.00 in thirds without interest: 3.33, 3.33 and 3.34, also where interest would have joined
    principal on the day of the first."""
    story = Story(
        terms_of(
            "10.00",
            "0",
            start="2026-01-01",
            first_due="2026-02-01",
            maturity="2026-03-01",
            kind=ScheduleKind.LINEAR,
            principal_cycle=Cycle(day("2026-01-02"), MONTHLY),
            capitalises_until=day("2026-01-02"),
        )
    ).drawn("2026-01-01")
    assert [row[2] for row in story.rows()] == ["3.33", "3.33", "3.34"]
    dates = ["2026-01-02", "2026-02-02", "2026-03-01"]
    fallen = [story.on(date).fallen_due(P).plain() for date in dates]
    assert fallen == ["3.33", "6.66", "10.00"]


def test_principal_by_the_quarter_and_interest_by_the_month() -> None:
    """120.00 at 12 % in equal months: 1.20 a month, and 30.00 a quarter from the first quarter."""
    story = Story(
        terms_of(
            "120.00",
            "0.12",
            start="2026-01-01",
            first_due="2026-02-01",
            maturity="2027-01-01",
            kind=ScheduleKind.LINEAR,
            day_count=DayCount.EQUAL_PERIODS,
            principal_cycle=Cycle(day("2026-04-01"), QUARTERLY),
        )
    ).drawn("2026-01-01")
    interest = ["1.20"] * 3 + ["0.90"] * 3 + ["0.60"] * 3 + ["0.30"] * 3
    principal = ["0.00", "0.00", "30.00"] * 4
    assert [row[1:3] for row in story.rows()] == list(zip(interest, principal, strict=True))


def test_principal_by_the_month_and_interest_by_the_quarter() -> None:
    """30.00 a month of 120.00 at 12 %: the quarter costs 1.20 + 0.90 + 0.60, the last month 0.30."""
    terms = terms_of(
        "120.00",
        "0.12",
        start="2026-01-01",
        first_due="2026-04-01",
        maturity="2026-05-01",
        frequency=QUARTERLY,
        kind=ScheduleKind.LINEAR,
        day_count=DayCount.THIRTY_E_360,
        principal_cycle=Cycle(day("2026-02-01"), MONTHLY),
    )
    expected = [
        ("2026-02-01", "0.00", "30.00", "90.00"),
        ("2026-03-01", "0.00", "30.00", "60.00"),
        ("2026-04-01", "2.70", "30.00", "30.00"),
        ("2026-05-01", "0.30", "30.00", "0.00"),
    ]
    assert Story(terms).rows() == expected
    story = Story(terms).drawn("2026-01-01")
    assert story.rows() == expected
    story.paid("2026-02-01", "30.00").paid("2026-03-01", "30.00")
    assert story.on("2026-03-15").owed(I).plain() == "2.38"  # 2.10 of two months, 0.28 of half one
    assert story.on("2026-03-15").fallen_due(I).plain() == "0.00"
    assert story.on("2026-04-01").fallen_due(I).plain() == "2.70"


def test_interest_of_the_grace_period_is_due_later_and_bears_none() -> None:
    """100.00 at 12 %: nothing for three months, then 3.00 of them with the fourth month's 1.00."""
    story = Story(
        terms_of(
            "100.00",
            "0.12",
            start="2026-01-01",
            first_due="2026-02-01",
            maturity="2026-06-01",
            kind=ScheduleKind.BULLET,
            day_count=DayCount.EQUAL_PERIODS,
            first_interest_date=day("2026-05-01"),
        )
    ).drawn("2026-01-01")
    assert story.rows() == [
        ("2026-05-01", "4.00", "0.00", "100.00"),
        ("2026-06-01", "1.00", "100.00", "0.00"),
    ]


def test_a_promotional_rate_is_a_row_of_the_terms() -> None:
    """Nothing for two months, then 12 % and, from the fifth, 24 %, on 100.00."""
    steps = (
        RateStep(day("2026-03-01"), rate=Decimal("0.12")),
        RateStep(day("2026-05-01"), rate=Decimal("0.24")),
    )
    story = Story(
        terms_of(
            "100.00",
            RateTerms(fixed=Decimal(0), steps=steps),
            start="2026-01-01",
            first_due="2026-02-01",
            maturity="2026-07-01",
            kind=ScheduleKind.BULLET,
            day_count=DayCount.EQUAL_PERIODS,
        )
    ).drawn("2026-01-01")
    assert [row[1] for row in story.rows()] == ["1.00", "1.00", "2.00", "2.00"]


def test_a_payment_below_the_interest_lets_the_debt_grow() -> None:
    """1,000.00 at 24 % in equal months with 15.00 a month: 5.00, then 5.10, join principal."""
    terms = terms_of(
        "1,000.00",
        "0.24",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-04-01",
        day_count=DayCount.EQUAL_PERIODS,
        given_instalment=money("15.00"),
        allows_growth=True,
    )
    expected = [
        ("2026-02-01", "15.00", "0.00", "1005.00"),
        ("2026-03-01", "15.00", "0.00", "1010.10"),
        ("2026-04-01", "20.20", "1010.10", "0.00"),
    ]
    assert Story(terms).rows() == expected
    story = Story(terms).drawn("2026-01-01")
    assert story.rows() == expected
    assert story.on("2026-03-01").outstanding.plain() == "1010.10"
    assert story.on("2026-03-01").fallen_due(I).plain() == "30.00"
    capped = Story(replace(terms, allows_growth=False)).drawn("2026-01-01")
    assert capped.rows()[0] == ("2026-02-01", "20.00", "0.00", "1000.00")


def test_a_level_payment_as_if_repaid_later_leaves_the_rest_at_maturity() -> None:
    """The payment of E05 (116,984.55 over twelve months), but the loan ends after six: the balance
    after the sixth instalment, 644,365.60, is due with it."""
    story = Story(
        terms_of(
            "1,200,000.00",
            "0.30",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2026-07-15",
            day_count=DayCount.EQUAL_PERIODS,
            amortises_until=day("2027-01-15"),
        )
    ).drawn("2026-01-15")
    due = [row.due for row in story.projection.plan]
    assert due == [116_984_55] * 5 + [116_984_55 + 644_365_60]
