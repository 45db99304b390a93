"""One rate told in another's terms: by the period, by the year, compounded, or taken in advance.

Rates are fractions: 0.24 is 24 per cent. What can be exact is a `Fraction`; what needs a root or a
logarithm is a `Decimal` of 50 significant digits.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from gbese.core.errors import Refusal

PRECISION = 50
_GUARD_DIGITS = 10
_CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN)
_WIDER = Context(prec=PRECISION + _GUARD_DIGITS, rounding=ROUND_HALF_EVEN)
_DAYS_A_YEAR = 365
_MONTHS_A_YEAR = 12


class RateNotConvertible(Refusal):
    """The rate has no counterpart: it would lose everything, or more."""

    code = "rate_not_convertible"


def periodic_rate(nominal_rate: Decimal, periods_per_year: Fraction | int) -> Fraction:
    """The rate of one period: i = j / m."""
    return Fraction(nominal_rate) / periods_per_year


def effective_rate(nominal_rate: Decimal, periods_per_year: int) -> Fraction:
    """The yearly rate that compounding `periods_per_year` times comes to: (1 + j/m)^m - 1.

    Raises:
        RateNotConvertible: a period would lose all that was lent, or more.
    """
    growth = 1 + periodic_rate(nominal_rate, periods_per_year)
    _require_growth(growth, rate=nominal_rate)
    return growth**periods_per_year - 1


def periodic_rate_of_effective(effective: Decimal, periods_per_year: Fraction | int) -> Decimal:
    """The rate of one period that compounds to the yearly one: (1 + e)^(1/m) - 1.

    Raises:
        RateNotConvertible: the year would lose all that was lent, or more.
    """
    growth = 1 + Fraction(effective)
    _require_growth(growth, rate=effective)
    exponent = 1 / Fraction(periods_per_year)
    logarithm = _WIDER.multiply(_wide(growth).ln(_WIDER), _wide(exponent))
    return _CONTEXT.plus(_WIDER.subtract(logarithm.exp(_WIDER), Decimal(1)))


def nominal_rate_of_effective(effective: Decimal, periods_per_year: Fraction | int) -> Decimal:
    """The nominal rate that compounds to the yearly one: j = m ((1 + e)^(1/m) - 1).

    Raises:
        RateNotConvertible: the year would lose all that was lent, or more.
    """
    periodic = periodic_rate_of_effective(effective, periods_per_year)
    return _CONTEXT.multiply(periodic, _wide(Fraction(periods_per_year)))


def period_rate_compounding(
    nominal_rate: Decimal, *, compounds_per_year: int, payments_per_year: int
) -> Fraction:
    """The rate of one payment period where the nominal rate compounds by other periods.

    (1 + j/m)^(m/p) - 1: a Canadian mortgage compounds twice a year and is paid by the month. Exact
    where both are the same; 50 digits otherwise.

    Raises:
        RateNotConvertible: a period would lose all that was lent, or more.

    Source: Interest Act of Canada, section 6.
    """
    if compounds_per_year == payments_per_year:
        return periodic_rate(nominal_rate, payments_per_year)
    growth = 1 + periodic_rate(nominal_rate, compounds_per_year)
    _require_growth(growth, rate=nominal_rate)
    exponent = _wide(Fraction(compounds_per_year, payments_per_year))
    logarithm = _WIDER.multiply(_wide(growth).ln(_WIDER), exponent)
    return Fraction(_WIDER.subtract(logarithm.exp(_WIDER), Decimal(1)))


def continuous_rate(effective: Decimal) -> Decimal:
    """The rate that, compounding at every moment, comes to the yearly one: ln(1 + e).

    Raises:
        RateNotConvertible: the year would lose all that was lent, or more.
    """
    growth = 1 + Fraction(effective)
    _require_growth(growth, rate=effective)
    return _CONTEXT.plus(_wide(growth).ln(_WIDER))


def effective_rate_of_continuous(continuous: Decimal) -> Decimal:
    """The yearly rate that compounding at every moment comes to: exp(delta) - 1."""
    return _CONTEXT.plus(_WIDER.subtract(continuous.exp(_WIDER), Decimal(1)))


def yearly_rate_of_daily(daily_rate: Decimal) -> Decimal:
    """A rate per day told per year, without compounding: j = 365 d, exactly."""
    return Context(prec=len(daily_rate.as_tuple().digits) + 3).multiply(daily_rate, _DAYS_A_YEAR)


def yearly_rate_of_monthly(monthly_rate: Decimal) -> Decimal:
    """A rate per month told per year, without compounding: j = 12 m, exactly."""
    digits = len(monthly_rate.as_tuple().digits) + 2
    return Context(prec=digits).multiply(monthly_rate, _MONTHS_A_YEAR)


def flat_charge(flat_rate: Decimal, years: Fraction | int) -> Fraction:
    """Interest on the original principal for the whole term, as a part of it: f n."""
    return Fraction(flat_rate) * years


def rate_of_discount(discount_rate: Decimal, years: Fraction | int) -> Fraction:
    """The simple yearly rate on what is really lent when interest is taken first: r / (1 - rt).

    Raises:
        RateNotConvertible: the interest in advance takes all of the loan, or more.
    """
    rate = Fraction(discount_rate)
    _require_growth(1 - rate * years, rate=discount_rate)
    return rate / (1 - rate * years)


def _require_growth(growth: Fraction, *, rate: Decimal) -> None:
    if growth <= 0:
        raise RateNotConvertible(rate=rate)


def _wide(exact: Fraction) -> Decimal:
    return _WIDER.divide(Decimal(exact.numerator), Decimal(exact.denominator))
