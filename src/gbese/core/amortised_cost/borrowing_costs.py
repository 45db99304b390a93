"""Interest that joins the cost of an asset under construction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class WeightedAmount:
    """An amount, and the part of the year it stood or was spent for."""

    amount: Fraction
    part_of_year: Fraction

    @property
    def weighted(self) -> Fraction:
        """What it comes to over the year."""
        return self.amount * self.part_of_year


@dataclass(frozen=True, slots=True)
class GeneralBorrowing:
    """A loan taken for no one asset, over the part of the year it stood."""

    balance: WeightedAmount
    rate: Fraction

    @property
    def cost(self) -> Fraction:
        """What it cost in the year."""
        return self.balance.weighted * self.rate


def capitalisation_rate(borrowings: Sequence[GeneralBorrowing]) -> Fraction:
    """The weighted average cost of general borrowings, as a fraction a year.

    Source: IAS 23, 14.
    """
    cost = sum((each.cost for each in borrowings), Fraction(0))
    return cost / sum((each.balance.weighted for each in borrowings), Fraction(0))


def capitalised_cost(
    borrowings: Sequence[GeneralBorrowing], expenditure: Sequence[WeightedAmount]
) -> Fraction:
    """What joins the asset: weighted expenditure at the rate, but not more than was incurred.

    Source: IAS 23, 14.
    """
    spent = sum((each.weighted for each in expenditure), Fraction(0))
    incurred = sum((each.cost for each in borrowings), Fraction(0))
    return min(spent * capitalisation_rate(borrowings), incurred)
