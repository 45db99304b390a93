"""A mapping: which column of a file is which fact, and how the file writes it.

Shipped mappings are YAML in `gbese/data/mappings`; a person's own are kept in the same form. A
header fits when it is the same after case, spaces, punctuation and units are taken away, so one
mapping reads several generations of a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from gbese.apps.imports.conventions import COMMA, POINT, DateOrder, NumberStyle
from gbese.apps.imports.tables import Table
from gbese.core.errors import Refusal

_UNITS = re.compile(r"\((?:us\$|usd|\$|%|in us\$)\)|/ ?economy")
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc]")
_SIGNS = re.compile(r"[\W_]+")


class MappingUnknown(Refusal):
    """No mapping has this name."""

    code = "mapping_unknown"


class MappingMalformed(Refusal):
    """The mapping itself cannot be read: a key is missing or has a value it may not have."""

    code = "mapping_malformed"


class ColumnsMissing(Refusal):
    """The file lacks columns the mapping needs."""

    code = "columns_missing"


class MappingNotRecognised(Refusal):
    """No mapping fits the headers of the files."""

    code = "mapping_not_recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Where one fact is found.

    Attributes:
        fact: the name the recipe knows it by.
        headers: spellings of its column that are accepted.
        constant: the text that stands in for a column the file does not have.
        words: words of the file and what they mean; empty takes the text as it is.
    """

    fact: str
    headers: tuple[str, ...] = ()
    is_required: bool = False
    constant: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutRule:
    """Rows that are no loans: a fact matches a pattern, and none of `unless` is above zero."""

    fact: str
    pattern: re.Pattern[str]
    reason: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """How the files of one source are read.

    Attributes:
        recipe: the rules that turn rows into loans.
        date_order, numbers: None is decided from the file itself.
        rounds: amounts finer than their currency are rounded; otherwise they are faults.
        settings: what only the recipe understands.
    """

    name: str
    recipe: str
    columns: tuple[ColumnMapping, ...]
    title: str = ""
    credit: str = ""
    currency: str = ""
    side: str = ""
    date_order: DateOrder | None = None
    numbers: NumberStyle | None = None
    is_percent: bool = True
    rounds: bool = False
    left_out: tuple[LeftOutRule, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def column_of(self, fact: str) -> ColumnMapping | None:
        return next((column for column in self.columns if column.fact == fact), None)

    def missing_from(self, headers: Sequence[str]) -> tuple[str, ...]:
        """The required columns that a table does not have, as the mapping spells them first."""
        present = {normal_header(header) for header in headers}
        return tuple(
            column.headers[0] if column.headers else column.fact
            for column in self.columns
            if column.is_required
            and not column.constant
            and present.isdisjoint(map(normal_header, column.headers))
        )

    def fits(self, table: Table) -> bool:
        return not self.missing_from(table.headers)


def normal_header(header: str) -> str:
    """A header without what differs between editions of a file: case, signs, units, apostrophes."""
    text = unicodedata.normalize("NFKC", header).casefold()
    text = _APOSTROPHES.sub("", _UNITS.sub(" ", text))
    return _SIGNS.sub(" ", text).strip()


def header_signature(headers: Iterable[str]) -> str:
    """What two files with the same columns in the same order share."""
    return "|".join(map(normal_header, headers))


@cache
def shipped_mappings() -> Mapping[str, FileMapping]:
    """The mappings that come with the product, by name."""
    folder = files("gbese") / "data" / "mappings"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            mapping = mapping_from_yaml(file.read_text(encoding="utf-8"))
            found[mapping.name] = mapping
    return found


def mapping_from_yaml(text: str) -> FileMapping:
    """Read a mapping.

    Raises:
        MappingMalformed: with the key that is wrong.
    """
    try:
        told = yaml.safe_load(text)
        return _mapping(told)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, re.error, AttributeError) as wrong:
        raise MappingMalformed(reason=str(wrong)) from wrong


def mapping_to_yaml(mapping: FileMapping) -> str:
    """The mapping as text that `mapping_from_yaml` reads back."""
    whole: dict[str, Any] = {"name": mapping.name, "recipe": mapping.recipe}
    for key in ("title", "credit", "currency", "side"):
        if kept := getattr(mapping, key):
            whole[key] = kept
    if mapping.date_order:
        whole["dates"] = mapping.date_order.value
    if mapping.numbers:
        whole["numbers"] = "comma" if mapping.numbers == COMMA else "point"
    whole["rates"] = "percent" if mapping.is_percent else "fraction"
    whole["too_fine"] = "round" if mapping.rounds else "refuse"
    whole["columns"] = {column.fact: _column_told(column) for column in mapping.columns}
    if mapping.left_out:
        whole["left_out"] = [
            {
                "fact": rule.fact,
                "matches": rule.pattern.pattern,
                "reason": rule.reason,
                "unless": list(rule.unless),
            }
            for rule in mapping.left_out
        ]
    if mapping.settings:
        whole["settings"] = dict(mapping.settings)
    return str(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False))


def _column_told(column: ColumnMapping) -> dict[str, Any]:
    told: dict[str, Any] = {
        "headers": list(column.headers),
        "required": column.is_required,
        "constant": column.constant,
        "words": dict(column.words),
    }
    return {key: fact for key, fact in told.items() if fact}


def with_columns(
    mapping: FileMapping, chosen: Mapping[str, str], *, constants: Mapping[str, str]
) -> FileMapping:
    """The mapping with a person's choice: a header for each fact, or a constant for all rows."""
    columns = tuple(
        replace(
            column,
            headers=(chosen[column.fact],) if chosen.get(column.fact) else (),
            constant=constants.get(column.fact, ""),
        )
        for column in mapping.columns
    )
    return replace(mapping, columns=columns)


def _mapping(told: Mapping[str, Any]) -> FileMapping:
    numbers = {"point": POINT, "comma": COMMA, None: None}[told.get("numbers")]
    return FileMapping(
        name=str(told["name"]),
        recipe=str(told["recipe"]),
        title=str(told.get("title", "")),
        credit=str(told.get("credit", "")),
        currency=str(told.get("currency", "")),
        side=str(told.get("side", "")),
        date_order=DateOrder(told["dates"]) if told.get("dates") else None,
        numbers=numbers,
        is_percent={"percent": True, "fraction": False}[told.get("rates", "percent")],
        rounds={"round": True, "refuse": False}[told.get("too_fine", "refuse")],
        columns=tuple(_column(fact, found or {}) for fact, found in told["columns"].items()),
        left_out=tuple(
            LeftOutRule(
                fact=str(rule["fact"]),
                pattern=re.compile(rule["matches"]),
                reason=str(rule["reason"]),
                unless=tuple(rule.get("unless", ())),
            )
            for rule in told.get("left_out", ())
        ),
        settings=told.get("settings", {}),
    )


def _column(fact: str, told: Mapping[str, Any]) -> ColumnMapping:
    return ColumnMapping(
        fact=fact,
        headers=tuple(map(str, told.get("headers", ()))),
        is_required=bool(told.get("required", False)),
        constant=str(told.get("constant", "")),
        words={
            normal_header(str(word)): str(meaning)
            for word, meaning in told.get("words", {}).items()
        },
    )
