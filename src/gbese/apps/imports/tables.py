"""A table as it was read: headers, and rows of text that know where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands, as a person finds it again: file, sheet and line, from 1."""

    file_name: str
    sheet: str  # empty where the file has no sheets
    line: int

    def __str__(self) -> str:
        where = f"{self.file_name}[{self.sheet}]" if self.sheet else self.file_name
        return f"{where}:{self.line}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; as many cells as the table has headers."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One sheet of a file. `rows` can be walked more than once, and holds text only.

    Cells of a workbook that are typed there come as text too: days as `2025-03-31`, numbers with
    ASCII digits and a dot, so that nothing passes through a binary fraction. `is_typed` tells that
    they were; a reader then needs no convention for dates and numbers.
    """

    file_name: str
    sha256: str
    sheet: str
    header_line: int
    headers: tuple[str, ...]
    rows: Iterable[Row] = field(repr=False)
    is_typed: bool = False

    def place(self, line: int) -> Place:
        return Place(self.file_name, self.sheet, line)
