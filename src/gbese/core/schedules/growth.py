"""Interest that joins principal: what is owed by the time principal falls due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from gbese.core.money import Rounding, round_minor
from gbese.core.schedules.interest_periods import InterestPeriod, InterestUse


def grown(
    outstanding: int,
    periods: Sequence[InterestPeriod],
    costs: Sequence[Fraction],
    accrued: Fraction,
    rounding: Rounding,
) -> int:
    """`outstanding` minor units after periods in which nothing is repaid.

    Args:
        outstanding: at the start of the first period.
        periods: ascending.
        costs: what one unit costs in each of them.
        accrued: interest earned before, in minor units, settled with the first that settles any.
        rounding: of the interest that joins principal.

    Source: compound interest by the dates agreed; worked as E10 (b) and E41 in tests/golden.
    """
    balances = list(_balances(outstanding, (0,) * len(periods), periods, costs, accrued, rounding))
    return balances[-1] if balances else outstanding


def with_the_rest_at_the_end(
    parts: Sequence[int],
    outstanding: int,
    periods: Sequence[InterestPeriod],
    costs: Sequence[Fraction],
    accrued: Fraction,
    rounding: Rounding,
) -> tuple[int, ...]:
    """The parts, the last of them such that nothing is left."""
    *before, last = parts
    balances = _balances(outstanding, (*before, 0), periods, costs, accrued, rounding)
    for balance in balances:
        last = balance
    return (*before, last)


def _balances(
    outstanding: int,
    parts: Sequence[int],
    periods: Sequence[InterestPeriod],
    costs: Sequence[Fraction],
    accrued: Fraction,
    rounding: Rounding,
) -> Iterator[int]:
    """What is outstanding after each period."""
    exact = accrued
    for period, cost, part in zip(periods, costs, parts, strict=True):
        exact += outstanding * cost
        if period.interest is InterestUse.CAPITALISED:
            outstanding += round_minor(exact.numerator, exact.denominator, rounding)
        if period.interest is not InterestUse.RUNS_ON:
            exact = Fraction(0)
        outstanding -= part
        yield outstanding
