"""A revolving balance: at least a part of it falls due each time."""

from __future__ import annotations

from decimal import Decimal

from gbese.core.money import Rounding, round_minor


def minimum_part(outstanding: int, fraction: Decimal, floor: int, rounding: Rounding) -> int:
    """The least that is repaid of a balance, in minor units: a fraction, `floor`, or all of it.

    Source: max(% x balance, floor); worked as E13 in tests/golden.
    """
    above, below = fraction.as_integer_ratio()
    return min(max(round_minor(outstanding * above, below, rounding), floor), outstanding)


def minimum_parts(
    outstanding: int, periods: int, fraction: Decimal, floor: int, *, rounding: Rounding
) -> tuple[int, ...]:
    """The same for each period to come, if no more is paid; the last takes what is left."""
    parts: list[int] = []
    left = outstanding
    for _ in range(periods - 1):
        parts.append(minimum_part(left, fraction, floor, rounding))
        left -= parts[-1]
    return (*parts, left)
