"""The published cases: a family never passes fewer than it did, and the runner tells the truth."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.adapters import ADAPTERS
from tests.conformance.cases import Case, read_cases
from tests.conformance.running import (
    CRASHED,
    FamilyCount,
    Outcome,
    count,
    run_case,
    source_errs,
)

REPOSITORY = Path(__file__).resolve().parents[2]
ADAPTER_MODULES = sorted((REPOSITORY / "tests" / "conformance" / "adapters").glob("*.py"))
RATCHET: dict[str, int] = json.loads(
    (REPOSITORY / "tests" / "conformance" / "ratchet.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def families(shared_cases: Path) -> dict[str, FamilyCount]:
    met = source_errs()
    return count(run_case(case, met) for case in read_cases(shared_cases))


@pytest.mark.shared
@pytest.mark.parametrize("family", sorted(RATCHET))
def test_a_family_passes_at_least_as_many_as_before(
    families: dict[str, FamilyCount], family: str
) -> None:
    failing = [f"{result.case_id}: {result.difference}" for result in families[family].differences]
    assert families[family].passed >= RATCHET[family], failing[:20]


@pytest.mark.shared
def test_each_case_whose_source_errs_would_fail_without_its_proof(shared_cases: Path) -> None:
    doubted = source_errs()
    results = {case.id: run_case(case) for case in read_cases(shared_cases) if case.id in doubted}
    assert doubted == set(results)
    assert {result.outcome for result in results.values()} == {Outcome.FAILED}
    assert [each for each in results.values() if each.difference.startswith(CRASHED)] == []


def case_of(**changed: object) -> Case:
    facts: dict[str, Any] = {
        "id": "own/1",
        "family": "day-count",
        "kind": "year_fraction",
        "terms": {"convention": "ACT/360", "start": "2024-01-31", "end": "2024-02-29"},
        "steps": ({"check": "days", "value": 29},),
        "tolerance": Fraction(0),
    }
    return Case(**(facts | changed))


def test_a_case_that_agrees_passes() -> None:
    assert run_case(case_of()).outcome is Outcome.PASSED


def test_a_case_that_differs_fails_and_says_how() -> None:
    result = run_case(case_of(steps=({"check": "days", "value": 30},)))
    assert (result.outcome, result.difference) == (Outcome.FAILED, "days: expected 30, got 29")


def test_a_kind_without_an_adapter_is_unsupported() -> None:
    assert run_case(case_of(kind="loan_timeline_of_another_world")).outcome is Outcome.UNSUPPORTED


def test_an_unknown_convention_is_unsupported() -> None:
    terms = {"convention": "MOON/29", "start": "2024-01-31", "end": "2024-02-29"}
    assert run_case(case_of(terms=terms)).outcome is Outcome.UNSUPPORTED


@pytest.mark.parametrize(
    ("crash", "told"),
    [
        (TypeError("no such sum"), "crashed with TypeError: no such sum"),
        (LookupError("no such row"), "crashed with LookupError: no such row"),
        (ZeroDivisionError("by nothing"), "crashed with ZeroDivisionError: by nothing"),
    ],
)
def test_a_case_that_crashes_the_engine_fails(
    monkeypatch: pytest.MonkeyPatch, crash: Exception, told: str
) -> None:
    def crashing(_: Case) -> str | None:
        raise crash

    monkeypatch.setitem(ADAPTERS, "year_fraction", crashing)
    result = run_case(case_of())
    assert (result.outcome, result.difference) == (Outcome.FAILED, told)


def test_a_case_told_in_words_nobody_knows_fails() -> None:
    terms = {"start": "2024-01-31", "end": "2024-02-29"}
    result = run_case(case_of(terms=terms))
    assert (result.outcome, result.difference) == (
        Outcome.FAILED,
        "crashed with KeyError: 'convention'",
    )


def test_the_command_prints_a_table_and_writes_json(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    good = {
        "id": "own/1",
        "family": "own",
        "kind": "year_fraction",
        "terms": {"convention": "ACT/360", "start": "2024-01-31", "end": "2024-02-29"},
        "steps": [{"check": "days", "value": 29}],
    }
    bad = good | {"id": "own/2", "steps": [{"check": "days", "value": 30}]}
    unknown = good | {"id": "own/3", "kind": "unheard_of"}
    lines = [json.dumps(case) for case in (good, bad, unknown)]
    (cases / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report = tmp_path / "report.json"

    run = subprocess.run(
        [sys.executable, "-m", "tests.conformance", str(cases), "--json", str(report)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout.splitlines()[-2:] == [
        "failed own/2: days: expected 30, got 29",
        "1 passed, 2 failed",
    ]
    assert json.loads(report.read_text(encoding="utf-8")) == {
        "families": [{"family": "own", "cases": 3, "passed": 1, "unsupported": 1, "failed": 1}]
    }


@pytest.mark.parametrize("adapter", ADAPTER_MODULES, ids=lambda module: module.stem)
def test_an_adapter_is_short_and_computes_nothing(adapter: Path) -> None:
    code = adapter.read_text(encoding="utf-8")
    computed = [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr)
    ]
    assert computed == []
    assert len(code.splitlines()) <= 150
