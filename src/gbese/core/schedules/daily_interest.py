"""Level payments of a loan that costs simple interest by the day, within ceilings.

Interest runs on principal for the days between payments and is rounded when a payment takes it;
what rounding cut off is not carried on. A ceiling by day limits the rate, one in total limits all
interest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from gbese.core.money import Rounding, round_minor
from gbese.core.schedules.errors import ScheduleError

_NOTHING = Fraction(0)


class FinalPayment(StrEnum):
    """How the last payment, which takes the rest, stands to the others."""

    LOWER = "lower"  # no larger, by as little as may be
    HIGHER = "higher"  # no smaller, by as little as may be
    SIMILAR = "similar"  # as near as may be


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyInterest:
    """What a day costs: a fraction of principal, within the ceilings agreed or laid down."""

    daily_rate: Fraction
    daily_ceiling: Fraction | None = None  # of principal a day
    total_ceiling: Fraction | None = None  # of what was lent
    rounding: Rounding = Rounding.DOWN

    @property
    def charged_rate(self) -> Fraction:
        """The daily rate that may be charged."""
        if self.daily_ceiling is None:
            return self.daily_rate
        return min(self.daily_rate, self.daily_ceiling)

    def earned(self, principal: int, days: int, *, lent: int, so_far: Fraction) -> Fraction:
        """Interest of some days, in minor units, no more than the ceiling leaves."""
        interest = principal * days * self.charged_rate
        if self.total_ceiling is None:
            return interest
        return min(interest, max(lent * self.total_ceiling - so_far, _NOTHING))


@dataclass(frozen=True, slots=True)
class DailyRow:
    """One payment, `day` days after the loan was made; minor units, `earned` before rounding."""

    day: int
    earned: Fraction
    interest: int
    principal: int
    outstanding_after: int

    @property
    def payment(self) -> int:
        """Interest and principal together."""
        return self.interest + self.principal


def daily_rows(
    lent: int, days: Sequence[int], price: DailyInterest, *, payment: int
) -> tuple[DailyRow, ...]:
    """The rows under a level payment; the last takes all that is left.

    Args:
        lent: minor units, on day 0.
        days: of the payments, ascending, counted from the day the loan was made.
        price: what a day costs.
        payment: minor units.
    """
    rows: list[DailyRow] = []
    left, before, total = lent, 0, _NOTHING
    for number, day in enumerate(days, start=1):
        earned = price.earned(left, day - before, lent=lent, so_far=total)
        interest = round_minor(earned.numerator, earned.denominator, price.rounding)
        repaid = left if number == len(days) else min(payment - interest, left)
        left -= repaid
        total += earned
        before = day
        rows.append(DailyRow(day, earned, interest, repaid, left))
    return tuple(rows)


def level_daily_rows(
    lent: int, days: Sequence[int], price: DailyInterest, *, final: FinalPayment
) -> tuple[DailyRow, ...]:
    """The rows whose payments are level, but for a last one that stands to them as agreed.

    A minor unit more in each payment is less in the last one: the smallest level whose last payment
    is no larger, and the one below it, are all there is to choose from.

    Raises:
        ScheduleError: `no_dates`, there are no payments.

    Source: lenders' practice under the UK's price cap for short-term credit (FCA, CONC 5A).
    """
    if not days:
        raise ScheduleError(problem="no_dates")
    low, high = 0, lent + ceil(lent * days[-1] * price.charged_rate)
    while low < high:
        payment = (low + high) // 2
        if _rest(lent, days, price, payment) <= 0:
            high = payment
        else:
            low = payment + 1
    below = max(high - 1, 0)
    rest, rest_below = (_rest(lent, days, price, level) for level in (high, below))
    takes_below = rest < 0 and (
        final is FinalPayment.HIGHER or (final is FinalPayment.SIMILAR and rest_below < -rest)
    )
    return daily_rows(lent, days, price, payment=below if takes_below else high)


def interest_share(rows: Sequence[DailyRow], lent: int) -> Fraction:
    """All interest as a part of what was lent."""
    return Fraction(sum(row.interest for row in rows), lent)


def _rest(lent: int, days: Sequence[int], price: DailyInterest, payment: int) -> int:
    """By how much the last payment is larger than the others."""
    return daily_rows(lent, days, price, payment=payment)[-1].payment - payment
