"""A file as it was sent, and the tables in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from gbese.apps.imports.reading.delimited import delimited_table
from gbese.apps.imports.reading.limits import FileEmpty, FileKindUnknown, FileTooLarge, Limits
from gbese.apps.imports.reading.workbooks import workbook_tables
from gbese.apps.imports.tables import Table

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS before 2007
_NOT_TABLES = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z",
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file by its name, its bytes, and the SHA-256 that tells it from all others."""

    name: str
    content: bytes = field(repr=False)
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> SourceFile:
        return cls(_plain_name(name), content, hashlib.sha256(content).hexdigest())


def source_file(path: Path, limits: Limits) -> SourceFile:
    """Read a file from disk, unless it is larger than it may be.

    Raises:
        FileTooLarge: told by its size, before it is read.
    """
    size = path.stat().st_size
    if size > limits.bytes_max:
        raise FileTooLarge(file=path.name, bytes=size, bytes_max=limits.bytes_max)
    return SourceFile.of(path.name, path.read_bytes())


def read_tables(file: SourceFile, limits: Limits) -> tuple[Table, ...]:
    """The tables of a file: one of a text file, one per non-empty sheet of a workbook.

    Raises:
        FileTooLarge, FileEmpty, FileKindUnknown, EncodingUnknown, LineUnreadable, WorkbookBroken,
        WorkbookSuspicious, TooManyRows: the file is refused whole.
    """
    if len(file.content) > limits.bytes_max:
        raise FileTooLarge(file=file.name, bytes=len(file.content), bytes_max=limits.bytes_max)
    start = file.content[:64]
    if start.startswith((_ZIP, _COMPOUND)):
        tables = workbook_tables(file.name, file.sha256, file.content, limits)
    elif start.startswith(_NOT_TABLES) or start.lstrip().lower().startswith(_MARKUP):
        raise FileKindUnknown(file=file.name)
    else:
        tables = delimited_table(file.name, file.sha256, file.content, limits)
    if not tables:
        raise FileEmpty(file=file.name)
    return tables


def _plain_name(name: str) -> str:
    """The last part of a name, printable and short: it is shown, and never used as a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200] or "file"
