"""The rates at which flows come to nothing: all of them, or a reasoned no.

The value of flows at a rate is a sum of falling curves, one per flow. Between two rates it lies
between what comes in at the higher less what goes out at the lower, and the other way round; so a
stretch that cannot hold a root is known as such, and one in which the value only rises or only
falls holds at most one. Stretches that are neither are cut in two. Nothing is guessed from a start
value. Where the direction of the flows turns once, there is one root at most and it is bracketed
at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from math import lcm

from gbese.core.errors import Refusal
from gbese.core.money import Rounding, round_minor
from gbese.core.yields.flows import TimedFlow, changes_of_sign, merged

# Rates are looked for between losing all but a millionth of a millionth a period, and growing by
# a million millions.
RATE_MIN = Decimal("-0.999999999999")
RATE_MAX = Decimal(10**12)

_CONTEXT = Context(prec=50, rounding=ROUND_HALF_EVEN)
_ONE = Decimal(1)
_NARROW = Decimal("1E-15")  # of the growth: stretches are not cut below this
_TOUCHES = Decimal("1E-22")  # of all that is paid: as near to zero as a touching value comes
_CLOSE = Decimal("1E-38")  # of the growth: how near a root is found
_APART = Decimal("1E-12")  # of the growth: two touches nearer than this are one
_SETTLED_DIGITS = 25  # what is below them is the solver's, not the rate's
_STEPS_MAX = 400


class NoRateExists(Refusal):
    """No rate makes the flows worth nothing."""

    code = "no_rate_exists"


class SeveralRatesExist(Refusal):
    """More than one rate makes the flows worth nothing; `rates` are all of them, ascending."""

    code = "several_rates_exist"


@dataclass(frozen=True, slots=True)
class _Value:
    """What flows are worth at one growth, in and out apart, and how fast each falls."""

    growth: Decimal
    received: Decimal
    paid: Decimal
    received_fall: Decimal
    paid_fall: Decimal

    @property
    def net(self) -> Decimal:
        return self.received - self.paid


@dataclass(frozen=True, slots=True)
class _Term:
    gap: int  # steps since the term before
    whole: Decimal
    odd: Decimal
    amount: Decimal


class _Curve:
    """The value of flows by the growth of one period, which is one plus the rate."""

    __slots__ = ("_denominator", "_terms")

    def __init__(self, flows: Sequence[TimedFlow]) -> None:
        self._denominator = lcm(*(flow.whole.denominator for flow in flows))
        steps = [int(flow.whole * self._denominator) for flow in flows]
        self._terms = tuple(
            _Term(step - before, _decimal(flow.whole), _decimal(flow.odd), _decimal(flow.amount))
            for flow, step, before in zip(flows, steps, [0, *steps], strict=False)
        )

    def at(self, growth: Decimal) -> _Value:
        """The value where one unit grows to `growth` in a period."""
        step = _ONE / growth
        if self._denominator > 1:
            step = (-growth.ln() / self._denominator).exp()
        powers: dict[int, Decimal] = {}
        compounded, rate = _ONE, growth - 1
        received = paid = received_fall = paid_fall = Decimal(0)
        for term in self._terms:
            if term.gap not in powers:
                powers[term.gap] = step**term.gap
            compounded *= powers[term.gap]
            worth, falls = compounded * abs(term.amount), term.whole / growth
            if term.odd:
                simple = 1 + term.odd * rate
                worth /= simple
                falls += term.odd / simple
            if term.amount > 0:
                received += worth
                received_fall += worth * falls
            else:
                paid += worth
                paid_fall += worth * falls
        return _Value(growth, received, paid, received_fall, paid_fall)


def rates_solving(flows: Iterable[TimedFlow]) -> tuple[Decimal, ...]:
    """Every rate of a period at which the flows come to nothing, ascending; none if there is none.

    Rates are looked for from `RATE_MIN` to `RATE_MAX`. Each is a fraction of one (0.24 for 24 per
    cent) and good to 30 digits.

    Source: by turns of direction, Descartes' rule of signs for sums of exponentials; by stretches,
    the bounds of a sum of falling convex terms.
    """
    by_moment = merged(flows)
    turns = changes_of_sign(by_moment)
    if not turns:
        return ()
    with localcontext(_CONTEXT):
        curve = _Curve(by_moment)
        low, high = curve.at(1 + RATE_MIN), curve.at(1 + RATE_MAX)
        if turns == 1:
            growths = [_root(curve, low, high)] if _crosses(low, high) else []
        else:
            growths = sorted(_growths(curve, low, high))
        return tuple(growth - 1 for growth in growths)


def sole_rate(flows: Iterable[TimedFlow]) -> Decimal:
    """The one rate of a period at which the flows come to nothing.

    Raises:
        NoRateExists: there is none.
        SeveralRatesExist: there are several, so none of them is *the* rate.
    """
    rates = rates_solving(flows)
    if not rates:
        raise NoRateExists(rate_min=RATE_MIN, rate_max=RATE_MAX)
    if len(rates) > 1:
        raise SeveralRatesExist(rates=tuple(settled(rate, 6) for rate in rates))
    return rates[0]


def smallest_rate_from_zero(flows: Iterable[TimedFlow]) -> Decimal:
    """The smallest rate, zero or more, at which the flows come to nothing.

    Raises:
        NoRateExists: every rate there is, is negative.
    """
    from_zero = [rate for rate in rates_solving(flows) if settled(rate, _SETTLED_DIGITS) >= 0]
    if not from_zero:
        raise NoRateExists(rate_min=Decimal(0), rate_max=RATE_MAX)
    return from_zero[0]


def settled(figure: Decimal | Fraction, decimals: int) -> Decimal:
    """The figure at so many decimals, half up.

    What the search left in the last digits does not decide a half: the figure is first taken at
    25 decimals.
    """
    exact = Fraction(figure)
    for digits in (_SETTLED_DIGITS, decimals):
        scale = 10**digits
        exact = Fraction(
            round_minor(exact.numerator * scale, exact.denominator, Rounding.HALF_UP), scale
        )
    return _decimal(exact).quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT)


def in_per_cent(rate: Decimal | Fraction, decimals: int) -> Decimal:
    """A rate as it is printed: per cent, half up at so many decimals."""
    return settled(Fraction(rate) * 100, decimals)


def _decimal(exact: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _crosses(low: _Value, high: _Value) -> bool:
    return (low.net > 0) is not (high.net > 0)


def _growths(curve: _Curve, low: _Value, high: _Value) -> Iterator[Decimal]:
    """The roots between two growths, each once."""
    stretches, touched = [(low, high)], list[Decimal]()
    while stretches:
        low, high = stretches.pop()
        if high.received > low.paid or low.received < high.paid:
            continue
        if high.received_fall > low.paid_fall or low.received_fall < high.paid_fall:
            if _crosses(low, high):
                yield _root(curve, low, high)
            continue
        middle = curve.at((low.growth * high.growth).sqrt())
        if high.growth - low.growth > _NARROW * low.growth:
            stretches += [(low, middle), (middle, high)]
        elif _touches(middle, touched):
            touched.append(middle.growth)
            yield middle.growth


def _touches(value: _Value, touched: Sequence[Decimal]) -> bool:
    """Whether the value comes to zero here without crossing it, and this was not seen before."""
    is_new = all(abs(value.growth - other) > _APART * other for other in touched)
    return is_new and abs(value.net) <= _TOUCHES * (value.received + value.paid)


def _root(curve: _Curve, low: _Value, high: _Value) -> Decimal:
    """The growth between two at which the value crosses zero: Newton's steps, kept in bounds."""
    rises = high.net > 0
    floor, ceiling = low.growth, high.growth
    growth, moved = (floor * ceiling).sqrt(), ceiling - floor
    for _ in range(_STEPS_MAX):
        value = curve.at(growth)
        if not value.net:
            return growth
        if (value.net > 0) is rises:
            ceiling = growth
        else:
            floor = growth
        slope = value.paid_fall - value.received_fall
        following = growth - value.net / slope if slope else floor
        if not floor < following < ceiling or 2 * abs(following - growth) > moved:
            following = (floor * ceiling).sqrt()
        moved = abs(following - growth)
        if moved <= _CLOSE * growth:
            return following
        growth = following
    message = f"no convergence between {floor} and {ceiling}"
    raise AssertionError(message)
