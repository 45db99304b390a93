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
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from gbese.apps.imports.conventions import DateUnreadable
from gbese.apps.imports.facts import FactReader
from gbese.apps.imports.mappings import FileMapping, shipped_mappings
from gbese.apps.imports.plans import Context, Fault, Finding, Plan
from gbese.apps.imports.tables import Place, Row, Table
from gbese.apps.rates.kinds import RateKind, SeriesUnit
from gbese.apps.rates.services import (
    MalformedCurrency,
    MalformedRate,
    NewExchangeRate,
    NewFixing,
    SeriesFixings,
    fraction_text,
    is_far_off,
)

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ABOVE_ZERO = re.compile(r"(?=.*[1-9])[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-01)?", re.ASCII)
_DECIMALS_MAX = 12  # more are the noise of a binary fraction
_NO_RATE = frozenset({"", ".", "-", "N/A", "n/a", "#N/A"})


@dataclass(slots=True)
class _Gathered:
    """What the tables hold so far."""

    exchange_rates: list[NewExchangeRate] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)  # of the exchange rates, in their order
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
        names: list[str] = []
        for table in tables:
            mapping = _mapping_of(table, context.mapping)
            if mapping is not None:
                names.append(mapping.name)
                _gather(FactReader(table, mapping, dates=["valid_on"], amounts=[]), gathered)
        gathered.findings += _far_off(gathered)
        return Plan(
            recipe=self.name,
            mapping=names[0] if len(set(names)) == 1 else "",
            exchange_rates=gathered.exchange_rates,
            fixings=[
                SeriesFixings(code=code, source=source, unit=unit, fixings=tuple(fixings))
                for (code, source, unit), fixings in gathered.fixings.items()
            ],
            faults=gathered.faults,
            findings=gathered.findings,
        )


def _mapping_of(table: Table, name: str = "") -> FileMapping | None:
    """The mapping that fits the table and needs the most of its columns."""
    return max(
        (
            mapping
            for mapping in shipped_mappings().values()
            if mapping.recipe == RatesRecipe.name
            and name in {"", mapping.name, mapping.recipe}
            and mapping.fits(table)
            and _has_its_series(mapping, table)
        ),
        key=lambda mapping: sum(column.is_required for column in mapping.columns),
        default=None,
    )


def _has_its_series(mapping: FileMapping, table: Table) -> bool:
    """A file of series is told by a header that names one."""
    series = mapping.settings.get("series")
    return not isinstance(series, dict) or any(header in series for header in table.headers)


def _gather(reader: FactReader, gathered: _Gathered) -> None:
    without_rate = rounded = 0
    for row in reader.rows():
        valid_on = _valid_on(reader)
        if valid_on is None:
            continue
        for column, text in _figures(reader, row):
            if text in _NO_RATE:
                without_rate += 1
                continue
            plain = _without_noise(text)
            rounded += plain != text
            _take(reader, column, plain, valid_on, gathered)
    gathered.faults += reader.faults
    place = reader.table.place(reader.table.header_line)
    gathered.findings += [
        Finding(place, reader.mapping.name, code, {"cells": str(cells)})
        for code, cells in (("days_without_rate", without_rate), ("rates_rounded", rounded))
        if cells
    ]


def _without_noise(text: str) -> str:
    """The figure to twelve decimals, where it has more."""
    _, dot, decimals = text.partition(".")
    if len(decimals) <= _DECIMALS_MAX or not (dot and decimals.isascii() and decimals.isdecimal()):
        return text
    try:
        return f"{Decimal(text).quantize(Decimal(1).scaleb(-_DECIMALS_MAX)).normalize():f}"
    except InvalidOperation:
        return text


def _far_off(gathered: _Gathered) -> list[Finding]:
    """Rates more than a fifth off the day before them in the same series of the files."""
    series: dict[tuple[str, str, str], list[tuple[date, int]]] = defaultdict(list)
    for number, rate in enumerate(gathered.exchange_rates):
        series[rate.source, rate.base, rate.quote].append((rate.valid_on, number))
    found: list[Finding] = []
    for days in series.values():
        days.sort()
        for (last_day, last_number), (_, number) in pairwise(days):
            rate, last = gathered.exchange_rates[number], gathered.exchange_rates[last_number]
            if is_far_off((rate.rate, rate.quantity), (last.rate, last.quantity)):
                found.append(
                    Finding(
                        gathered.places[number],
                        f"{rate.base}/{rate.quote}",
                        "rate_far_off",
                        {"rate": rate.rate, "last": last.rate, "on": last_day.isoformat()},
                    )
                )
    return found


def _valid_on(reader: FactReader) -> date | None:
    """The day a row is of; a rate of a month counts from its first day."""
    if not reader.has("valid_in_month"):
        return reader.day("valid_on", is_required=True)
    text = reader.text("valid_in_month", is_required=True)
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        reader.fault("valid_in_month", text, DateUnreadable.code, order="year-month")
        return None
    return date(int(match[1]), int(match[2]), 1)


def _figures(reader: FactReader, row: Row) -> Iterator[tuple[str, str]]:
    """The cells of a row that hold a figure, each with the header of its column."""
    settings = reader.mapping.settings
    match settings["layout"]:
        case "column_per_currency":
            for header, cell in zip(reader.table.headers, row.cells, strict=False):
                if _CURRENCY.fullmatch(header):
                    yield header, cell.strip()
        case "column_per_series":
            for header, cell in zip(reader.table.headers, row.cells, strict=False):
                if header in settings["series"]:
                    yield header, cell.strip()
        case _:
            yield reader.header_of("rate"), reader.text("rate")


def _take(reader: FactReader, column: str, text: str, valid_on: date, gathered: _Gathered) -> None:
    settings = reader.mapping.settings
    match settings["layout"]:
        case "column_per_series":
            _take_fixing(reader, column, text, valid_on, settings["series"][column], gathered)
        case "row_per_fixing":
            _take_fixing(reader, column, text, valid_on, settings, gathered)
        case layout:
            is_wide = layout == "column_per_currency"
            base = settings.get("base") or _currency(reader, "base")
            quote = column if is_wide else settings.get("quote") or _currency(reader, "quote")
            if _ABOVE_ZERO.fullmatch(text) is None:
                reader.fault(column, text, MalformedRate.code)
            elif base and quote:
                gathered.places.append(reader.table.place(reader.line))
                gathered.exchange_rates.append(
                    NewExchangeRate(
                        base=base,
                        quote=quote,
                        kind=RateKind(settings["kind"]),
                        source=settings["source"],
                        valid_on=valid_on,
                        rate=text,
                    )
                )


def _take_fixing(
    reader: FactReader,
    column: str,
    text: str,
    valid_on: date,
    told: Mapping[str, Any],
    gathered: _Gathered,
) -> None:
    unit = SeriesUnit(told["unit"])
    code = column if reader.mapping.settings["layout"] == "column_per_series" else told["series"]
    try:
        rate = text if unit is SeriesUnit.INDEX else fraction_text(text)
    except MalformedRate:
        reader.fault(column, text, MalformedRate.code)
        return
    gathered.fixings[code, told["source"], unit].append(NewFixing(valid_on, rate))


def _currency(reader: FactReader, fact: str) -> str:
    text = reader.text(fact, is_required=True)
    if text and _CURRENCY.fullmatch(text) is None:
        reader.fault(fact, text, MalformedCurrency.code)
        return ""
    return text
