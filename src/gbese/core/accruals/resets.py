"""The days on which terms give a loan another rate, and what it comes to on each of them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gbese.core.calendars.business_days import Calendar, adjust
from gbese.core.contracts.terms import RateStep, RateTerms, Terms
from gbese.core.rates.reference import Fixings, floating_rate, reset_date


@dataclass(frozen=True, slots=True)
class RateReset:
    """From the night of `day` on the loan costs `rate`, a fraction a year.

    `looked_at` is the day whose published value it goes by; None where it was agreed beforehand.
    """

    day: date
    rate: Decimal
    looked_at: date | None


def rate_resets(
    terms: Terms, fixings: Fixings | None, calendar: Calendar, *, last_day: date
) -> tuple[RateReset, ...]:
    """The resets and steps of the terms after interest begins and before `last_day`, ascending.

    A reset for which nothing is published leaves the rate as it is.

    Source: ACTUS, state transition RR: the reference times its multiplier plus the margin, moved
    by at most the rise and fall of one reset, then held between floor and cap.
    """
    rate = terms.rate.fixed or Decimal(0)
    margin = terms.rate.margin
    steps = {step.from_day: step for step in terms.rate.steps}
    cycle = terms.rate.resets
    days = set(steps)
    if cycle is not None:
        days |= set(cycle.dates(before=last_day, end_of_month=terms.end_of_month))
    resets: list[RateReset] = []
    has_been_reset = False
    for day in sorted(day for day in days if terms.interest_from <= day < last_day):
        step = steps.get(day)
        if step is not None and step.margin is not None:
            margin = step.margin
        known = _known(terms.rate, step, is_first=not has_been_reset)
        has_been_reset = has_been_reset or step is None
        looked_at = None
        if known is None:
            lag = terms.rate.reset_lag_days
            looked_at = reset_date(day, lag_business_days=lag, calendar=calendar)
            rate = _fixed(terms.rate, fixings, looked_at, rate, margin)
        else:
            rate = known
        moved = adjust(day, terms.business_days, calendar) if terms.adjusts_periods else day
        resets.append(RateReset(moved, rate, looked_at))
    return tuple(resets)


def _known(terms: RateTerms, step: RateStep | None, *, is_first: bool) -> Decimal | None:
    if step is not None:
        return step.rate
    return terms.next_reset_rate if is_first else None


def _fixed(
    agreed: RateTerms, fixings: Fixings | None, looked_at: date, before: Decimal, margin: Decimal
) -> Decimal:
    """The rate after a reset that looks at the published series; `before` where it says nothing."""
    rows = fixings.rows if fixings is not None else ()
    place = bisect_right(rows, looked_at, key=lambda row: row.valid_on)
    if not place:
        return before
    rate = agreed.multiplier * rows[place - 1].rate + margin
    if agreed.rise_max is not None:
        rate = min(rate, before + agreed.rise_max)
    if agreed.fall_max is not None:
        rate = max(rate, before - agreed.fall_max)
    return floating_rate(rate, margin=Decimal(0), floor=agreed.floor, cap=agreed.cap)
