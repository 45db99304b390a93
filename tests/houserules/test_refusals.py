"""Every refusal has one code, a sentence at the edge, and a line in the docs."""

import ast
import re
from collections import Counter, defaultdict

import pytest
from django.utils.translation import override

from gbese.core.errors import Refusal
from gbese.interfaces.web import wording
from tests.houserules.rules import REPOSITORY, SOURCE
from tools import write_docs


@pytest.fixture(scope="module")
def refusals() -> list[type[Refusal]]:
    return write_docs.refusals()


def test_two_refusals_do_not_have_one_code(refusals: list[type[Refusal]]) -> None:
    codes = Counter(kind.code for kind in refusals)
    assert {code: count for code, count in codes.items() if count > 1} == {}


def test_a_code_is_a_word_in_snake_case(refusals: list[type[Refusal]]) -> None:
    codes = [kind.code for kind in refusals]
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", code)] == []


def test_each_refusal_says_when_it_is_raised(refusals: list[type[Refusal]]) -> None:
    assert [kind.__name__ for kind in refusals if not kind.__doc__] == []


def test_each_refusal_is_worded(refusals: list[type[Refusal]]) -> None:
    with override("en"):
        assert [kind.code for kind in refusals if not wording.is_worded(kind.code)] == []


def _raised() -> dict[str, list[tuple[str, set[str]]]]:
    """By name of the refusal: where it is raised, and with which facts."""
    found: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                called = node.exc.func
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                facts = {keyword.arg for keyword in node.exc.keywords}
                if None not in facts:  # facts handed on as a whole are seen where they are made
                    place = f"{file.relative_to(SOURCE)}:{node.lineno}"
                    found[name].append((place, {fact for fact in facts if fact}))
    return found


def _is_in(place: str, kind: type[Refusal]) -> bool:
    """Whether the place is in the module of the refusal, of which another has a namesake."""
    return place.partition(".py:")[0].replace("/", ".") == kind.__module__.removeprefix("gbese.")


def test_a_sentence_names_only_facts_that_come_with_the_refusal(
    refusals: list[type[Refusal]],
) -> None:
    raised = _raised()
    names = Counter(kind.__name__ for kind in refusals)
    with override("en"):
        missing = [
            f"{place}: {kind.code} lacks {', '.join(sorted(named - facts))}"
            for kind in refusals
            if (named := set(re.findall(r"%\((\w+)\)", str(wording._REFUSALS.get(kind.code, "")))))
            for place, facts in raised[kind.__name__]
            if named - facts
            if names[kind.__name__] == 1 or _is_in(place, kind)
        ]
    assert missing == []


@pytest.mark.parametrize("name", write_docs.PAGES)
def test_the_pages_say_what_the_code_says(name: str) -> None:
    page = (REPOSITORY / "docs" / name).read_text(encoding="utf-8")
    assert page == write_docs.PAGES[name](), "run: make docs"
