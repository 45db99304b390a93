"""Interest by the day: worked examples of the domain, to the minor unit."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import AT_MATURITY, QUARTERLY
from gbese.core.contracts.terms import RateEffect, RateTerms, ScheduleKind
from gbese.core.servicing.events import SurplusUse
from tests.core.loans import KZT, I, P, Story, day, days, terms_of


def test_e02_balance_and_rate_change_inside_a_period() -> None:
    """E02. ACT/365F, one rounding: 1,500,000.00 at 24 %, 2026-03-10 to 2026-04-10; 400,000.00 of
    principal repaid on 2026-03-25; 26 % from 2026-04-01. 15, 7 and 9 days."""
    story = Story(
        terms_of(
            "1,500,000.00",
            "0.24",
            start="2026-03-10",
            first_due="2026-04-10",
            maturity="2027-03-10",
            kind=ScheduleKind.BULLET,
        )
    )
    story.drawn("2026-03-10").paid("2026-03-25", "400,000.00", SurplusUse.KEEP_TERM)
    story.rate_set("2026-04-01", "0.26")
    assert story.on("2026-03-25").outstanding.plain() == "1100000.00"
    assert story.owed("2026-04-10", I) == "26909.59"
    assert story.on("2026-04-10").fallen_due(I).plain() == "26909.59"


def test_e03_daily_accrual_is_cumulative() -> None:
    """E03. 100,000.00 at 19 % ACT/365F: 52.0547945... a day; the sum of seven days is rounded once."""
    story = Story(
        terms_of(
            "100,000.00",
            "0.19",
            start="2026-05-01",
            first_due="2026-06-01",
            maturity="2026-06-01",
            kind=ScheduleKind.BULLET,
        )
    )
    story.drawn("2026-05-01")
    nights = [day("2026-05-01"), *days(day("2026-05-01"), day("2026-05-08"))]
    daily = [
        story.accrued(I, before.isoformat(), after.isoformat())
        for before, after in itertools.pairwise(nights)
    ]
    assert daily == ["52.05", "52.06", "52.05", "52.06", "52.05", "52.06", "52.05"]
    assert story.owed("2026-05-08", I) == "364.38"


def test_e04_first_day_out_last_day_in() -> None:
    """E04. 100,000.00 at 0.25 % a day, 2026-03-02 to 2026-03-12: 10 days; the same day: nothing."""
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
        )
    )
    story.drawn("2026-03-02")
    assert story.owed("2026-03-12", I) == "2500.00"
    assert story.owed("2026-03-02", I) == "0.00"
    story.paid("2026-03-02", "100,000.00", SurplusUse.KEEP_TERM)
    assert story.on("2026-03-12").debt.plain() == "0.00"


def test_e08_bullet_with_quarterly_interest() -> None:
    """E08. 5,000,000.00 at 18 % ACT/360 from 2026-01-15, quarterly to 2027-01-15: 90, 91, 92, 92
    days."""
    story = Story(
        terms_of(
            "5,000,000.00",
            "0.18",
            start="2026-01-15",
            first_due="2026-04-15",
            maturity="2027-01-15",
            frequency=QUARTERLY,
            kind=ScheduleKind.BULLET,
            day_count=DayCount.ACT_360,
            currency=KZT,
        )
    )
    signed = [
        ("2026-04-15", "225000.00", "0.00", "5000000.00"),
        ("2026-07-15", "227500.00", "0.00", "5000000.00"),
        ("2026-10-15", "230000.00", "0.00", "5000000.00"),
        ("2027-01-15", "230000.00", "5000000.00", "0.00"),
    ]
    assert story.rows() == signed
    assert story.drawn("2026-01-15").rows() == signed


def test_e12_interest_of_tranches() -> None:
    """E12. 22 % ACT/365F on what is drawn, monthly: 400,000.00 on 2026-05-04 (27 days of May),
    350,000.00 on 2026-06-15 (15 and 15 days of June, to the first of July)."""
    story = Story(
        terms_of(
            "1,000,000.00",
            "0.22",
            start="2026-05-01",
            first_due="2026-06-01",
            maturity="2027-05-01",
            kind=ScheduleKind.BULLET,
        )
    )
    story.drawn("2026-05-04", "400,000.00").drawn("2026-06-15", "350,000.00")
    assert story.accrued(I, "2026-05-04", "2026-05-31") == "6509.59"
    may_31_as_month_end = Story(
        terms_of(
            "1,000,000.00",
            "0.22",
            start="2026-04-30",
            first_due="2026-05-31",
            maturity="2027-04-30",
            kind=ScheduleKind.BULLET,
            end_of_month=True,
        )
    )
    may_31_as_month_end.drawn("2026-05-04", "400,000.00").drawn("2026-06-15", "350,000.00")
    assert may_31_as_month_end.rows()[0][:2] == ("2026-05-31", "6509.59")
    assert may_31_as_month_end.rows()[1][:2] == ("2026-06-30", "10397.26")


@pytest.mark.parametrize(
    ("effect", "february", "march"),
    [
        (RateEffect.NEXT_PERIOD, "22082.19", "20712.33"),
        (RateEffect.SAME_DAY, "22164.38", "20712.33"),
    ],
)
def test_e45_floating_rate_with_floor_and_cap(
    effect: RateEffect, february: str, march: str
) -> None:
    """E45. 1,000,000.00, reference + 4 points, floor 20 %, cap 27 %; reference 22.00 %, from
    2026-02-17 23.75 % (27.75, capped at 27); periods 20 Jan, 20 Feb, 20 Mar 2026, ACT/365F."""
    floating = RateTerms(
        reference="REF",
        margin=Decimal("0.04"),
        floor=Decimal("0.20"),
        cap=Decimal("0.27"),
        effect=effect,
    )
    story = Story(
        terms_of(
            "1,000,000.00",
            floating,
            start="2026-01-20",
            first_due="2026-02-20",
            maturity="2026-03-20",
            kind=ScheduleKind.BULLET,
        ),
        fixings=[("2026-01-01", "0.22"), ("2026-02-17", "0.2375")],
        fixed_to="2026-03-20",
    )
    story.drawn("2026-01-20")
    assert story.accrued(I, "2026-01-20", "2026-02-20") == february
    assert story.accrued(I, "2026-02-20", "2026-03-20") == march
    assert story.on("2026-02-20").fallen_due(I).plain() == february
    assert story.on("2026-03-20").owed(P).plain() == "1000000.00"
