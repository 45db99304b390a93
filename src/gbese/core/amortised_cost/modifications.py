"""Changed terms: whether the old loan has gone, and what the change costs or brings at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gbese.core.amortised_cost.effective_interest import ExpectedFlow, present_value


@dataclass(frozen=True, slots=True)
class ModificationTest:
    """Old and new flows compared at the original effective rate; amounts unrounded."""

    old_value: Fraction  # of what was still expected
    new_value: Fraction  # of the changed flows, with fees between the parties
    threshold: Fraction  # from which share of the old value a change is substantial

    @property
    def difference(self) -> Fraction:
        """How far apart the two are, whichever is larger."""
        return abs(self.new_value - self.old_value)

    @property
    def share(self) -> Fraction:
        """The difference as a part of the old value."""
        return self.difference / self.old_value

    @property
    def is_substantial(self) -> bool:
        """Whether the figures alone extinguish the old loan; a change of kind does so as well."""
        return self.share >= self.threshold


def modification_test(
    old_value: Fraction,
    new_flows: Sequence[ExpectedFlow],
    *,
    original_rate: Decimal,
    fees_between_parties: Fraction = Fraction(0),
    threshold: Fraction,
) -> ModificationTest:
    """The 10 per cent test of a borrower's changed terms.

    Args:
        old_value: of the remaining old flows at the original rate: the amortised cost.
        new_flows: after the change, with moments since it.
        original_rate: the effective rate of a period, unrounded.
        fees_between_parties: net, paid to the lender at the change; others' fees stay out.
        threshold: a fraction; the standard says a tenth.

    Source: IFRS 9, 3.3.2, B3.3.6 and B3.3.6A.
    """
    new_value = present_value(original_rate, new_flows) + fees_between_parties
    return ModificationTest(old_value, new_value, threshold)


def modification_gain(
    carrying: Fraction, new_flows: Sequence[ExpectedFlow], *, original_rate: Decimal
) -> Fraction:
    """What a borrower gains at once where the old loan stays; negative is a loss.

    The carrying amount becomes the value of the new flows at the original rate. A lender's gain is
    the same with the opposite sign.

    Source: IFRS 9, 5.4.3 and B5.4.6.
    """
    return carrying - present_value(original_rate, new_flows)


def extinguishment_loss(carrying: Fraction, new_fair_value: Fraction, fees: Fraction) -> Fraction:
    """What a borrower loses at once where a new loan replaces the old; negative is a gain.

    Source: IFRS 9, 3.3.3 and B3.3.6A: all fees and costs are part of it.
    """
    return new_fair_value + fees - carrying
