"""Published cases as they are stored: one JSON object a line, one family a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

# A case is a document with another shape for every kind; its adapter reads what it needs.
Document = dict[str, Any]
T = TypeVar("T")


class Unsupported(Exception):
    """The engine has no such method yet."""


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case; `terms` and `steps` are as the source gives them."""

    id: str
    family: str
    kind: str
    terms: Document
    steps: tuple[Document, ...]
    tolerance: Fraction

    def day(self, term: str) -> date | None:
        """A date of the terms, where it is given."""
        text = self.terms.get(term)
        return None if text is None else date.fromisoformat(text)

    def required_day(self, term: str) -> date:
        """A date that the terms of this kind always give."""
        return date.fromisoformat(self.terms[term])


def read_cases(folder: Path) -> Iterator[Case]:
    """All cases below the folder, by file and line."""
    for file in sorted(folder.rglob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            yield from (_case(json.loads(line), file) for line in lines if line.strip())


def _case(document: Document, file: Path) -> Case:
    return Case(
        id=document["id"],
        family=document.get("family", file.stem),
        kind=document["kind"],
        terms=document.get("terms", {}),
        steps=tuple(document.get("steps", ())),
        tolerance=Fraction(document.get("tolerance", {}).get("abs", "0")),
    )


def difference(name: str, expected: object, actual: object) -> str | None:
    """How the two differ, if they do."""
    return None if expected == actual else f"{name}: expected {expected}, got {actual}"


def apart(expected: Iterable[T], actual: Iterable[T]) -> tuple[list[T], list[T]]:
    """What is missing and what is there too much, each as often as it is; order does not count."""
    wanted, found = Counter(expected), Counter(actual)
    return list((wanted - found).elements()), list((found - wanted).elements())


def number_difference(
    name: str, expected: str, actual: Fraction, tolerance: Fraction
) -> str | None:
    """How far the two are apart, if it is more than the tolerance."""
    apart = abs(actual - Fraction(expected))
    if apart <= tolerance:
        return None
    return f"{name}: expected {expected}, got {told(actual)}"


def told(exact: Fraction) -> str:
    """A fraction with twelve decimals, for people."""
    scaled = round(exact * 10**12)
    sign, digits = "-" * (scaled < 0), str(abs(scaled)).rjust(13, "0")
    return f"{sign}{digits[:-12]}.{digits[-12:]}"
