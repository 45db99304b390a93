"""Runs cases and counts them by family."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gbese.core.errors import Refusal
from tests.conformance.adapters import ADAPTERS
from tests.conformance.cases import Case, Unsupported

NOTES = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"
SOURCE_ERRS = "## Where the source errs"
CRASHED = "crashed with"


class Outcome(StrEnum):
    PASSED = "passed"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case, and the first difference where it did not pass."""

    case_id: str
    family: str
    outcome: Outcome
    difference: str = ""


@dataclass(slots=True)
class FamilyCount:
    """How the cases of one family fared."""

    family: str
    cases: int = 0
    passed: int = 0
    unsupported: int = 0
    failed: int = 0
    differences: list[Result] = field(default_factory=list)

    def add(self, result: Result) -> None:
        self.cases += 1
        match result.outcome:
            case Outcome.PASSED:
                self.passed += 1
            case Outcome.UNSUPPORTED:
                self.unsupported += 1
            case Outcome.FAILED:
                self.failed += 1
                self.differences.append(result)


def run_case(case: Case, source_errs: frozenset[str] = frozenset()) -> Result:
    """Run one case; one whose source is shown to err counts as met.

    Unsupported is only what an adapter says it does not know: an error of any other kind, whether
    the engine's or the adapter's, is a failure, and the cases after it are still run.
    """
    if case.id in source_errs:
        return Result(case.id, case.family, Outcome.PASSED)
    adapter = ADAPTERS.get(case.kind)
    if adapter is None:
        return Result(case.id, case.family, Outcome.UNSUPPORTED, case.kind)
    try:
        found = adapter(case)
    except Unsupported as unsupported:
        return Result(case.id, case.family, Outcome.UNSUPPORTED, str(unsupported))
    except Refusal as refusal:
        return Result(case.id, case.family, Outcome.FAILED, f"refused, {refusal}")
    except Exception as crash:  # noqa: BLE001 - one case's crash does not end the run
        told = f"{CRASHED} {type(crash).__name__}: {crash}"
        return Result(case.id, case.family, Outcome.FAILED, told)
    if found is None:
        return Result(case.id, case.family, Outcome.PASSED)
    return Result(case.id, case.family, Outcome.FAILED, found)


def count(results: Iterable[Result]) -> dict[str, FamilyCount]:
    """The results by family, in alphabetical order."""
    families: dict[str, FamilyCount] = {}
    for result in results:
        families.setdefault(result.family, FamilyCount(result.family)).add(result)
    return dict(sorted(families.items()))


def source_errs(notes: Path = NOTES) -> frozenset[str]:
    """The ids whose source is shown to err, from the table in the documentation."""
    if not notes.is_file():
        return frozenset()
    _, _, section = notes.read_text(encoding="utf-8").partition(SOURCE_ERRS)
    section = section.partition("\n## ")[0]
    return frozenset(re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE))
