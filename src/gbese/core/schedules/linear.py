"""Equal principal: the parts of a linear schedule."""

from __future__ import annotations

from gbese.core.money import Rounding, round_minor


def linear_parts(outstanding: int, periods: int, *, rounding: Rounding) -> tuple[int, ...]:
    """`outstanding` minor units in `periods` equal parts; the last takes what rounding left over.

    Source: the differentiated schedule of bank practice; worked in tests/golden.
    """
    part = round_minor(outstanding, periods, rounding)
    return fixed_parts(outstanding, periods, part=part)


def fixed_parts(outstanding: int, periods: int, *, part: int) -> tuple[int, ...]:
    """`part` minor units a period until nothing is left; the last period takes any rest."""
    parts: list[int] = []
    left = outstanding
    for number in range(1, periods + 1):
        repaid = left if number == periods else min(part, left)
        parts.append(repaid)
        left -= repaid
    return tuple(parts)
