"""`close`, `verify`, `rebuild` and `export journal|loans`, as they answer."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.bookkeeping import services as bookkeeping_services
from gbese.apps.closing import services as closing
from gbese.apps.identity.append_only import lifted
from gbese.apps.lending import queries as lending
from gbese.core.ledger import AccountKey
from gbese.core.servicing.events import Component
from gbese.interfaces.cli import close, export, rebuild, set_up_books, verify
from gbese.interfaces.jobs import timed
from tests.apps.closing.conftest import act_on, books, open_loan  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from gbese.apps.identity.acts import Act

pytestmark = pytest.mark.django_db
OPEN_DAY = date(2026, 3, 16)
OpenLoan = Callable[..., str]
ActOn = Callable[[date], "Act"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def closed(open_loan: OpenLoan, act_on: ActOn) -> date:  # noqa: F811 - a fixture
    """Two loans, and the close of two days."""
    open_loan("L-1")
    open_loan("=L-2")
    day = OPEN_DAY + timedelta(days=1)
    closing.close_to(day=day, act=act_on(day), progress=lambda _: None)
    return day


def test_close_says_what_it_did(open_loan: OpenLoan, capsys: Capture) -> None:  # noqa: F811
    open_loan("L-1")
    assert close.run(argparse.Namespace(day=OPEN_DAY)) == 0
    assert capsys.readouterr().out == "Closed to 2026-03-16: 1 days of work done.\n"
    assert close.run(argparse.Namespace(day=OPEN_DAY)) == 0
    assert capsys.readouterr().out == "Closed to 2026-03-16: 0 days of work done.\n"


def test_a_day_that_is_none_is_refused_as_a_person_would(capsys: Capture) -> None:
    parser = argparse.ArgumentParser()
    close.configure(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--date", "2026-13-01"])
    assert "“2026-13-01” is not a day from 1900 to 2200; write it as 2026-03-31" in (
        capsys.readouterr().err
    )


def test_verify_is_clean_then_broken(closed: date, capsys: Capture) -> None:
    assert verify.run(argparse.Namespace(format="text")) == 0
    assert capsys.readouterr().out.startswith("Clean: ")
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE bookkeeping_entry SET source = 'other' WHERE number = 1")
    assert verify.run(argparse.Namespace(format="text")) == 1
    assert "entry_hash_differs entry:1" in capsys.readouterr().out


def test_verify_cannot_tell_before_the_work_is_done(
    closed: date,
    act_on: ActOn,  # noqa: F811
    capsys: Capture,
) -> None:
    day = closed + timedelta(days=1)
    bookkeeping_services.cut_day(day=day, act=act_on(day))
    assert verify.run(argparse.Namespace(format="json")) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "cannot_tell"
    assert told["doubts"] == [
        {"code": "work_left", "subject": "2026-03-18", "facts": {"days": "1"}}
    ]


def test_rebuild_makes_the_lists_anew(closed: date, capsys: Capture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lending_loanreading SET outstanding_minor = 7")
    assert rebuild.run(argparse.Namespace(check=True)) == 1
    assert "reading_differs L-1" in capsys.readouterr().out
    assert rebuild.run(argparse.Namespace(check=False)) == 0
    assert "2 loans read anew on 2026-03-18." in capsys.readouterr().out


def test_the_journal_adds_up_loan_by_loan(closed: date, capsys: Capture) -> None:
    assert export.run(argparse.Namespace(subject="journal", format="jsonl", to=None)) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_entry: Counter[str] = Counter()
    receivable: Counter[str] = Counter()
    for row in rows:
        by_entry[row["entry_id"]] += Decimal(row["amount"])
        if row["account_key"] == "ln_int":
            receivable[row["loan"]] += Decimal(row["amount"])
    assert set(by_entry.values()) == {Decimal(0)}
    assert receivable == {"L-1": Decimal("1000.00"), "=L-2": Decimal("1000.00")}
    page = lending.loan_page("L-1", closed)
    assert page.position.owed(Component.INTEREST).amount == receivable["L-1"]
    assert len({row["line_id"] for row in rows}) == len(rows)
    assert {row["account"] for row in rows} == {"1010", "1210", "1220", "4110"}
    first = rows[0]
    assert (first["kind"], first["value_date"], first["currency"]) == (
        "drawdown", "2026-03-16", "NGN",
    )  # fmt: skip


def test_csv_says_the_same_and_runs_no_formula(closed: date, capsys: Capture) -> None:
    assert export.run(argparse.Namespace(subject="journal", format="csv", to=None)) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["loan"] for row in rows} == {"L-1", "'=L-2"}
    assert sum(Decimal(row["amount"]) for row in rows) == 0
    assert export.run(argparse.Namespace(subject="loans", format="csv", to=None)) == 0
    loans = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["outstanding"] for row in loans] == ["1000000.00", "1000000.00"]


def test_timed_work_closes_what_is_over(
    open_loan: OpenLoan,  # noqa: F811
    acts: Callable[..., Act],
) -> None:
    open_loan("L-1")
    (job,) = [job for job in timed() if job.name == "close-due-days"]
    act = acts()  # of 15 January: no day is over
    job.function(act)
    assert bookkeeping.open_day().open_day == OPEN_DAY


def test_books_are_set_up_without_a_page(db: None, capsys: Capture) -> None:
    parser = argparse.ArgumentParser()
    set_up_books.configure(parser)
    asked = parser.parse_args(
        ["--name", "Ayo Lending", "--country", "KZ", "--currency", "KZT", "--sides", "lender",
         "--time-zone", "Asia/Almaty", "--open-day", "2026-05-20", "--fiscal-year-start", "4"]
    )  # fmt: skip
    assert set_up_books.run(asked) == 0
    assert capsys.readouterr().out == (
        "The books of Ayo Lending begin on 2026-04-01, open on 2026-05-20.\n"
    )
    assert bookkeeping.accounts()[AccountKey.CASH].code == "1030"  # the chart of Kazakhstan
    with pytest.raises(bookkeeping_services.BooksAlreadySetUp):
        set_up_books.run(asked)
