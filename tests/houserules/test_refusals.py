"""Every refusal has one code, a sentence at the edge, and a line in the docs."""

import re
from collections import Counter

import pytest
from django.utils.translation import override

from gbese.interfaces.web import wording
from tests.houserules.rules import REPOSITORY
from tools import write_docs


@pytest.fixture(scope="module")
def refusals() -> list[type]:
    return write_docs.refusals()


def test_two_refusals_do_not_have_one_code(refusals: list[type]) -> None:
    codes = Counter(kind.code for kind in refusals)
    assert {code: count for code, count in codes.items() if count > 1} == {}


def test_a_code_is_a_word_in_snake_case(refusals: list[type]) -> None:
    codes = [kind.code for kind in refusals]
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", code)] == []


def test_each_refusal_says_when_it_is_raised(refusals: list[type]) -> None:
    assert [kind.__name__ for kind in refusals if not kind.__doc__] == []


def test_each_refusal_is_worded(refusals: list[type]) -> None:
    with override("en"):
        assert [kind.code for kind in refusals if not wording.is_worded(kind.code)] == []


@pytest.mark.parametrize("name", write_docs.PAGES)
def test_the_pages_say_what_the_code_says(name: str) -> None:
    page = (REPOSITORY / "docs" / name).read_text(encoding="utf-8")
    assert page == write_docs.PAGES[name](), "run: make docs"
