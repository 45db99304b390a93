"""The tour's blocks run, in order, as one program: what it claims of the code is so."""

from __future__ import annotations

import re

import pytest

from tests import documents

TOUR = documents.DOCS / "tour.md"


def test_the_tour_runs() -> None:
    assert len(documents.blocks(TOUR.name)) == 5
    documents.run(TOUR.name)


@pytest.mark.parametrize("page", ["methods/effective-rate.md", "methods/amortised-cost.md"])
def test_the_examples_of_a_method_run(page: str) -> None:
    assert documents.blocks(page)
    documents.run(page)


def test_the_tour_names_modules_that_exist() -> None:
    package = TOUR.parent.parent / "src" / "gbese"
    named = re.findall(
        r"`((?:core|apps|columns|interfaces)/[a-z_/]+(?:\.py)?)`", TOUR.read_text("utf-8")
    )
    assert named
    assert [name for name in named if not (package / name).exists()] == []
