"""Amounts with the day, or the moment, they are paid: what a rate is worked out from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class DatedFlow:
    """An amount paid on a day: positive in one direction, negative in the other."""

    day: date
    amount: Fraction


@dataclass(frozen=True, slots=True)
class TimedFlow:
    """An amount and how far off it is: `whole` periods, which compound, and an `odd` part of one.

    The odd part costs simple interest: one unit due then is worth 1 / ((1 + odd i)(1 + i)^whole).
    A method that compounds over parts of a period as well has them in `whole`, and no odd part.
    """

    amount: Fraction
    whole: Fraction
    odd: Fraction = _ZERO

    @property
    def moment(self) -> Fraction:
        """How far off it is, in periods."""
        return self.whole + self.odd


def merged(flows: Iterable[TimedFlow]) -> tuple[TimedFlow, ...]:
    """One flow per moment, ascending; what cancels out at a moment is left away."""
    amounts: dict[tuple[Fraction, Fraction], Fraction] = {}
    for flow in flows:
        place = (flow.whole, flow.odd)
        amounts[place] = amounts.get(place, _ZERO) + flow.amount
    return tuple(
        sorted(
            (TimedFlow(amount, *place) for place, amount in amounts.items() if amount),
            key=lambda flow: flow.moment,
        )
    )


def changes_of_sign(flows: Sequence[TimedFlow]) -> int:
    """How often the direction turns from one moment to the next, in flows ascending by moment."""
    directions = [flow.amount > 0 for flow in flows]
    return sum(one != other for one, other in pairwise(directions))


def flows_by_period(amounts: Sequence[Fraction]) -> tuple[TimedFlow, ...]:
    """Amounts at the ends of equal periods; the first is paid now."""
    return tuple(TimedFlow(amount, Fraction(number)) for number, amount in enumerate(amounts))


def flows_by_days(flows: Sequence[DatedFlow], *, days_in_year: Fraction) -> tuple[TimedFlow, ...]:
    """Amounts with the years since the earliest of them: actual days over `days_in_year`."""
    start = min((flow.day for flow in flows), default=date.min)
    return tuple(TimedFlow(flow.amount, (flow.day - start).days / days_in_year) for flow in flows)


def days_since(start: date, days: Sequence[date]) -> tuple[int, ...]:
    """How many days after the start each of some days is."""
    return tuple((day - start).days for day in days)
