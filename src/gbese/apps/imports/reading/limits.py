"""How large and how strange a file may be."""

from __future__ import annotations

from dataclasses import dataclass

from gbese.core.errors import Refusal

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on one file; the installation sets the first two, the others keep bombs out."""

    bytes_max: int = 50 * _MEGABYTE
    rows_max: int = 1_000_000
    unpacked_bytes_max: int = 600 * _MEGABYTE
    unpacked_ratio_max: int = 250  # a sheet of equal rows packs to a hundredth
    members_max: int = 2_000
    columns_max: int = 1_000
    cells_max: int = 40_000_000


class FileTooLarge(Refusal):
    """The file has more bytes than this installation accepts."""

    code = "file_too_large"


class FileEmpty(Refusal):
    """The file has no bytes, or no row with anything in it."""

    code = "file_empty"


class FileKindUnknown(Refusal):
    """The file is neither a table in text (CSV) nor a workbook (XLSX, XLS, ODS)."""

    code = "file_kind_unknown"


class WorkbookBroken(Refusal):
    """The workbook cannot be opened or read to its end: cut short, damaged or locked."""

    code = "workbook_broken"


class WorkbookSuspicious(Refusal):
    """The workbook unpacks to more than it may, or has parts no workbook has."""

    code = "workbook_suspicious"


class TooManyRows(Refusal):
    """The table has more rows, columns or cells than this installation reads."""

    code = "too_many_rows"


class LineUnreadable(Refusal):
    """A line of a text file breaks the rules of quoting, so that nothing after it is certain."""

    code = "line_unreadable"


class EncodingUnknown(Refusal):
    """The text is in no encoding that is known here."""

    code = "encoding_unknown"
