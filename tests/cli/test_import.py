"""`gbese import`: dry run, commit, recognition, faults with file and line, undo; as processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.apps.imports.statement_files import row, statement
from tests.cli.conftest import Installation


@pytest.fixture
def with_books(ready: Installation) -> Installation:
    books = ("--name", "Ministry of Finance", "--country", "KZ", "--currency", "USD")
    done = ready.gbese("set-up-books", *books, "--time-zone", "Asia/Almaty")
    assert done.status == 0, done.complaint
    return ready


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_bytes(statement("good.csv", row("IBRD11110"), row("IBRD22220")).content)
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.csv"
    rows = (row("IBRD33330"), row("IBRD44440", obligation="6x0"))
    path.write_bytes(statement("faulty.csv", *rows).content)
    return path


def test_a_file_goes_in_once_and_comes_out_again(with_books: Installation, good: Path) -> None:
    tried = with_books.gbese("import", str(good), "--dry-run", "--json")
    assert tried.status == 0, tried.complaint
    told = json.loads(tried.output)
    assert (told["state"], told["counts"]["loans"], told["mapping"]) == (
        "planned",
        2,
        "world_bank",
    )
    sums = {each["column"]: each["whole"] for each in told["sums"]}
    assert sums["Borrower's Obligation"] == "1200.00"

    done = with_books.gbese("import", str(good), "--json")
    assert (done.status, json.loads(done.output)["state"]) == (0, "committed")
    again = with_books.gbese("import", str(good), "--json")
    run = json.loads(done.output)["run"]
    assert (again.status, json.loads(again.output)) == (
        0,
        {"run": run, "state": "already_imported"},
    )

    undone = with_books.gbese("import", "--undo", str(run), "--json")
    assert (undone.status, json.loads(undone.output)["removed"]) == (0, 2)
    twice = with_books.gbese("import", "--undo", str(run))
    assert twice.status == 2
    assert "was not carried out" in twice.complaint


def test_every_fault_is_listed_with_its_line(with_books: Installation, faulty: Path) -> None:
    refused = with_books.gbese("import", str(faulty))
    assert refused.status == 1
    assert "faulty.csv:3: Borrower's Obligation: “6x0”: This is not a number" in refused.output
    taken = with_books.gbese("import", str(faulty), "--skip-faulty", "--json")
    assert taken.status == 0
    assert json.loads(taken.output)["state"] == "committed"


def test_a_file_that_cannot_be_taken_is_refused(with_books: Installation, tmp_path: Path) -> None:
    path = tmp_path / "strange.xlsx"
    for content, sentence in (
        (b"", "is empty"),
        (b"PK\x03\x04broken", "cannot be opened"),
        (b"some,other\nthing,1\n", "No ready mapping fits"),
    ):
        path.write_bytes(content)
        refused = with_books.gbese("import", str(path))
        assert (refused.status, sentence in refused.complaint) == (2, True)
    missing = with_books.gbese("import", str(tmp_path / "nowhere.csv"))
    assert missing.status == 2
    assert "nowhere.csv" in missing.complaint


def test_the_mappings_are_listed(ready: Installation) -> None:
    listed = ready.gbese("import", "--mappings")
    assert listed.status == 0
    assert {"world_bank", "portfolio"} <= {line.split()[0] for line in listed.output.splitlines()}
