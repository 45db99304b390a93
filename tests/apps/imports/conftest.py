"""Books to import into, and files made of lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from gbese.apps.bookkeeping.charts import usual_chart
from gbese.apps.bookkeeping.services import BooksStart, SidesKept, set_up_entity
from gbese.apps.identity.acts import Act
from gbese.apps.imports.reading import Limits, SourceFile, read_tables, source_file
from gbese.apps.imports.services import CommittedRun, commit_import, plan_import
from gbese.apps.imports.tables import Table


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    """Files of imports go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def table() -> Callable[..., Table]:
    """A table from lines of text."""

    def made(*lines: str, name: str = "loans.csv") -> Table:
        content = "\n".join(lines).encode()
        return read_tables(SourceFile.of(name, content), Limits())[0]

    return made


@pytest.fixture(scope="session")
def statements_of(shared_data: Path) -> Callable[..., list[Table]]:
    """The tables of the World Bank's files by name: `statements_of("ibrd_2020-11-30")`."""

    def read(*names: str) -> list[Table]:
        return [
            found
            for name in names
            for found in read_tables(
                source_file(shared_data / "borrower" / f"{name}.csv", Limits()), Limits()
            )
        ]

    return read


@pytest.fixture
def books(db: None, acts: Callable[..., Act]) -> None:
    """Books of the state treasury of an invented country, open on 30 April 2025."""
    set_up_entity(
        name="Ministry of Finance",
        country="KZ",
        base_currency="USD",
        fiscal_year_start_month=1,
        time_zone="Asia/Almaty",
        sides=SidesKept.BOTH,
        act=acts(),
        start=BooksStart(
            books_from=date(2025, 1, 1), open_day=date(2025, 4, 30), chart=usual_chart("KZ")
        ),
    )


@pytest.fixture
def imported(books: None, acts: Callable[..., Act]) -> Callable[..., CommittedRun]:
    """Plan and commit files in one go: `imported(("a.csv", "line", "line"), ...)`."""

    def carried_out(*files: SourceFile, **chosen: str) -> CommittedRun:
        planned = plan_import(files=files, act=acts(), **chosen)
        return commit_import(run=planned.run, act=acts())

    return carried_out


def text_file(name: str, *lines: str) -> SourceFile:
    return SourceFile.of(name, "\n".join(lines).encode())
