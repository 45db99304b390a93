"""A derivation adds up from its facts to its figure."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gbese.core.derivations import Derivation, added, leaf, multiplied

# 1,000,000.00 at 18 % for 29 of 365 days.
INTEREST = multiplied(
    "interest_unrounded",
    (
        leaf("outstanding", 1_000_000, "event:1"),
        leaf("nominal_rate", Fraction(18, 100), "terms:rate"),
        Derivation("year_fraction", Fraction(29, 365), (leaf("days", 29, "terms:day_count"),)),
    ),
)


def test_a_product_and_a_sum_are_exact() -> None:
    assert INTEREST.figure == Fraction(1_000_000 * 18 * 29, 100 * 365)
    both = added("interest_of_the_period", (INTEREST, INTEREST))
    assert both.figure == 2 * Fraction(1_000_000 * 18 * 29, 100 * 365)
    assert both.parts == (INTEREST, INTEREST)


def test_the_leaves_are_facts() -> None:
    assert [(step.name, step.fact) for step in INTEREST.leaves()] == [
        ("outstanding", "event:1"),
        ("nominal_rate", "terms:rate"),
        ("days", "terms:day_count"),
    ]


def test_words_cannot_be_reckoned_with() -> None:
    with pytest.raises(TypeError):
        added("total", (leaf("day_count", "act_360", "terms:day_count"),))
