"""The rows of a table by fact: each cell is read strictly, or is a fault that says where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from gbese.apps.imports.conventions import (
    POINT,
    CellMissing,
    DateOrder,
    NumberStyle,
    WordUnknown,
    date_order,
    number_style,
    plain_number,
    read_day,
    read_money,
    read_rate,
)
from gbese.apps.imports.mappings import FileMapping, normal_header
from gbese.apps.imports.plans import Fault
from gbese.apps.imports.tables import Place, Row, Table
from gbese.core.errors import Refusal
from gbese.core.money import Currency, Money

_Read = TypeVar("_Read")


class CellFaulty(Exception):
    """A cell cannot be taken; the row it stands in is left, and the fault is told."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"{fault.place}: {fault.column}: {fault.code}")


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A table with its mapping, and what is decided once for the whole of it."""

    table: Table
    mapping: FileMapping
    columns: Mapping[str, int]
    dates: DateOrder
    numbers: NumberStyle

    def __iter__(self) -> Iterator[MappedRow]:
        for row in self.table.rows:
            yield MappedRow(self, row)


@dataclass(frozen=True, slots=True)
class MappedRow:
    """One row, read by the names of its facts."""

    mapped: MappedTable
    row: Row = field(repr=False)

    @property
    def place(self) -> Place:
        return self.mapped.table.place(self.row.line)

    def text(self, fact: str) -> str:
        """The cell, without blanks around it; the mapping's constant where there is no column."""
        index = self.mapped.columns.get(fact)
        if index is None:
            column = self.mapped.mapping.column_of(fact)
            return column.constant if column else ""
        return self.row.cells[index].strip() if index < len(self.row.cells) else ""

    def filled(self, fact: str) -> str:
        """The cell, which may not be empty."""
        text = self.text(fact)
        if not text:
            raise self.faulty(fact, CellMissing())
        return text

    def word(self, fact: str) -> str:
        """What the word in the cell means by the mapping."""
        text = self.text(fact)
        column = self.mapped.mapping.column_of(fact)
        words = column.words if column else {}
        meaning = words.get(normal_header(text))
        if meaning is None:
            raise self.faulty(fact, WordUnknown(known=", ".join(sorted(words))))
        return meaning

    def day(self, fact: str) -> date:
        return self._read(fact, lambda text: read_day(text, self.mapped.dates))

    def whole(self, fact: str) -> int:
        return self._read(fact, lambda text: int(plain_number(text, self.mapped.numbers)))

    def number(self, fact: str) -> str:
        """A number as exact text with one dot."""
        return self._read(fact, lambda text: plain_number(text, self.mapped.numbers))

    def money(self, fact: str, currency: Currency) -> Money:
        rounds = self.mapped.mapping.rounds
        return self._read(
            fact, lambda text: read_money(text, currency, self.mapped.numbers, rounds=rounds)
        )

    def rate(self, fact: str) -> Decimal:
        is_percent = self.mapped.mapping.is_percent
        return self._read(
            fact, lambda text: read_rate(text, self.mapped.numbers, is_percent=is_percent)
        )

    def faulty(self, fact: str, refusal: Refusal) -> CellFaulty:
        """The fault of a cell, for the reason a reader or a rule gives."""
        index = self.mapped.columns.get(fact)
        header = self.mapped.table.headers[index] if index is not None else fact
        facts = {name: str(told) for name, told in refusal.facts.items()}
        return CellFaulty(Fault(self.place, header, self.text(fact), refusal.code, facts))

    def _read(self, fact: str, reader: Callable[[str], _Read]) -> _Read:
        text = self.filled(fact)
        try:
            return reader(text)
        except Refusal as refusal:
            raise self.faulty(fact, refusal) from refusal
        except ValueError as broken:
            raise self.faulty(fact, WordUnknown(text=text)) from broken


def mapped_table(table: Table, mapping: FileMapping, day_facts: Sequence[str] = ()) -> MappedTable:
    """Find the columns of a mapping, and decide how the table writes days and numbers.

    Raises:
        DateOrderAmbiguous, NumberStyleAmbiguous: nothing in the table tells.
    """
    places = {normal_header(header): index for index, header in enumerate(table.headers)}
    columns: dict[str, int] = {}
    for column in mapping.columns:
        for header in column.headers:
            if normal_header(header) in places:
                columns[column.fact] = places[normal_header(header)]
                break
    dates, numbers = mapping.date_order, mapping.numbers
    if table.is_typed:
        dates, numbers = dates and DateOrder.YEAR_FIRST, POINT
    if dates is None:
        indexes = [columns[fact] for fact in day_facts if fact in columns]
        dates = date_order(
            row.cells[index] for row in table.rows for index in indexes if index < len(row.cells)
        )
    if numbers is None:
        numbers = number_style(cell for row in table.rows for cell in row.cells)
    return MappedTable(table, mapping, columns, dates, numbers)


def fitting(
    tables: Sequence[Table], mappings: Sequence[FileMapping]
) -> Sequence[FileMapping | None]:
    """For each table the mapping that fits it and needs the most columns; None where none fits."""
    return [
        max(
            (mapping for mapping in mappings if mapping.fits(table)),
            key=lambda mapping: sum(column.is_required for column in mapping.columns),
            default=None,
        )
        for table in tables
    ]
