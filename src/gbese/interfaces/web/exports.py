"""Lists taken away as CSV and Excel: exact amounts, and no cell that a program would run.

A text that begins like a formula is led by an apostrophe in CSV and written as a string in Excel.
An amount is a number where the program that opens it keeps all its digits, and text where not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from gbese.core.money import Money
from gbese.interfaces.spreadsheets import harmless_cell

BOM = "\N{BYTE ORDER MARK}"
EXCEL_DIGITS_MAX = 15

Cell = str | int | date | Decimal | Money | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to take away; a `name` is needed where a file has several."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Row]


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """A CSV file as Excel reads it: UTF-8 with a mark, a row at a time."""
    return StreamingHttpResponse(
        csv_lines(headings, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def csv_lines(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file, the first led by the byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow([harmless_cell(heading) for heading in headings])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if buffer.tell() > io.DEFAULT_BUFFER_SIZE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def xlsx_file(name: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """An Excel file with real dates and numbers, its headings kept in sight."""
    opened = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(opened, [Sheet("", headings, rows)])
    opened.seek(0)
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def write_xlsx(opened: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write an Excel file with a page for each sheet."""
    book = xlsxwriter.Workbook(
        opened,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    look = _Look(book)
    for table in sheets:
        sheet = book.add_worksheet(table.name or None)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(table.headings):
            sheet.write_string(0, column, heading, look.bold)
            sheet.set_column(column, column, max(12, len(heading) + 2))
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                look.write(sheet, (number, column), cell)
    book.close()


class _Look:
    """How cells look in one Excel file: dates as dates, amounts with their currency's decimals."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter ships no types
        self._book = book
        self.bold = book.add_format({"bold": True})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._amounts: dict[int, object] = {}

    def write(self, sheet: Any, place: tuple[int, int], cell: Cell) -> None:  # noqa: ANN401
        match cell:
            case None | "":
                pass
            case Money() if len(str(abs(cell.minor))) <= EXCEL_DIGITS_MAX:
                sheet.write_number(*place, cell.amount, self._amount(cell.currency.exponent))
            case Money():
                sheet.write_string(*place, cell.plain())
            case date():
                sheet.write_datetime(*place, cell, self._day)
            case int() | Decimal():
                sheet.write_number(*place, cell)
            case _:
                sheet.write_string(*place, str(cell))

    def _amount(self, decimals: int) -> object:
        if decimals not in self._amounts:
            form = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._amounts[decimals] = self._book.add_format({"num_format": form})
        return self._amounts[decimals]


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return cell.plain()
        case date():
            return cell.isoformat()
        case int() | Decimal():
            return f"{cell}"
        case _:
            return harmless_cell(str(cell))
