"""Level payments: the principal parts of an annuity, with or without a balloon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import accumulate
from operator import mul

from gbese.core.money import Rounding, round_minor

NOTHING = Fraction(0)
_DIGITS = 50  # working precision of the level payment; far finer than any minor unit


@dataclass(frozen=True, slots=True)
class AnnuityRounding:
    """How the level payment and each period's interest become whole minor units."""

    payment: Rounding
    payment_multiple: int  # minor units; 1 keeps every unit
    interest: Rounding


def level_payment(
    outstanding: int,
    period_rates: Sequence[Fraction],
    *,
    accrued: Fraction = NOTHING,
    balloon: int,
    rounding: AnnuityRounding,
) -> int:
    """The payment, in minor units, that repays `outstanding` but for `balloon` over the periods.

    Args:
        outstanding: minor units at the start of the first period.
        period_rates: what one unit costs in each period (rate times year fraction), ascending by
            date; at least one.
        accrued: interest in minor units that was earned before and is paid with the first payment.
        balloon: minor units due with the last payment on top of it.
        rounding: turns the payment into a whole multiple.

    Source: the present value of level payments over actual periods, ACTUS contract type ANN.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        discounts = list(
            accumulate(
                (
                    Decimal(rate.denominator) / Decimal(rate.numerator + rate.denominator)
                    for rate in period_rates
                ),
                mul,
            )
        )
        earned = Decimal(accrued.numerator) / Decimal(accrued.denominator)
        present = outstanding + earned * discounts[0] - balloon * discounts[-1]
        unrounded = Fraction(present / sum(discounts))
    multiple = rounding.payment_multiple
    return multiple * round_minor(
        unrounded.numerator, unrounded.denominator * multiple, rounding.payment
    )


def annuity_parts(
    outstanding: int,
    period_rates: Sequence[Fraction],
    *,
    accrued: Fraction = NOTHING,
    payment: int,
    interest_rounding: Rounding,
) -> tuple[int, ...]:
    """The principal part of each period under a level `payment`, in minor units.

    Interest of the first period includes what had `accrued` before.
    The last period takes what is left, so the parts add up to `outstanding`. A payment that does
    not cover a period's interest repays nothing in it; one that repays all early leaves zeros.
    """
    parts: list[int] = []
    left = outstanding
    for number, rate in enumerate(period_rates, start=1):
        cost, parts_of_unit = left * rate.numerator, rate.denominator
        if number == 1 and accrued:
            exact = Fraction(cost, parts_of_unit) + accrued
            cost, parts_of_unit = exact.numerator, exact.denominator
        interest = round_minor(cost, parts_of_unit, interest_rounding)
        repaid = left if number == len(period_rates) else min(max(payment - interest, 0), left)
        parts.append(repaid)
        left -= repaid
    return tuple(parts)
