"""Cycles: dates that come back, worked out on a calendar by hand."""

from __future__ import annotations

from datetime import date

from gbese.core.calendars.cycles import Cycle, in_turn
from gbese.core.calendars.frequencies import AT_MATURITY, MONTHLY, QUARTERLY, YEARLY
from gbese.core.calendars.periods import StubKind


def test_the_end_is_no_date_of_the_cycle() -> None:
    cycle = Cycle(date(2026, 1, 15), MONTHLY)
    dates = cycle.dates(before=date(2026, 4, 15), end_of_month=False)
    assert dates == (date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 15))


def test_a_long_stub_takes_the_last_date_before_a_broken_end() -> None:
    short = Cycle(date(2026, 1, 15), MONTHLY)
    long = Cycle(date(2026, 1, 15), MONTHLY, StubKind.LONG)
    broken, whole = date(2026, 4, 1), date(2026, 3, 15)
    assert short.dates(before=broken, end_of_month=False)[-1] == date(2026, 3, 15)
    assert long.dates(before=broken, end_of_month=False)[-1] == date(2026, 2, 15)
    assert long.dates(before=whole, end_of_month=False)[-1] == date(2026, 2, 15)


def test_a_first_date_at_the_end_of_a_month_keeps_to_ends_only_where_agreed() -> None:
    cycle = Cycle(date(2026, 4, 30), MONTHLY)
    end = date(2026, 7, 1)
    assert cycle.dates(before=end, end_of_month=True)[1:] == (date(2026, 5, 31), date(2026, 6, 30))
    assert cycle.dates(before=end, end_of_month=False)[1:] == (date(2026, 5, 30), date(2026, 6, 30))


def test_a_cycle_at_maturity_is_one_date() -> None:
    cycle = Cycle(date(2026, 9, 1), AT_MATURITY)
    assert cycle.dates(before=date(2027, 1, 1), end_of_month=False) == (date(2026, 9, 1),)
    assert cycle.dates(before=date(2026, 9, 1), end_of_month=False) == ()


def test_the_first_date_after_a_day_is_strictly_after_it() -> None:
    cycle = Cycle(date(2026, 1, 31), MONTHLY)
    assert cycle.first_after(date(2026, 1, 30), end_of_month=False) == date(2026, 1, 31)
    assert cycle.first_after(date(2026, 2, 28), end_of_month=False) == date(2026, 3, 31)


def test_cycles_in_turn_go_on_until_the_next_begins() -> None:
    yearly = Cycle(date(2026, 1, 1), YEARLY)
    quarterly = Cycle(date(2028, 1, 1), QUARTERLY)
    dates = in_turn([yearly, quarterly], before=date(2028, 6, 1), end_of_month=False)
    assert dates == (
        (date(2026, 1, 1), 0),
        (date(2027, 1, 1), 0),
        (date(2028, 1, 1), 1),
        (date(2028, 4, 1), 1),
    )
    assert in_turn([], before=date(2028, 6, 1), end_of_month=False) == ()
