"""The loss a lender expects, and what a regulator asks for on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gbese.core.amortised_cost.effective_interest import (
    ExpectedFlow,
    discount_factor,
    present_value,
)


@dataclass(frozen=True, slots=True)
class DefaultProspect:
    """What may go wrong at one moment: how likely, how much is owed then, what part is lost."""

    moment: Fraction  # years from now
    probability: Fraction  # of default then and not before
    exposure: Fraction
    loss_given_default: Fraction


@dataclass(frozen=True, slots=True)
class ProvisionBand:
    """A class of the regulator's table: its balance and the part to be provided."""

    balance: Fraction
    part: Fraction


def expected_credit_loss(
    prospects: Sequence[DefaultProspect], *, effective_rate: Decimal
) -> Fraction:
    """Losses by moment, weighted by how likely they are, at the effective rate; unrounded.

    One prospect within the year is stage 1; all of the life is stage 2.

    Source: IFRS 9, 5.5.17 and B5.5.28 to B5.5.44.
    """
    return sum(
        (
            prospect.probability
            * prospect.loss_given_default
            * prospect.exposure
            * discount_factor(effective_rate, prospect.moment)
            for prospect in prospects
        ),
        Fraction(0),
    )


def impaired_loss(
    gross: Fraction, expected: Sequence[ExpectedFlow], *, effective_rate: Decimal
) -> Fraction:
    """Stage 3: the gross carrying amount less the value of the cash still expected.

    Source: IFRS 9, B5.5.33.
    """
    return gross - present_value(effective_rate, expected)


def prudential_provision(bands: Sequence[ProvisionBand]) -> Fraction:
    """What a regulator's table asks for."""
    return sum((band.balance * band.part for band in bands), Fraction(0))


def transfer_to_reserve(provision: Fraction, expected_loss: Fraction) -> Fraction:
    """What of retained earnings is kept apart where the regulator asks for more than IFRS expects.

    Source: Nigerian prudential guidelines: a regulatory risk reserve, no entry in profit or loss.
    """
    return max(provision - expected_loss, Fraction(0))
