"""Claims round once, ceilings are shared to the last unit, rates hold from their day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.accruals.ceilings import first_day_above, shares_of_the_rest
from gbese.core.accruals.claims import AccruingClaim
from gbese.core.accruals.penalties import DAILY, tier_starts
from gbese.core.accruals.rate_path import RatePath
from gbese.core.calendars.clocks import Clock, ClockKind
from gbese.core.contracts.terms import RateEffect, RateTerms
from gbese.core.money import Rounding
from gbese.core.rates.reference import Fixing, Fixings
from gbese.core.servicing.events import Component
from tests.core.loans import day, penalty_of

START = date(2026, 1, 1)
ACT_365 = Clock(ClockKind.ACTUAL, 365)


def claim(rounding: Rounding = Rounding.HALF_UP) -> AccruingClaim:
    return AccruingClaim(Component.INTEREST, 1, rounding)


def after(days: int) -> date:
    return START + timedelta(days=days)


def test_segments_are_added_before_they_are_rounded() -> None:
    """0.4 + 0.4 + 0.4 = 1.2, which is 1; rounded apart they would be 0."""
    running = claim()
    for number in range(3):
        running.run(after(number), base=4 + 0 * number, rate=Decimal("0.1"), clock=DAILY, end=None)
        running.stop(after(number + 1))
    assert [running.accrued(after(number)) for number in (3, 9)] == [1, 1]
    assert len(running.segments) == 3


def test_the_same_again_goes_on_in_one_segment() -> None:
    running = claim()
    for number in range(5):
        running.run(after(number), base=100, rate=Decimal("0.1"), clock=DAILY, end=after(9))
    assert len(running.segments) == 1
    assert running.accrued(after(7)) == 70
    assert running.accrued(after(20)) == 90


def test_what_stops_on_the_day_it_began_leaves_nothing() -> None:
    running = claim()
    running.run(START, base=100, rate=Decimal("0.1"), clock=DAILY, end=None)
    running.stop(START)
    assert running.segments == []
    assert running.accrued(after(10)) == 0
    assert not running.is_running


def test_nothing_runs_without_a_base_or_a_rate() -> None:
    running = claim()
    running.run(START, base=0, rate=Decimal("0.1"), clock=DAILY, end=None)
    running.run(START, base=100, rate=Decimal(0), clock=DAILY, end=None)
    running.run(START, base=100, rate=Decimal("0.1"), clock=DAILY, end=START)
    assert running.segments == []


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 10**9), st.decimals("0", "3", places=4)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(list(Rounding)),
)
def test_the_claim_is_the_sum_of_its_segments(
    runs: list[tuple[int, int, Decimal]], rounding: Rounding
) -> None:
    running, at = claim(rounding), START
    for days, base, rate in runs:
        running.run(at, base=base, rate=rate, clock=ACT_365, end=None)
        at += timedelta(days=days)
    exact = sum(segment.accrued(at) for segment in running.segments)
    assert running.unrounded(at) == exact
    running.stop(at)
    assert running.unrounded(at + timedelta(days=5)) == exact


@pytest.mark.parametrize("last", [after(400), None])
def test_the_first_day_above_a_ceiling(last: date | None) -> None:
    """10 a day from START and 5 a day from day 10: 100 by day 10, 115 by day 11."""
    first, second = claim(), claim()
    first.run(START, base=100, rate=Decimal("0.1"), clock=DAILY, end=None)
    second.run(after(10), base=50, rate=Decimal("0.1"), clock=DAILY, end=None)
    both = [first, second]
    assert first_day_above(both, 100, after=START, last=last) == after(11)
    assert first_day_above(both, 115, after=START, last=last) == after(12)
    assert shares_of_the_rest(both, 112, day=after(11)) == (10, 2)
    assert shares_of_the_rest(both, 104, day=after(11)) == (4, 0)
    assert shares_of_the_rest(both, 90, day=after(11)) == (0, 0)


def test_a_ceiling_that_is_never_reached() -> None:
    running = claim()
    running.run(START, base=100, rate=Decimal("0.1"), clock=DAILY, end=after(5))
    assert first_day_above([running], 50, after=START, last=None) is None
    assert first_day_above([], 0, after=START, last=None) is None


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**8))
def test_shares_fill_the_ceiling_exactly(one: int, other: int, ceiling: int) -> None:
    claims = [claim(), claim()]
    for base, running in zip((one, other), claims, strict=True):
        running.run(START, base=base, rate=Decimal("0.013"), clock=DAILY, end=None)
    reached = first_day_above(claims, ceiling, after=START, last=None)
    if reached is None:
        return  # not in this millennium
    eve = reached - timedelta(days=1)
    before = sum(running.accrued(eve) for running in claims)
    assert before <= ceiling
    assert before + sum(shares_of_the_rest(claims, ceiling, day=reached)) == ceiling


def test_tiers_start_after_the_due_date_and_the_grace() -> None:
    penalty = penalty_of((1, "0.005"), (91, "0.0003"), grace_days=5)
    assert tier_starts(penalty, day("2026-02-01")) == (
        (day("2026-02-06"), Decimal("0.005")),  # the night before 2026-02-07, day 1
        (day("2026-05-07"), Decimal("0.0003")),
    )


SERIES = Fixings(
    "REF",
    "made up",
    (Fixing(day("2026-01-01"), Decimal("0.05")), Fixing(day("2026-01-20"), Decimal("0.09"))),
    max_age_days=40,
    known_to=day("2026-01-25"),
)


@pytest.mark.parametrize(
    ("effect", "night", "rate"),
    [
        (RateEffect.NEXT_PERIOD, "2026-01-25", "0.06"),
        (RateEffect.SAME_DAY, "2026-01-19", "0.06"),
        (RateEffect.SAME_DAY, "2026-01-20", "0.08"),  # 10 %, at most 8 %
    ],
)
def test_a_floating_rate_by_its_effect(effect: RateEffect, night: str, rate: str) -> None:
    agreed = RateTerms(reference="REF", margin=Decimal("0.01"), cap=Decimal("0.08"), effect=effect)
    path = RatePath(agreed, SERIES)
    assert path.on(day(night), period_start=day("2026-01-10")) == Decimal(rate)
    changes = path.changes_between(day("2026-01-10"), day("2026-02-10"))
    assert changes == ([day("2026-01-20")] if effect is RateEffect.SAME_DAY else [])
    assert path.fixed_to == day("2026-01-25")


def test_rates_of_the_loan_itself_come_first_until_the_terms_change() -> None:
    path = RatePath(RateTerms(fixed=Decimal("0.10")), None)
    path.set_rate(day("2026-02-01"), Decimal("0.12"))
    start = day("2026-01-01")
    assert path.on(day("2026-01-31"), period_start=start) == Decimal("0.10")
    assert path.on(day("2026-02-01"), period_start=start) == Decimal("0.12")
    path.amend(day("2026-03-01"), RateTerms(fixed=Decimal("0.07")))
    assert path.on(day("2026-03-01"), period_start=start) == Decimal("0.07")
    assert path.fixed_to is None
