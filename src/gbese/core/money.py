"""Exact money: whole minor units with a currency, and the one way to round into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from gbese.core.errors import Refusal

ANALYSIS_DIGITS = 24  # minor digits of an amount that is analysed and not booked
MINOR_MAX = 9_000_000_000_000_000_000  # a signed 64-bit column holds it
_AMOUNT = re.compile(r"(-?)([0-9]{1,19})(?:\.([0-9]{1,9}))?", re.ASCII)


class MalformedAmount(Refusal):
    """The text is not an amount: ASCII digits, one dot, an optional leading minus."""

    code = "malformed_amount"


class AmountTooFine(Refusal):
    """The amount has more decimals than its currency has minor digits."""

    code = "amount_too_fine"


class AmountTooLarge(Refusal):
    """The amount does not fit 64-bit minor units."""

    code = "amount_too_large"


class CurrencyMismatch(Refusal):
    """Two amounts of different currencies cannot be added or compared."""

    code = "currency_mismatch"


class Rounding(StrEnum):
    """How an unrounded figure becomes whole minor units."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code and the number of its minor digits."""

    code: str
    exponent: int

    def __str__(self) -> str:
        return self.code

    @property
    def is_for_analysis(self) -> bool:
        """Whether its minor unit is so fine that nothing visible is ever rounded."""
        return self.exponent == ANALYSIS_DIGITS

    def for_analysis(self) -> Currency:
        """The same currency counted in units so fine that figures come out unrounded.

        All arithmetic stays exact in whole units; the ledger refuses such amounts.
        """
        return Currency(self.code, ANALYSIS_DIGITS)


@dataclass(frozen=True, slots=True)
class Money:
    """Whole minor units of one currency: `Money(12_345, NGN)` is 123.45 naira."""

    minor: int
    currency: Currency

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.plain()} {self.currency.code}"

    @property
    def amount(self) -> Decimal:
        """The same amount in major units, exactly: 123.45."""
        return Decimal(self.plain())

    def for_analysis(self) -> Money:
        """The same amount in the units of analysis."""
        finer = ANALYSIS_DIGITS - self.currency.exponent
        return Money(self.minor * 10**finer, self.currency.for_analysis())

    def plain(self) -> str:
        """The amount as a machine writes it: ASCII digits, a dot, the currency's decimals."""
        digits = str(abs(self.minor)).rjust(self.currency.exponent + 1, "0")
        sign = "-" if self.minor < 0 else ""
        if not self.currency.exponent:
            return sign + digits
        return f"{sign}{digits[: -self.currency.exponent]}.{digits[-self.currency.exponent :]}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency.code, right=other.currency.code)
        return other.minor


def zero(currency: Currency) -> Money:
    """Nothing of a currency."""
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: Currency) -> Money:
    """The sum of amounts that are all in `currency`; zero of it when there are none."""
    return sum(amounts, start=zero(currency))


def money_from_text(text: str, currency: Currency) -> Money:
    """Read `"1234.50"` exactly.

    Raises:
        MalformedAmount: anything but ASCII digits, one dot and an optional leading minus.
        AmountTooFine: a decimal beyond the currency's minor digits that is not zero.
        AmountTooLarge: it does not fit 64-bit minor units.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise MalformedAmount(text=text, currency=currency.code)
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if fraction[currency.exponent :].strip("0"):
        raise AmountTooFine(text=text, currency=currency.code, decimals_max=currency.exponent)
    minor = int(whole + fraction[: currency.exponent].ljust(currency.exponent, "0"))
    if minor > MINOR_MAX:
        raise AmountTooLarge(text=text, currency=currency.code)
    return Money(-minor if sign else minor, currency)


def round_minor(numerator: int, denominator: int, rounding: Rounding) -> int:
    """`numerator / denominator` as a whole number; `denominator` is positive.

    HALF_UP takes a half away from zero, UP takes any rest away from zero, DOWN drops it.
    """
    magnitude, rest = divmod(abs(numerator), denominator)
    match rounding:
        case Rounding.HALF_UP:
            magnitude += 2 * rest >= denominator
        case Rounding.HALF_EVEN:
            magnitude += 2 * rest > denominator or (2 * rest == denominator and magnitude % 2 == 1)
        case Rounding.UP:
            magnitude += rest > 0
        case Rounding.DOWN:
            pass
    return -magnitude if numerator < 0 else magnitude


def round_money(unrounded: Decimal | Fraction, currency: Currency, rounding: Rounding) -> Money:
    """The bridge from an unrounded figure in major units to whole minor units."""
    exact = Fraction(unrounded) * 10**currency.exponent
    return Money(round_minor(exact.numerator, exact.denominator, rounding), currency)


def round_to_multiple(amount: Money, multiple_minor: int, rounding: Rounding) -> Money:
    """The nearest multiple of `multiple_minor` minor units, in the direction of `rounding`."""
    return Money(
        round_minor(amount.minor, multiple_minor, rounding) * multiple_minor, amount.currency
    )


def share(amount: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """Split an amount by weights without losing a unit; the largest remainders take the rest.

    Returns:
        One part per weight, in their order; the parts add up to `amount` exactly.
    """
    weight_sum = sum(weights)
    if weight_sum <= 0:
        message = f"weights add up to {weight_sum}"
        raise AssertionError(message)
    floors = [amount.minor * weight // weight_sum for weight in weights]
    rests = [amount.minor * weight % weight_sum for weight in weights]
    missing = amount.minor - sum(floors)
    for index in sorted(range(len(weights)), key=lambda i: -rests[i])[:missing]:
        floors[index] += 1
    return tuple(Money(part, amount.currency) for part in floors)
