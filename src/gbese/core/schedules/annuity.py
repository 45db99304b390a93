"""Level payments: the principal parts of an annuity, with or without a balloon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import accumulate, compress
from operator import mul

from gbese.core.money import Rounding, round_minor
from gbese.core.schedules.errors import ScheduleError

NOTHING = Fraction(0)
_DIGITS = 80  # working precision of the level payment; far finer than any minor unit


@dataclass(frozen=True, slots=True)
class AnnuityRounding:
    """How the level payment and each period's interest become whole minor units."""

    payment: Rounding
    payment_multiple: int  # minor units; 1 keeps every unit
    interest: Rounding


@dataclass(frozen=True, slots=True)
class PaymentStep:
    """What a payment is of the first one: `factor` times it, and `addition` minor units more."""

    factor: Fraction
    addition: int


def level_payment(
    outstanding: int,
    period_rates: Sequence[Fraction],
    *,
    accrued: Fraction = NOTHING,
    balloon: int,
    rounding: AnnuityRounding,
    may_grow: bool = False,
    steps: Sequence[PaymentStep] = (),
) -> int:
    """The payment, in minor units, that repays `outstanding` but for `balloon` over the periods.

    Args:
        outstanding: minor units at the start of the first period.
        period_rates: what one unit costs in each period (rate times year fraction), ascending by
            date; at least one.
        accrued: interest in minor units that was earned before and is paid with the first payment.
        balloon: minor units due with the last payment on top of it.
        rounding: turns the payment into a whole multiple.
        may_grow: interest that a payment does not cover joins the debt.
        steps: of payments that rise or fall, one a period; then the first payment is told.

    Periods of many days may cost more than the level of a long loan. They pay their interest, for
    nothing is added to what is owed, and repay nothing; the level of the others is the one that
    brings the loan to its end. Where interest `may_grow` the debt, the level is the same for all.

    Source: the present value of level payments over actual periods, ACTUS contract type ANN.
    """
    unrounded = unrounded_level(
        outstanding, period_rates, accrued=accrued, balloon=balloon, may_grow=may_grow, steps=steps
    )
    return _in_multiples(unrounded, rounding)


def graduated_payments(
    first: int, steps: Sequence[PaymentStep], rounding: AnnuityRounding
) -> tuple[int, ...]:
    """The payments that rise or fall from the first one, each rounded as the first was."""
    return tuple(_in_multiples(first * step.factor + step.addition, rounding) for step in steps)


def _in_multiples(exact: Fraction, rounding: AnnuityRounding) -> int:
    multiple = rounding.payment_multiple
    return multiple * round_minor(exact.numerator, exact.denominator * multiple, rounding.payment)


def unrounded_level(
    outstanding: int,
    period_rates: Sequence[Fraction],
    *,
    accrued: Fraction,
    balloon: int,
    may_grow: bool = False,
    steps: Sequence[PaymentStep] = (),
) -> Fraction:
    """The same to eighty digits, before it is rounded."""
    with localcontext() as context:
        context.prec = _DIGITS
        rates = [_decimal(rate) for rate in period_rates]
        earned, most = _decimal(accrued), max(rates)
        factors = [_decimal(step.factor) for step in steps] or [Decimal(1)] * len(rates)
        additions = [step.addition for step in steps] or [0] * len(rates)
        repaying = [True] * len(rates)
        while True:
            level = _level_of_repaying(
                outstanding, rates, repaying, earned, balloon, factors, additions
            )
            payments = [
                level * factor + more for factor, more in zip(factors, additions, strict=True)
            ]
            if may_grow or outstanding * most + earned <= min(payments):
                return Fraction(level)
            covered = _covered(outstanding, rates, repaying, earned, payments)
            if covered == repaying:
                return Fraction(level)
            repaying = covered


def _level_of_repaying(
    outstanding: int,
    rates: Sequence[Decimal],
    repaying: Sequence[bool],
    earned: Decimal,
    balloon: int,
    factors: Sequence[Decimal],
    additions: Sequence[int],
) -> Decimal:
    """The level over the periods that repay; one that pays its interest alone leaves it as it is.

    Raises:
        ScheduleError: `rate_takes_all`: a period costs minus all that is owed, or less.
    """
    growths = [1 + rate for rate, repays in zip(rates, repaying, strict=True) if repays]
    if min(growths) <= 0:
        raise ScheduleError(problem="rate_takes_all")
    discounts: list[Decimal] = list(accumulate((1 / growth for growth in growths), mul))
    paid_with_first = earned * discounts[0] if repaying[0] else Decimal(0)
    present = outstanding + paid_with_first - balloon * discounts[-1]
    present -= sum(map(mul, discounts, compress(additions, repaying)), Decimal(0))
    return present / sum(map(mul, discounts, compress(factors, repaying)), Decimal(0))


def _covered(
    outstanding: int,
    rates: Sequence[Decimal],
    repaying: Sequence[bool],
    earned: Decimal,
    payments: Sequence[Decimal],
) -> list[bool]:
    """Of the repaying periods, those whose interest is covered; the last always repays."""
    covered: list[bool] = []
    left, cost_before = Decimal(outstanding), earned
    for rate, repays, payment in zip(rates[:-1], repaying[:-1], payments[:-1], strict=True):
        interest = left * rate + cost_before
        covered.append(repays and interest <= payment)
        if covered[-1]:
            left -= payment - interest
        cost_before = Decimal(0)
    return [*covered, True]


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def annuity_parts(
    outstanding: int,
    period_rates: Sequence[Fraction],
    *,
    accrued: Fraction = NOTHING,
    payments: Sequence[int],
    interest_rounding: Rounding,
    may_grow: bool = False,
) -> tuple[int, ...]:
    """The principal part of each period under its payment, in minor units.

    Interest of the first period includes what had `accrued` before.
    The last period takes what is left, so the parts add up to `outstanding`. A payment that does
    not cover a period's interest repays nothing in it, or with `may_grow` less than nothing: the
    part is what joins principal, below zero. One that repays all early leaves zeros.
    """
    parts: list[int] = []
    left = outstanding
    for number, (rate, payment) in enumerate(zip(period_rates, payments, strict=True), start=1):
        cost, parts_of_unit = left * rate.numerator, rate.denominator
        if number == 1 and accrued:
            exact = Fraction(cost, parts_of_unit) + accrued
            cost, parts_of_unit = exact.numerator, exact.denominator
        interest = round_minor(cost, parts_of_unit, interest_rounding)
        repaid = payment - interest if may_grow else max(payment - interest, 0)
        repaid = left if number == len(period_rates) else min(repaid, left)
        parts.append(repaid)
        left -= repaid
    return tuple(parts)
