"""Tables in text: values with commas, semicolons or tabs between them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from gbese.apps.imports.reading.headers import ROWS_LOOKED_AT, header_index
from gbese.apps.imports.reading.limits import (
    EncodingUnknown,
    FileKindUnknown,
    Limits,
    LineUnreadable,
    TooManyRows,
)
from gbese.apps.imports.tables import Row, Table

_DELIMITERS = ",;\t|"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH_RUN = re.compile(rb"[\xa8\xb8\xc0-\xff]+")  # the letters of the Cyrillic code page
_CYRILLIC_RUN_LENGTH = 2


def delimited_table(
    file_name: str, sha256: str, content: bytes, limits: Limits
) -> tuple[Table, ...]:
    """The one table of a text file; none when it is empty.

    Raises:
        EncodingUnknown, FileKindUnknown, LineUnreadable, TooManyRows.
    """
    text = _decoded(file_name, content)
    delimiter = _delimiter(text)
    lines = _Lines(file_name, text, delimiter, limits)
    first = list(islice(lines, ROWS_LOOKED_AT))
    index = header_index([row.cells for row in first])
    if index is None:
        return ()
    header = first[index]
    headers = tuple(cell.strip() for cell in header.cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    rows = _Rows(lines, header.line)
    return (Table(file_name, sha256, "", header.line, headers, rows),)


@dataclass(frozen=True, slots=True)
class _Lines:
    """All lines of the text, split into cells; walked again from the start each time."""

    file_name: str
    text: str = field(repr=False)
    delimiter: str
    limits: Limits

    def __iter__(self) -> Iterator[Row]:
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True
        )
        line = 1
        try:
            for count, cells in enumerate(reader):
                if count > self.limits.rows_max:
                    raise TooManyRows(file=self.file_name, rows_max=self.limits.rows_max)
                if len(cells) > self.limits.columns_max:
                    raise TooManyRows(
                        file=self.file_name, line=line, columns_max=self.limits.columns_max
                    )
                yield Row(line, tuple(cells))
                line = reader.line_num + 1
        except csv.Error as broken:
            raise LineUnreadable(file=self.file_name, line=line) from broken


@dataclass(frozen=True, slots=True)
class _Rows:
    """The lines below the header that have anything in them."""

    lines: _Lines
    header_line: int

    def __iter__(self) -> Iterator[Row]:
        for row in self.lines:
            if row.line > self.header_line and any(cell.strip() for cell in row.cells):
                yield row


def _decoded(file_name: str, content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or a Cyrillic or Western code page."""
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if is_utf_16 else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as broken:
        if encoding == "utf-16":
            raise EncodingUnknown(file=file_name) from broken
        text = content.decode(_code_page(content), errors="replace")
        if "\ufffd" in text:
            text = content.decode("latin-1")
    if _CONTROL.search(text):
        raise FileKindUnknown(file=file_name)
    return text


def _code_page(content: bytes) -> str:
    """Cyrillic words are runs of high bytes; the accents of Western ones stand alone."""
    runs = [len(run) for run in _HIGH_RUN.findall(content)]
    if runs and sum(runs) >= _CYRILLIC_RUN_LENGTH * len(runs):
        return "cp1251"
    return "cp1252"


def _delimiter(text: str) -> str:
    """The sign that splits most of the first lines into the same number of cells."""
    sample = text[:200_000].splitlines(keepends=True)[:ROWS_LOOKED_AT]

    def agreement(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells]
        except csv.Error:
            return (0, 0)
        counted = Counter(width for width in widths if width > 1)
        if not counted:
            return (0, 0)
        width, rows = counted.most_common(1)[0]
        return (rows, width)

    best = max(_DELIMITERS, key=agreement)
    return best if agreement(best) != (0, 0) else ","
