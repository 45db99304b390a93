"""From bytes to tables: encodings, delimiters, headers, workbooks, and what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from gbese.apps.imports.reading import Limits, SourceFile, read_tables, source_file
from gbese.apps.imports.reading.limits import (
    EncodingUnknown,
    FileEmpty,
    FileKindUnknown,
    FileTooLarge,
    LineUnreadable,
    TooManyRows,
    WorkbookBroken,
    WorkbookSuspicious,
)
from gbese.apps.imports.reading.workbooks import cell_text
from gbese.apps.imports.tables import Table
from gbese.core.errors import Refusal


def read(content: bytes, name: str = "a.csv", limits: Limits | None = None) -> Table:
    return read_tables(SourceFile.of(name, content), limits or Limits())[0]


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def workbook(*rows: tuple[object, ...], blank_rows: int = 0) -> bytes:
    opened = io.BytesIO()
    book = xlsxwriter.Workbook(opened, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows, start=blank_rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(line, column, cell, day)
            else:
                sheet.write(line, column, cell)
    book.close()
    return opened.getvalue()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "Қазақстан"),
        ("utf-8-sig", "Ọlá"),
        ("cp1251", "Заёмщик"),
        ("cp1252", "Société Générale"),
        ("utf-16", "Қарыз"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_its_encoding_and_with_its_delimiter(
    encoding: str, name: str, delimiter: str
) -> None:
    text = f"Loan{delimiter}Lender\nA-1{delimiter}{name}\n"
    table = read(text.encode(encoding))
    assert table.headers == ("Loan", "Lender")
    assert cells(table) == [("A-1", name)]


def test_the_header_may_stand_below_a_title() -> None:
    table = read(b"Portfolio at 31.12.2025,,\n,,\nLoan,Amount,Rate\nA-1,100.00,12\n")
    assert (table.header_line, table.headers) == (3, ("Loan", "Amount", "Rate"))
    assert [row.line for row in table.rows] == [4]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    table = read(b'Loan,Note\nA-1,"two\nlines"\n\nA-2,one\n')
    assert [row.line for row in table.rows] == [2, 5]


def test_rows_can_be_walked_twice() -> None:
    table = read(b"Loan,Amount\nA-1,1\n")
    assert cells(table) == cells(table)


def test_a_workbook_gives_exact_text() -> None:
    content = workbook(
        ("Loan", "Amount", "Signed", "Rate"),
        ("A-1", 1831234.56, date(2025, 3, 31), 0.1 + 0.2),
        ("A-2", 9007199254740993, datetime(2025, 3, 31), 12),  # noqa: DTZ001
        blank_rows=2,
    )
    table = read(content, "a.xlsx")
    assert (table.header_line, table.is_typed) == (3, True)
    assert cells(table)[0] == ("A-1", "1831234.56", "2025-03-31", "0.3")
    assert cells(table)[1][2:] == ("2025-03-31", "12")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1, "0.1"), (1e-07, "0.0000001"), (5000000.0, "5000000"), (1831234.5600000001, "1831234.56"),
     (-0.05, "-0.05"), (12345678901234.56, "12345678901234.6"), (1e15, "1000000000000000")],
)  # fmt: skip
def test_numbers_keep_the_fifteen_digits_a_workbook_keeps(number: float, text: str) -> None:
    assert cell_text(number) == text


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileEmpty),
        (b"\n\n,,\n", FileEmpty),
        (b"%PDF-1.7 ...", FileKindUnknown),
        (b"<html><table></table>", FileKindUnknown),
        (b"a,b\x00\n", FileKindUnknown),
        (b"\xff\xfea", EncodingUnknown),
        (b'Loan,Note\nA-1,"never closed\nA-2,x\n', LineUnreadable),
        (b"PK\x03\x04 not a zip at all", WorkbookBroken),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", WorkbookBroken),
        (workbook(("Loan",), ("A-1",))[:-200], WorkbookBroken),
        (b"Loan,Amount\n" + b"A,1\n" * 20, TooManyRows),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused(
    content: bytes, refusal: type[Refusal]
) -> None:
    def walk() -> None:
        for table in read_tables(SourceFile.of("a", content), Limits(rows_max=10)):
            list(table.rows)

    with pytest.raises(refusal):
        walk()


def package(members: dict[str, bytes]) -> bytes:
    opened = io.BytesIO()
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return opened.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
FAR_CELL = (
    b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
)


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ({f"m{number}": b"" for number in range(2_001)}, WorkbookSuspicious),
        ({"xl/big.xml": b"0" * 3_000_000}, WorkbookSuspicious),  # ratio of about 1,000
        ({"../outside.xml": b"x"}, WorkbookSuspicious),
        ({"/etc/passwd": b"x"}, WorkbookSuspicious),
        ({SHEET: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, WorkbookSuspicious),
        ({SHEET: FAR_CELL}, TooManyRows),
        ({"xl/empty.xml": b"<x/>"}, WorkbookBroken),
    ],
)  # fmt: skip
def test_bombs_are_refused_before_they_are_unpacked(
    members: dict[str, bytes], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        read(package(members), "a.xlsx")


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Loans">
<table:table-row><table:table-cell office:value-type="string"><text:p>Loan</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Amount</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Signed</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="{repeated}">
<table:table-cell office:value-type="string"><text:p>A-1</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="1831234.56"><text:p>1831234.56</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2025-03-31"><text:p>31.03.25</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16381"/></table:table-row>
<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16384"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


MANIFEST = b"""<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""


def open_document(repeated: int) -> bytes:
    return package(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": ODS.format(repeated=repeated).replace(">\n<", "><").encode(),
            "META-INF/manifest.xml": MANIFEST,
        }
    )


def test_an_open_document_is_read_in_spite_of_its_empty_end() -> None:
    assert cells(read(open_document(1), "a.ods")) == [("A-1", "1831234.56", "2025-03-31")]


def test_an_open_document_that_repeats_a_row_a_million_times_is_refused() -> None:
    with pytest.raises(TooManyRows):
        read(open_document(1_000_000), "a.ods", Limits(cells_max=2_000_000))


def test_a_large_file_is_told_by_its_size_alone(tmp_path: Path) -> None:
    sparse = tmp_path / "large.csv"
    with sparse.open("wb") as opened:
        opened.truncate(200 * 1024 * 1024)
    with pytest.raises(FileTooLarge) as refused:
        source_file(sparse, Limits())
    assert refused.value.facts["bytes_max"] == 50 * 1024 * 1024


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\loans\\a.csv", "a.csv"), ("a\r\nb\x00.csv", "ab.csv"),
     ("", "file"), ("x" * 400, "x" * 200)],
)  # fmt: skip
def test_names_of_files_are_shown_and_never_followed(sent: str, kept: str) -> None:
    assert SourceFile.of(sent, b"").name == kept
