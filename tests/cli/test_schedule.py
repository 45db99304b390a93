"""Schedules from the command line: printed, compared, exported, refused; without a database."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Done, Installation

# 1,200.00 at 12 % a year: 1 % a month on 1,200, 800 and 400, or on 1,200 throughout.
OFFERS = """
principal = 1200.00
currency = "NGN"
rate = "12%"
instalments = 3
starts_on = 2026-01-15

[equal]
schedule_kind = "linear"

[at_the_end]
schedule_kind = "bullet"
"""
E05 = (
    *("--principal", "1200000", "--currency", "NGN", "--rate", "30%"),
    *("--instalments", "12", "--starts-on", "2026-01-15"),
)


@pytest.fixture
def nowhere(tmp_path: Path) -> Installation:
    """No data directory, and none wanted."""
    return Installation(tmp_path / "data", "")


def schedule(nowhere: Installation, *arguments: str | Path) -> Done:
    done = nowhere.gbese("schedule", *map(str, arguments))
    assert not nowhere.data.exists()
    return done


@pytest.fixture
def offers(tmp_path: Path) -> Path:
    file = tmp_path / "offers.toml"
    file.write_text(OFFERS, encoding="utf-8")
    return file


def test_the_worked_example_is_printed(nowhere: Installation) -> None:
    done = schedule(nowhere, *E05)
    assert done.status == 0, done.complaint
    lines = [line.split() for line in done.output.splitlines()]
    assert lines[1][-4:-1] == ["203,814.63", "0.00", "1,403,814.63"]
    assert lines[4][2:] == [
        *("2026-02-15", "116,984.55", "86,984.55", "30,000.00", "0.00", "1,113,015.45")
    ]
    assert lines[-1][3] == "116,984.58"


def test_offers_are_compared(nowhere: Installation, offers: Path) -> None:
    done = schedule(nowhere, offers, "--compare", "--format", "json")
    told = json.loads(done.output)
    totals = {row["measure"]: row for row in told["totals"]}
    assert totals["interest"] == {
        "measure": "interest",
        "equal": "24.00",
        "at_the_end": "36.00",
        "at_the_end - equal": "12.00",
    }
    assert totals["first_instalment"]["at_the_end"] == "12.00"
    assert [row["equal"] for row in told["due"]] == ["412.00", "408.00", "404.00"]
    assert [row["at_the_end - equal"] for row in told["due"]] == ["-400.00", "-396.00", "808.00"]


def test_what_a_loan_costs_a_year_is_told(nowhere: Installation, offers: Path) -> None:
    """Interest alone, then all: 1 % for 31, 28 and 31 days. An independent root finder agrees."""
    pyxirr = pytest.importorskip("pyxirr", reason="pyxirr is not installed")
    told = json.loads(schedule(nowhere, offers, "--compare", "--format", "json").output)
    rates = {row["measure"]: row for row in told["totals"]}["effective_rate_percent"]
    for name, dues in (("equal", (412, 408, 404)), ("at_the_end", (12, 12, 1212))):
        days = ("2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15")
        found = pyxirr.xirr(days, [-1200, *dues])
        assert float(rates[name]) == pytest.approx(100 * found, abs=6e-5)
    apart = float(rates["at_the_end"]) - float(rates["equal"])
    assert float(rates["at_the_end - equal"]) == pytest.approx(apart)


def test_a_set_is_chosen_and_an_option_holds_for_it(nowhere: Installation, offers: Path) -> None:
    done = schedule(nowhere, offers, "--set", "equal", "--rate", "0.24", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.output)))
    assert [row["interest"] for row in rows] == ["24.00", "16.00", "8.00"]
    assert {row["terms"] for row in rows} == {"equal"}


def test_a_workbook_is_written_whole(nowhere: Installation, offers: Path, tmp_path: Path) -> None:
    book = tmp_path / "schedules.xlsx"
    assert schedule(nowhere, offers, "--format", "xlsx", "--to", book).output == ""
    sheets = CalamineWorkbook.from_path(str(book))
    assert sheets.sheet_names == ["instalments", "totals"]
    rows = sheets.get_sheet_by_name("instalments").to_python()
    assert len(rows) == 7
    assert rows[1][3:6] == [412.0, 400.0, 12.0]


def test_listed_rows_come_from_yaml(nowhere: Installation, tmp_path: Path) -> None:
    """Seasonal, by hand: 36.5 % over actual days is 0.1 % a day."""
    file = tmp_path / "seasonal.yaml"
    file.write_text(
        """
        principal: 1000.10
        currency: KZT
        rate: 36.5%
        day_count: act_365f
        starts_on: 2026-01-01
        rows:
          - {due_date: 2026-01-11, principal: 400.10}
          - {due_date: 2026-02-10, principal: 600.00}
        """,
        encoding="utf-8",
    )
    told = json.loads(schedule(nowhere, file, "--format", "json").output)
    assert [(row["due_date"], row["interest"]) for row in told["instalments"]] == [
        ("2026-01-11", "10.00"),  # 10.001
        ("2026-02-10", "18.00"),
    ]
    assert told["totals"][0]["principal"] == "1000.10"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--rate", "24"), ("24", "rate", "per cent")),
        (("--starts-on", "15.01.2026"), ("starts_on", "YYYY-MM-DD")),
        (("--principal", "1,000"), ("1,000",)),
        (("--principal", "0.001"), ("NGN",)),
        (("--currency", "XXY"), ("XXY",)),
        (("--instalments", "0"), ("instalment",)),
        (("--maturity-date", "2027-01-15"), ("instalments",)),
        (("--balloon", "1300000"), ("Balloon", "lent")),
        (("--format", "xlsx"), ("--to",)),
    ],
)
def test_what_is_refused_in_words(
    nowhere: Installation, more: tuple[str, ...], words: tuple[str, ...]
) -> None:
    done = schedule(nowhere, *E05, *more)
    assert (done.status, done.output) == (2, "")
    assert done.complaint.count("\n") == 1
    for word in words:
        assert word in done.complaint


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("principal = \nrate = 1", "line 1"),
        (OFFERS.replace("[equal]", "frequency = 'often'\n[equal]"), "often"),
        ("", "no terms"),
        ("[a]\nprincipal = 1", "currency"),
        (OFFERS + "colour = 1\n", "colour"),
        (OFFERS + "rows = 3\n", "rows"),
        (OFFERS + "rows = [{}]\n", "rows"),
        (OFFERS.replace("2026-01-15", "2026-01-15T00:00:00Z"), "2026-01-15"),
        (OFFERS.replace("2026-01-15", "9999-01-15"), "9999-01-15"),
        (OFFERS.replace("12%", "nan%"), "nan%"),
        (OFFERS.replace("12%", "1e-999999%"), "1e-999999%"),
    ],
)
def test_a_file_that_is_none_is_refused(
    nowhere: Installation, tmp_path: Path, written: str, words: str
) -> None:
    file = tmp_path / "offers.toml"
    file.write_text(written, encoding="utf-8")
    done = schedule(nowhere, file)
    assert (done.status, done.output) == (2, "")
    assert words in done.complaint
    assert "Traceback" not in done.complaint


def test_yaml_that_cannot_be_read_is_refused_with_its_line(
    nowhere: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "offers.yaml"
    file.write_text("principal: 1200.00\nrate: [12%\n", encoding="utf-8")
    done = schedule(nowhere, file)
    assert (done.status, done.output) == (2, "")
    assert "line 3" in done.complaint


def test_a_set_that_is_not_there_and_a_file_that_is_not_there(
    nowhere: Installation, offers: Path, tmp_path: Path
) -> None:
    assert "at_the_end" in schedule(nowhere, offers, "--set", "cheap").complaint
    assert "nothing.toml" in schedule(nowhere, tmp_path / "nothing.toml").complaint
