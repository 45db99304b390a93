"""Reading rows through a mapping: facts of a row, and a fault for each cell that gives none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from gbese.apps.imports.conventions import (
    POINT,
    CellMissing,
    DateOrder,
    NumberStyle,
    WordUnknown,
    date_order,
    is_too_fine,
    number_style,
    read_day,
    read_money,
    read_rate,
)
from gbese.apps.imports.mappings import FileMapping, LeftOutRule, normal_header
from gbese.apps.imports.plans import ColumnSum, Fault, Finding
from gbese.apps.imports.tables import Row, Table
from gbese.core.errors import Refusal
from gbese.core.money import Currency, Money

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_ONE_PERCENT = Decimal("0.01")


class FactReader:
    """The rows of one table, read through one mapping.

    Args:
        dates, amounts: the facts that are days, and those that are amounts or rates: the order of
            dates and the style of numbers are decided from their columns when the mapping does not.

    A row is entered with `rows`; its facts are then asked for by name. A cell that cannot be read
    leaves a fault and gives None; `is_faulty` tells whether the row has any.
    """

    def __init__(
        self,
        table: Table,
        mapping: FileMapping,
        *,
        dates: Sequence[str],
        amounts: Sequence[str],
    ) -> None:
        self.table = table
        self.mapping = mapping
        self.faults: list[Fault] = []
        self._columns = _columns(table, mapping)
        self._cells: tuple[str, ...] = ()
        self._line = table.header_line
        self._faults_before = 0
        self._row_amounts: list[tuple[str, Money]] = []
        self._sums: dict[tuple[str, Currency], list[int]] = {}
        self._rounded: Counter[str] = Counter()
        self._highest_rates: dict[str, Decimal] = {}
        self._words = {column.fact: column.words for column in mapping.columns if column.words}
        missing = mapping.missing_from(table.headers)
        for header in missing:
            self._fault(header, "", "column_missing", {})
        self.is_readable = not missing
        self._date_order = DateOrder.YEAR_FIRST
        self._numbers = POINT
        if self.is_readable:
            self._decide(dates, amounts)

    @property
    def is_faulty(self) -> bool:
        """Whether the row that is being read has a fault."""
        return len(self.faults) > self._faults_before

    @property
    def line(self) -> int:
        return self._line

    def rows(self) -> Iterator[Row]:
        """Each row in turn; a row with fewer or more cells than headers is a fault by itself."""
        width = len(self.table.headers)
        for row in self.table.rows:
            self._line = row.line
            self._cells = row.cells
            self._faults_before = len(self.faults)
            self._row_amounts = []
            extra = row.cells[width:]
            if len(row.cells) < width:
                facts = {"cells": str(len(row.cells)), "headers": str(width)}
                self._fault("", "", "row_cut_short", facts)
            elif any(cell.strip() for cell in extra):
                facts = {"cells": str(len(row.cells)), "headers": str(width)}
                self._fault("", ",".join(extra)[:60], "row_too_long", facts)
            if self.is_faulty:
                continue
            yield row

    def header_of(self, fact: str) -> str:
        """The column as the file spells it; the fact itself where it has none."""
        index = self._columns.get(fact)
        return fact if index is None else self.table.headers[index]

    def has(self, fact: str) -> bool:
        """Whether the file has the column, or the mapping a constant for it."""
        if fact in self._columns:
            return True
        column = self.mapping.column_of(fact)
        return bool(column and column.constant)

    def text(self, fact: str, *, is_required: bool = False) -> str:
        """The cell without spaces around it; the constant where the cell is empty."""
        index = self._columns.get(fact)
        text = " ".join(self._cells[index].split()) if index is not None else ""
        if not text:
            column = self.mapping.column_of(fact)
            text = column.constant if column else ""
        if not text and is_required:
            self._fault(self.header_of(fact), "", CellMissing.code, {})
        return text

    def word(self, fact: str, meanings: Mapping[str, str] | None = None) -> str:
        """What the word of the cell means, by the mapping, then by `meanings`.

        A word unknown to both is a fault; empty stays empty.
        """
        text = self.text(fact)
        if not text:
            return ""
        folded = normal_header(text)
        told = self._words.get(fact, {})
        if folded in told:
            return told[folded]
        if meanings is None:
            return text
        if folded in meanings:
            return meanings[folded]
        self._fault(self.header_of(fact), text, WordUnknown.code, {})
        return ""

    def day(self, fact: str, *, is_required: bool = False) -> date | None:
        text = self.text(fact, is_required=is_required)
        if not text:
            return None
        try:
            return read_day(text, self._date_order)
        except Refusal as refused:
            self._refuse(fact, text, refused)
            return None

    def money(self, fact: str, currency: Currency, *, is_required: bool = False) -> Money | None:
        """An amount; it is added to the sum of its column."""
        text = self.text(fact, is_required=is_required)
        if not text:
            return None
        try:
            amount = read_money(text, currency, self._style(text), rounds=self.mapping.rounds)
        except Refusal as refused:
            self._refuse(fact, text, refused)
            return None
        if self.mapping.rounds and "." in text and is_too_fine(text, currency, self._style(text)):
            self._rounded[fact] += 1
        self._row_amounts.append((fact, amount))
        return amount

    def rate(self, fact: str, *, is_required: bool = False) -> Decimal | None:
        text = self.text(fact, is_required=is_required)
        if not text:
            return None
        try:
            rate = read_rate(text, self._style(text), is_percent=self.mapping.is_percent)
        except Refusal as refused:
            self._refuse(fact, text, refused)
            return None
        if self._is_typed_number(text):
            self._highest_rates[fact] = max(rate, self._highest_rates.get(fact, rate))
        return rate

    def left_out_by(self) -> LeftOutRule | None:
        """The rule that leaves this row out, if there is one."""
        for rule in self.mapping.left_out:
            if rule.pattern.search(self.text(rule.fact)) and not any(
                self._is_more_than_zero(fact) for fact in rule.unless
            ):
                return rule
        return None

    def fault(self, fact: str, text: str, code: str, **facts: str) -> None:
        """This row cannot be taken, because of one of its facts."""
        self._fault(self.header_of(fact) if fact else "", text, code, facts)

    def finding(self, subject: str, code: str, **facts: str) -> Finding:
        return Finding(self.table.place(self._line), subject, code, facts)

    def count_row(self, *, taken: bool = False, left_out: bool = False) -> None:
        """Add the amounts of the row to the sums of their columns."""
        part = 0 if taken else 1 if left_out else 2
        for fact, amount in self._row_amounts:
            sums = self._sums.setdefault((fact, amount.currency), [0, 0, 0])
            sums[part] += amount.minor

    def column_sums(self) -> list[ColumnSum]:
        return [
            ColumnSum(
                self.table.file_name,
                self.header_of(fact),
                currency,
                *(Money(minor, currency) for minor in parts),
            )
            for (fact, currency), parts in self._sums.items()
        ]

    def rounding_findings(self) -> list[Finding]:
        """The columns in which amounts finer than their currency were rounded."""
        place = self.table.place(self.table.header_line)
        return [
            Finding(place, self.header_of(fact), "amounts_rounded", {"cells": str(cells)})
            for fact, cells in self._rounded.items()
        ]

    def rate_findings(self) -> list[Finding]:
        """Columns of a workbook whose rates may be fractions that it only shows as per cent."""
        place = self.table.place(self.table.header_line)
        return [
            Finding(place, self.header_of(fact), "rates_below_one_percent", {})
            for fact, highest in self._highest_rates.items()
            if self.mapping.is_percent and 0 < highest <= _ONE_PERCENT
        ]

    def _decide(self, dates: Sequence[str], amounts: Sequence[str]) -> None:
        try:
            self._date_order = self.mapping.date_order or date_order(self._texts(dates))
        except Refusal as refused:
            header = next(self.header_of(fact) for fact in dates if fact in self._columns)
            self._fault(header, "", refused.code, _told(refused))
            self.is_readable = False
        written = (text for text in self._texts(amounts) if not self._is_typed_number(text))
        try:
            self._numbers = self.mapping.numbers or number_style(written)
        except Refusal as refused:
            header = next(self.header_of(fact) for fact in amounts if fact in self._columns)
            self._fault(header, "", refused.code, _told(refused))
            self.is_readable = False

    def _is_typed_number(self, text: str) -> bool:
        """Whether a workbook has this cell as a number: it is plain then, whatever the rest is."""
        return self.table.is_typed and _PLAIN.fullmatch(text) is not None

    def _style(self, text: str) -> NumberStyle:
        return POINT if self._is_typed_number(text) else self._numbers

    def _texts(self, facts: Sequence[str]) -> Iterator[str]:
        indices = [self._columns[fact] for fact in facts if fact in self._columns]
        for row in self.table.rows:
            for index in indices:
                if index < len(row.cells) and (text := row.cells[index].strip()):
                    yield text

    def _is_more_than_zero(self, fact: str) -> bool:
        return any(digit in "123456789" for digit in self.text(fact))

    def _refuse(self, fact: str, text: str, refused: Refusal) -> None:
        self._fault(self.header_of(fact), text, refused.code, _told(refused))

    def _fault(self, column: str, text: str, code: str, facts: Mapping[str, str]) -> None:
        self.faults.append(Fault(self.table.place(self._line), column, text, code, facts))


def _columns(table: Table, mapping: FileMapping) -> dict[str, int]:
    """The index of the column of each fact; of two columns that fit, the first."""
    positions: dict[str, int] = {}
    for index, header in enumerate(table.headers):
        positions.setdefault(normal_header(header), index)
    found = {}
    for column in mapping.columns:
        for header in column.headers:
            position = positions.get(normal_header(header))
            if position is not None:
                found[column.fact] = position
                break
    return found


def _told(refused: Refusal) -> dict[str, str]:
    return {name: str(fact) for name, fact in refused.facts.items() if name not in {"text", "file"}}
