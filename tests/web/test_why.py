"""Every step of a derivation has words; what is told in them is what the core reckoned."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from gbese.apps.lending.queries import Explained
from gbese.core.derivations.figures import derive, figures_of
from gbese.core.derivations.tree import FactKind, Formula
from gbese.interfaces.web import wording
from gbese.interfaces.web.why.shown import shown
from gbese.interfaces.web.why.wording import formula_text, is_worded
from tests.lives.test_derivations import STORIES, subject_of

DAYS = (date(2025, 3, 16), date(2025, 8, 23), date(2026, 7, 2))


@pytest.mark.parametrize("told", STORIES)
def test_every_step_is_worded(told: str) -> None:
    facts = STORIES[told].facts
    names: set[str] = set()
    for on in DAYS:
        subject = subject_of(facts, on)
        for figure in figures_of(subject):
            names |= {step.name for step in derive(subject, figure).steps()}
    assert {name for name in names if not is_worded(name)} == set()


def test_every_formula_is_worded() -> None:
    leaves = {Formula.FACT, Formula.FIGURE}
    assert all(formula_text(formula) for formula in Formula if formula not in leaves)


def test_a_derivation_is_shown_with_its_facts() -> None:
    story = STORIES["floating from the same_day"]
    on = date(2025, 2, 15)
    subject = subject_of(story.facts, on)
    explained = Explained(
        loan_number="L/1",
        figure="interest",
        on=on,
        terms=story.terms,
        event_kinds={1: "drawn", 2: "received", 3: "received"},
        derivation=derive(subject, "accrued.interest.1"),
    )
    facts = [step.fact for step in explained.derivation.leaves() if step.fact]
    assert {fact.key for fact in facts if fact.kind is FactKind.FIXING} == {
        "REF/2025-01-01",
        "REF/2025-02-10",
    }
    with override("en"):
        step = shown(explained, explained.derivation)
        rounding = step.parts[-1]
        assert (rounding.name, rounding.figure) == ("Rounding", wording.word("rounding", "half_up"))
        accrual = step.parts[0].parts[0]
    # 100,000.00 at 10 % + 2 % from 15 January to 10 February, 26 of 360 days.
    assert accrual.figure == "866.66666667"
    assert [part.figure for part in accrual.parts] == ["100,000.00", "12.00%", "0.0722222222"]
