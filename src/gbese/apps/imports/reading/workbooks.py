"""Workbooks: XLSX, XLS and ODS.

A workbook keeps a number as a binary fraction of 15 to 17 digits. It is turned into text at once,
by its shortest decimal form rounded to the 15 digits that spreadsheets themselves promise, so
1831234.56 stays 1831234.56; a number that needs more is not exact in the workbook either.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Protocol
from xml.parsers import expat

import python_calamine

from gbese.apps.imports.reading.headers import ROWS_LOOKED_AT, header_index
from gbese.apps.imports.reading.limits import (
    Limits,
    TooManyRows,
    WorkbookBroken,
    WorkbookSuspicious,
)
from gbese.apps.imports.tables import Row, Table

_CHUNK = 1024 * 1024
_FIFTEEN_DIGITS = Context(prec=15)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_OVERLAP = 200  # a reference may be cut by the end of a chunk
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError)

Cell = int | float | str | bool | date | datetime | time | timedelta


def workbook_tables(
    file_name: str, sha256: str, content: bytes, limits: Limits
) -> tuple[Table, ...]:
    """One table per sheet that has anything in it.

    Raises:
        WorkbookBroken, WorkbookSuspicious, TooManyRows.
    """
    if content.startswith(b"PK"):
        _check_package(file_name, content, limits)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        names = workbook.sheet_names
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in names]
    except (python_calamine.CalamineError, OSError, ValueError) as broken:
        raise WorkbookBroken(file=file_name) from broken
    tables = []
    for name, sheet in sheets:
        if sheet.total_height * sheet.total_width > limits.cells_max:
            raise TooManyRows(file=file_name, sheet=name, cells_max=limits.cells_max)
        if sheet.total_height > limits.rows_max + ROWS_LOOKED_AT:
            raise TooManyRows(file=file_name, sheet=name, rows_max=limits.rows_max)
        table = _table(file_name, sha256, name if len(names) > 1 else "", sheet)
        if table is not None:
            tables.append(table)
    return tuple(tables)


def _table(
    file_name: str, sha256: str, name: str, sheet: python_calamine.CalamineSheet
) -> Table | None:
    lines = _SheetLines(sheet)
    first: list[Row] = []
    for row in lines:
        first.append(row)
        if len(first) == ROWS_LOOKED_AT:
            break
    index = header_index([row.cells for row in first])
    if index is None:
        return None
    headers = tuple(cell.strip() for cell in first[index].cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    rows = _SheetRows(lines, first[index].line, len(headers))
    return Table(file_name, sha256, name, first[index].line, headers, rows, is_typed=True)


@dataclass(frozen=True, slots=True)
class _SheetLines:
    sheet: python_calamine.CalamineSheet = field(repr=False)

    def __iter__(self) -> Iterator[Row]:
        for line, cells in enumerate(self.sheet.iter_rows(), start=1):
            yield Row(line, tuple(map(cell_text, cells)))


@dataclass(frozen=True, slots=True)
class _SheetRows:
    lines: _SheetLines
    header_line: int
    width: int

    def __iter__(self) -> Iterator[Row]:
        for row in self.lines:
            if row.line > self.header_line and any(cell.strip() for cell in row.cells):
                extra = row.cells[self.width :]
                cells = row.cells if any(extra) else row.cells[: self.width]
                yield Row(row.line, cells)


def cell_text(cell: Cell) -> str:
    """A typed cell as text: days as ISO, numbers exact to the 15 digits a workbook keeps."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return _number_text(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def _number_text(number: float) -> str:
    shortest = Decimal(repr(number))
    if not shortest.is_finite():
        return repr(number)
    exact = _FIFTEEN_DIGITS.create_decimal(shortest)
    if exact == exact.to_integral_value():
        return format(exact.quantize(Decimal(1)) if exact.adjusted() < 15 else exact, "f")
    return format(exact.normalize(), "f")


