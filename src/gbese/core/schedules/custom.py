"""Listed dates and amounts: the parts of a schedule that was agreed row by row."""

from __future__ import annotations

from collections.abc import Sequence

from gbese.core.money import Currency, Money, share


def scaled_parts(outstanding: int, listed: Sequence[int], currency: Currency) -> tuple[int, ...]:
    """`outstanding` minor units in the proportions of the listed rows; all on the last if none.

    Where `outstanding` is what was listed, the rows come back unchanged.
    """
    listed_total = sum(listed)
    if outstanding == listed_total:
        return tuple(listed)
    if listed_total <= 0:
        return (*(0 for _ in listed[:-1]), outstanding)
    return tuple(part.minor for part in share(Money(outstanding, currency), listed))


def shortened_parts(outstanding: int, listed: Sequence[int]) -> tuple[int, ...]:
    """The listed rows in order until `outstanding` is used up; the last row takes any rest."""
    parts: list[int] = []
    left = outstanding
    for number, row in enumerate(listed, start=1):
        repaid = left if number == len(listed) else min(row, left)
        parts.append(repaid)
        left -= repaid
    return tuple(parts)
