"""Equal instalments of a flat rate: interest does not depend on what has been repaid."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gbese.core.money import Rounding, round_minor
from gbese.core.schedules.annuity import AnnuityRounding


def flat_level(
    outstanding: int, interests: Sequence[Fraction], *, balloon: int, rounding: AnnuityRounding
) -> int:
    """The instalment that repays `outstanding` but for `balloon`, and all interest, in equal parts.

    Args:
        outstanding: minor units.
        interests: of each period to come, minor units before rounding; at least one.
        balloon: minor units due with the last instalment on top of it.
        rounding: turns the instalment into a whole multiple.

    Source: (P + P f n) / n; worked as E07 and E21 in tests/golden.
    """
    to_pay = outstanding - balloon + sum(interests, Fraction(0))
    parts = len(interests) * rounding.payment_multiple
    return rounding.payment_multiple * round_minor(
        to_pay.numerator, to_pay.denominator * parts, rounding.payment
    )


def flat_parts(
    outstanding: int, interests: Sequence[Fraction], *, payment: int, rounding: Rounding
) -> tuple[int, ...]:
    """The principal part of each period: the instalment less its interest; the last has the rest.

    An instalment that does not cover its interest repays nothing.
    """
    parts: list[int] = []
    left = outstanding
    for number, exact in enumerate(interests, start=1):
        interest = round_minor(exact.numerator, exact.denominator, rounding)
        repaid = min(max(payment - interest, 0), left)
        parts.append(left if number == len(interests) else repaid)
        left -= parts[-1]
    return tuple(parts)