def _check_package(file_name: str, content: bytes, limits: Limits) -> None:
    """Unpack every member once, counting, before any reader is let near it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            _check_members(file_name, members, len(content), limits)
            unpacked = 0
            for member in members:
                unpacked += _check_member(file_name, package, member, limits)
                if unpacked > limits.unpacked_bytes_max:
                    raise WorkbookSuspicious(
                        file=file_name, unpacked_bytes_max=limits.unpacked_bytes_max
                    )
    except (*_BROKEN, OSError, NotImplementedError, RuntimeError) as broken:
        raise WorkbookBroken(file=file_name) from broken


def _check_members(
    file_name: str, members: Sequence[zipfile.ZipInfo], size: int, limits: Limits
) -> None:
    if len(members) > limits.members_max:
        raise WorkbookSuspicious(
            file=file_name, members=len(members), members_max=limits.members_max
        )
    declared = sum(member.file_size for member in members)
    if declared > limits.unpacked_bytes_max:
        raise WorkbookSuspicious(
            file=file_name, unpacked_bytes=declared, unpacked_bytes_max=limits.unpacked_bytes_max
        )
    if declared > limits.unpacked_ratio_max * size:
        raise WorkbookSuspicious(
            file=file_name, ratio=declared // size, ratio_max=limits.unpacked_ratio_max
        )
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise WorkbookSuspicious(file=file_name, member=member.filename)
        if member.flag_bits & _ENCRYPTED:
            raise WorkbookBroken(file=file_name, member=member.filename)


def _check_member(
    file_name: str, package: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits
) -> int:
    """Unpack one member and give its size; entities and far-off cells are refused on the way."""
    name = member.filename.lower()
    extent: _Extent | None = None
    if "worksheets/" in name and name.endswith(".xml"):
        extent = _SheetExtent()
    elif name == "content.xml":
        extent = _ContentExtent()
    unpacked = 0
    with package.open(member) as opened:
        while chunk := opened.read(_CHUNK):
            if not unpacked and name.endswith((".xml", ".rels")):
                _refuse_entities(file_name, chunk)
            unpacked += len(chunk)
            if extent is not None and extent.after(chunk) > limits.cells_max:
                raise TooManyRows(file=file_name, cells_max=limits.cells_max)
    return unpacked


class _Extent(Protocol):
    """How many cells a reader would make of a sheet: its last row times its last column."""

    def after(self, chunk: bytes) -> int:
        """The cells so far."""
        ...


@dataclass(slots=True)
class _SheetExtent:
    """A sheet of XLSX says where each cell stands."""

    rows: int = 0
    columns: int = 0
    tail: bytes = b""

    def after(self, chunk: bytes) -> int:
        window = self.tail + chunk
        for letters, line in _CELL.findall(window):
            self.rows = max(self.rows, int(line))
            self.columns = max(self.columns, _column(letters))
        self.tail = window[-_OVERLAP:]
        return self.rows * self.columns


class _ContentExtent:
    """ODS says how often rows and cells repeat; empty ones to the end of the sheet are usual."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._row = self._column = 0
        self._row_repeats = self._row_width = 0
        self._rows = self._columns = 0

    def after(self, chunk: bytes) -> int:
        self._parser.Parse(chunk)
        return self._rows * self._columns

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "table":
                self._row = 0
            case "table-row":
                self._column = self._row_width = 0
                self._row_repeats = _repeats(attributes, "number-rows-repeated")
            case "table-cell" | "covered-table-cell":
                self._column += _repeats(attributes, "number-columns-repeated")
                if any(key.endswith("value-type") for key in attributes):
                    self._row_width = self._column

    def _end(self, name: str) -> None:
        if name.rpartition(" ")[2] == "table-row":
            self._row += self._row_repeats
            if self._row_width:
                self._rows = max(self._rows, self._row)
                self._columns = max(self._columns, self._row_width)


def _repeats(attributes: dict[str, str], name: str) -> int:
    told = next((fact for key, fact in attributes.items() if key.endswith(name)), "1")
    return int(told) if told.isdigit() else 1


def _refuse_entities(file_name: str, start: bytes) -> None:
    text = start.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise WorkbookSuspicious(file=file_name, part="DOCTYPE")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
