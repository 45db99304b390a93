"""The rates a loan has cost so far: agreed, set anew, amended; what was reversed does not count."""

from __future__ import annotations

from decimal import Decimal

from gbese.core.projections.rates_so_far import RateFrom, rates_so_far
from tests.core.loans import Story, day, terms_of


def rates(story: Story, on: str) -> list[RateFrom]:
    return list(rates_so_far(story.terms, story.facts.events, story.projection, day(on)))


def story() -> Story:
    """300.00 at 24 % a year; 18 % from 1 March 2026, 0 % from 1 May."""
    agreed = terms_of("300.00", "0.24", start="2026-01-01", first_due="2026-02-01",
                      maturity="2026-12-01")  # fmt: skip
    told = Story(agreed).drawn("2026-01-01")
    return told.rate_set("2026-03-01", "0.18").rate_set("2026-05-01", "0")


FIRST = RateFrom(day("2026-01-01"), Decimal("0.24"))
SECOND = RateFrom(day("2026-03-01"), Decimal("0.18"))


def test_the_last_rate_is_the_one_in_force() -> None:
    assert rates(story(), "2026-02-28") == [FIRST]
    assert rates(story(), "2026-03-01") == [FIRST, SECOND]
    assert rates(story(), "2026-06-01") == [FIRST, SECOND, RateFrom(day("2026-05-01"), Decimal(0))]


def test_a_rate_that_was_reversed_never_held() -> None:
    undone = story()
    undone.reversed("2026-06-01", undone.last)
    assert rates(undone, "2026-06-01") == [FIRST, SECOND]


def test_a_rate_set_to_what_it_was_is_no_change() -> None:
    same = story().rate_set("2026-07-01", "0")
    assert len(rates(same, "2026-12-01")) == 3
