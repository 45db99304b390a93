"""Lists taken away as CSV and Excel: exact amounts, and no cell that a program would run.

A text that begins like a formula is led by an apostrophe in CSV and written as a string in Excel.
An amount is a number where the program that opens it keeps all its digits, and text where not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from gbese.core.money import Money

BOM = "\N{BYTE ORDER MARK}"
EXCEL_DIGITS_MAX = 15
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | date | Decimal | Money | None
Row = Sequence[Cell]


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
    writer.writerow([_safe(heading) for heading in headings])
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
    book = xlsxwriter.Workbook(
        opened,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    day_format = book.add_format({"num_format": "yyyy-mm-dd"})
    amount_formats: dict[int, object] = {}
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, max(12, len(heading) + 2))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case Money() if len(str(abs(cell.minor))) <= EXCEL_DIGITS_MAX:
                    decimals = cell.currency.exponent
                    if decimals not in amount_formats:
                        form = "#,##0" + ("." + "0" * decimals if decimals else "")
                        amount_formats[decimals] = book.add_format({"num_format": form})
                    sheet.write_number(number, column, cell.amount, amount_formats[decimals])
                case Money():
                    sheet.write_string(number, column, cell.plain())
                case date():
                    sheet.write_datetime(number, column, cell, day_format)
                case int() | Decimal():
                    sheet.write_number(number, column, cell)
                case _:
                    sheet.write_string(number, column, str(cell))
    book.close()
    opened.seek(0)
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


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
            return _safe(str(cell))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
