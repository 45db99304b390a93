"""Tables of exchange rates and of reference rates, whichever way they are laid out.

A blank or a dot is a day without a rate, never a rate of zero. Rates published in per cent are
kept as fractions of one with no digit lost; the level of an index is kept as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gbese.apps.imports.conventions import DateUnreadable
from gbese.apps.imports.mappings import FileMapping, shipped_mappings
from gbese.apps.imports.plans import Context, Fault, Finding, Plan
from gbese.apps.imports.recipes.mapped_rows import (
    CellFaulty,
    MappedRow,
    MappedTable,
    fitting,
    mapped_table,
)
from gbese.apps.imports.tables import Table
from gbese.apps.rates.kinds import RateKind, SeriesUnit
from gbese.apps.rates.services import (
    MalformedCurrency,
    MalformedRate,
    NewExchangeRate,
    NewFixing,
    SeriesFixings,
    fraction_text,
)

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ABOVE_ZERO = re.compile(r"(?=.*[1-9])[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-01)?", re.ASCII)
_NO_RATE = frozenset({"", ".", "-", "N/A", "n/a", "#N/A"})


@dataclass(slots=True)
class _Gathered:
    """What the tables hold so far."""

    exchange_rates: list[NewExchangeRate] = field(default_factory=list)
    fixings: dict[tuple[str, str, SeriesUnit], list[NewFixing]] = field(
        default_factory=lambda: defaultdict(list)
    )
    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class RatesRecipe:
    """Published rates, each with its source, kind and direction by the mapping of its layout."""

    name = "rates"

    def recognises(self, tables: Sequence[Table]) -> bool:
        """Whether every table has a layout of rates."""
        return bool(tables) and all(_mapping_of(table) is not None for table in tables)

    def plan(self, tables: Sequence[Table], context: Context) -> Plan:
        """The exchange rates and fixings of all tables; nothing is looked up or recorded."""
        gathered = _Gathered()
        for table in tables:
            mapping = _mapping_of(table, context.mapping)
            if mapping is not None:
                _gather(mapped_table(table, mapping, ("valid_on",)), gathered)
        return Plan(
            recipe=self.name,
            exchange_rates=gathered.exchange_rates,
            fixings=[
                SeriesFixings(code=code, source=source, unit=unit, fixings=tuple(fixings))
                for (code, source, unit), fixings in gathered.fixings.items()
            ],
            faults=gathered.faults,
            findings=gathered.findings,
        )


def _mapping_of(table: Table, name: str = "") -> FileMapping | None:
    mappings = [
        mapping
        for mapping in shipped_mappings().values()
        if mapping.recipe == RatesRecipe.name and name in {"", mapping.name, mapping.recipe}
    ]
    (found,) = fitting(
        [table], [mapping for mapping in mappings if _has_its_series(mapping, table)]
    )
    return found


def _has_its_series(mapping: FileMapping, table: Table) -> bool:
    """A file of series is told by a header that names one."""
    series = mapping.settings.get("series")
    return not isinstance(series, dict) or any(header in series for header in table.headers)


def _gather(mapped: MappedTable, gathered: _Gathered) -> None:
    settings = mapped.mapping.settings
    no_rate = 0
    for row in mapped:
        try:
            valid_on = _valid_on(row)
        except CellFaulty as faulty:
            gathered.faults.append(faulty.fault)
            continue
        for column, text in _figures(row, settings):
            if text in _NO_RATE:
                no_rate += 1
                continue
            try:
                _take(row, column, text, valid_on, gathered)
            except CellFaulty as faulty:
                gathered.faults.append(faulty.fault)
    if no_rate:
        place = mapped.table.place(mapped.table.header_line)
        gathered.findings.append(
            Finding(place, mapped.mapping.name, "days_without_rate", {"cells": str(no_rate)})
        )


def _valid_on(row: MappedRow) -> date:
    """The day a row is of; a rate of a month counts from its first day."""
    if "valid_in_month" not in row.mapped.columns:
        return row.day("valid_on")
    text = row.filled("valid_in_month")
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise row.faulty("valid_in_month", DateUnreadable(order="year-month"))
    return date(int(match[1]), int(match[2]), 1)


def _figures(row: MappedRow, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The cells of a row that hold a figure, each with the header of its column."""
    match settings["layout"]:
        case "column_per_currency":
            for header, cell in zip(row.mapped.table.headers, row.row.cells, strict=False):
                if _CURRENCY.fullmatch(header):
                    yield header, cell.strip()
        case "column_per_series":
            for header, cell in zip(row.mapped.table.headers, row.row.cells, strict=False):
                if header in settings["series"]:
                    yield header, cell.strip()
        case _:
            yield "rate", row.text("rate")


def _take(row: MappedRow, column: str, text: str, valid_on: date, gathered: _Gathered) -> None:
    settings = row.mapped.mapping.settings
    match settings["layout"]:
        case "column_per_series":
            series = settings["series"][column]
            _take_fixing(row, column, text, valid_on, (column, series), gathered)
        case "row_per_fixing":
            _take_fixing(row, column, text, valid_on, (settings["series"], settings), gathered)
        case layout:
            if _ABOVE_ZERO.fullmatch(text) is None:
                raise _malformed(row, column, text)
            wide = layout == "column_per_currency"
            gathered.exchange_rates.append(
                NewExchangeRate(
                    base=settings.get("base") or _currency(row, "base"),
                    quote=column if wide else settings.get("quote") or _currency(row, "quote"),
                    kind=RateKind(settings["kind"]),
                    source=settings["source"],
                    valid_on=valid_on,
                    rate=text,
                )
            )


def _take_fixing(
    row: MappedRow,
    column: str,
    text: str,
    valid_on: date,
    series: tuple[str, Mapping[str, Any]],
    gathered: _Gathered,
) -> None:
    code, told = series
    unit = SeriesUnit(told["unit"])
    try:
        rate = text if unit is SeriesUnit.INDEX else fraction_text(text)
    except MalformedRate as malformed:
        raise _malformed(row, column, text) from malformed
    gathered.fixings[code, told["source"], unit].append(NewFixing(valid_on, rate))


def _currency(row: MappedRow, fact: str) -> str:
    text = row.filled(fact)
    if _CURRENCY.fullmatch(text) is None:
        raise row.faulty(fact, MalformedCurrency())
    return text


def _malformed(row: MappedRow, column: str, text: str) -> CellFaulty:
    return CellFaulty(Fault(row.place, column, text, MalformedRate.code))
