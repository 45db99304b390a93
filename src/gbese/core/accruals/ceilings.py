"""A ceiling shared by claims: the day it is reached, and who gets the rest of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from gbese.core.accruals.claims import AccruingClaim

_FIRST_LOOK_DAYS = 64


def first_day_above(
    claims: Sequence[AccruingClaim], ceiling: int, *, after: date, last: date | None
) -> date | None:
    """The first day, after `after` and up to `last`, on which the claims exceed the ceiling.

    Args:
        claims: what shares the ceiling; their accrued totals never fall.
        ceiling: minor units.
        after: a day on which the ceiling still holds.
        last: where to stop looking; None looks as far as dates go.

    Returns:
        The day, or None where the ceiling holds throughout.
    """

    def is_above(day: date) -> bool:
        return sum(claim.accrued(day) for claim in claims) > ceiling

    if last is None:
        last = _far_day_above(after, is_above)
    if last is None or last <= after or not is_above(last):
        return None
    low, high = after, last
    while (high - low).days > 1:
        middle = low + timedelta(days=(high - low).days // 2)
        low, high = (low, middle) if is_above(middle) else (middle, high)
    return high


def shares_of_the_rest(
    claims: Sequence[AccruingClaim], ceiling: int, *, day: date
) -> tuple[int, ...]:
    """What each claim may still accrue on the `day` that exceeds the ceiling, in minor units.

    The claims are served in their order; the shares fill the ceiling exactly.
    """
    eve = day - timedelta(days=1)
    rest = max(ceiling - sum(claim.accrued(eve) for claim in claims), 0)
    shares: list[int] = []
    for claim in claims:
        part = min(rest, claim.accrued(day) - claim.accrued(eve))
        shares.append(part)
        rest -= part
    return tuple(shares)


def _far_day_above(after: date, is_above: Callable[[date], bool]) -> date | None:
    days = _FIRST_LOOK_DAYS
    while days < (date.max - after).days:
        day = after + timedelta(days=days)
        if is_above(day):
            return day
        days *= 4
    return None
