"""The pages of imports, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from pytest_django import Settings

from gbese.apps.bookkeeping.charts import usual_chart
from gbese.apps.bookkeeping.services import BooksStart, set_up_entity
from gbese.apps.identity.acts import Act
from gbese.apps.imports import services
from gbese.apps.imports.errors import AlreadyImported
from gbese.apps.imports.reading import Limits, SourceFile, read_tables
from gbese.apps.lending import queries as lending
from gbese.config import clock
from tests.apps.imports.statement_files import row, statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books(db: None, acts: Callable[..., Act], tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    set_up_entity(
        name="Kaduna Mills",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        act=acts(),
        start=BooksStart(
            books_from=date(2025, 1, 1), open_day=date(2025, 12, 31), chart=usual_chart("NG")
        ),
    )


@pytest.fixture
def accountant(client_of: Callable[[str], Client]) -> Client:
    return client_of("accountant")


def sent(file: SourceFile) -> SimpleUploadedFile:
    return SimpleUploadedFile(file.name, file.content)


def uploaded(client: Client, file: SourceFile, **chosen: str) -> str:
    """Where the upload leads."""
    answer = client.post("/imports/upload", {"files": sent(file), **chosen})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_a_statement_becomes_loans_in_four_steps(accountant: Client) -> None:
    assert accountant.get("/imports").status_code == 200
    run = uploaded(accountant, statement("a.csv", row("IBRD11110"), row("IDAX", status="Repaying")))
    shown = accountant.get(run).content.decode()
    assert "What would be done" in shown
    assert "1,200.00" in shown  # the sum of the column
    done = accountant.post(f"{run}/commit", follow=True).content.decode()
    assert "What was done" in done
    assert lending.known_numbers() == {"IBRD11110", "IDAX"}
    undone = accountant.post(f"{run}/undo", follow=True).content.decode()
    assert "undone" in undone
    assert lending.known_numbers() == frozenset()


def test_faults_are_shown_and_taken_away_as_csv(accountant: Client) -> None:
    run = uploaded(
        accountant, statement("a.csv", row("IBRD11110"), row("IBRD22220", obligation="=6x0"))
    )
    shown = accountant.get(run).content.decode()
    assert "This is not a number" in shown
    lines = b"".join(accountant.get(f"{run}/fault.csv").streaming_content).decode("utf-8-sig")
    assert "a.csv,3,Borrower's Obligation,'=6x0," in lines
    refused = accountant.post(f"{run}/commit")
    assert refused.status_code == 422
    assert lending.known_numbers() == frozenset()
    accountant.post(f"{run}/commit", {"skip_faulty": "yes"})
    assert lending.known_numbers() == {"IBRD11110"}


def test_the_same_file_leads_to_the_import_it_was(accountant: Client) -> None:
    file = statement("a.csv", row("IBRD11110"))
    run = uploaded(accountant, file)
    accountant.post(f"{run}/commit")
    assert uploaded(accountant, file) == run


OWN = SourceFile.of(
    "own.csv",
    b"Ref;Bank name;Sum;From;Until;Percent;Left;At\n"
    b"A-1;First Bank;1000,00;15.01.2025;15.01.2027;24;800,00;30.11.2025\n",
)
CHOSEN = {
    "column-loan_number": "Ref",
    "column-lender": "Bank name",
    "column-principal": "Sum",
    "column-signed_on": "From",
    "column-maturity_date": "Until",
    "column-nominal_rate": "Percent",
    "column-outstanding": "Left",
    "column-balance_on": "At",
    "constant-currency": "NGN",
    "constant-side": "borrower",
    "constant-frequency": "monthly",
    "constant-schedule_kind": "annuity",
    "constant-day_count": "act/365",
    "rates": "percent",
    "name": "our ledger",
}


def test_unknown_columns_are_asked_for_and_remembered(accountant: Client) -> None:
    columns = uploaded(accountant, OWN)
    assert columns.startswith("/imports/columns/")
    shown = accountant.get(columns).content.decode()
    assert "First Bank" in shown  # a sample beside its header
    answer = accountant.post(columns, CHOSEN)
    assert answer.status_code == 302
    accountant.post(f"{answer['Location']}/commit")
    assert lending.loan_page("A-1", date(2025, 11, 30)).position.outstanding.plain() == "800.00"
    again = SourceFile.of("own2.csv", OWN.content.replace(b"A-1", b"A-2"))
    assert uploaded(accountant, again).removeprefix("/imports/").isdigit()


def test_a_file_too_large_is_refused(accountant: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"upload_bytes": 4_000})
    large = SourceFile.of("large.csv", OWN.content * 50)
    answer = accountant.post("/imports/upload", {"files": sent(large)})
    assert answer.status_code == 422
    assert "at most 4,000 bytes are accepted" in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_read_back(accountant: Client, kind: str) -> None:
    answer = accountant.get(f"/imports/template.{kind}")
    content = b"".join(answer.streaming_content)
    run = uploaded(accountant, SourceFile.of(f"template.{kind}", BytesIO(content).read()))
    assert b"Leave out" not in accountant.get(run).content  # no row has a fault
    accountant.post(f"{run}/commit")
    assert lending.known_numbers() == {"B-001", "L-001"}
    assert len(read_tables(SourceFile.of("t", content), Limits())) == 1


def test_statements_roll_forward(accountant: Client) -> None:
    for name, day, repaid, due in (
        ("a", "11/30/2020", "400", "600"),
        ("b", "05/31/2022", "500", "500"),
    ):
        run = uploaded(
            accountant,
            statement(
                f"{name}.csv",
                row("IBRD11110", stated_on=day, repaid=repaid, due=due, obligation=due),
            ),
        )
        accountant.post(f"{run}/commit")
    shown = accountant.get("/statements?lender=IBRD&group=country").content.decode()
    assert "100.00" in shown
    assert "500.00" in shown


def test_progress_is_told(accountant: Client) -> None:
    run = uploaded(accountant, statement("a.csv", row("IBRD11110")))
    assert "Reading" in accountant.get(f"{run}/progress").content.decode()
    accountant.post(f"{run}/commit")
    assert "Done" in accountant.get(f"{run}/progress").content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("manager", 200), ("accountant", 200), ("loan_officer", 403),
     ("cashier", 403), ("auditor", 403)],
)  # fmt: skip
def test_who_may_import(client_of: Callable[[str], Client], role: str, status: int) -> None:
    assert client_of(role).get("/imports").status_code == status


def test_a_run_of_faults_alone_says_so_and_leads_back_to_its_columns(accountant: Client) -> None:
    """The sum is written as words, and stands for two facts: it is told once, by its column."""
    wrong = SourceFile.of("wrong.csv", OWN.content.replace(b"1000,00", b"plenty"))
    columns = uploaded(accountant, wrong)
    run = accountant.post(columns, CHOSEN | {"column-drawn": "Sum"})["Location"]
    shown = accountant.get(run).content.decode()
    assert "Nothing: every row that would change something has a fault." in shown
    assert shown.count("This is not a number") == 1
    back = shown.split('href="/imports/columns/')[1].split('"')[0].replace("&amp;", "&")
    again = accountant.get(f"/imports/columns/{back}").content.decode()
    for fact, header in (("drawn", "Sum"), ("lender", "Bank name")):
        select = again.split(f'name="column-{fact}"')[1].split("</select>")[0]
        assert f'<option value="{header}" selected>' in select
    assert 'name="constant-currency" value="NGN"' in again


def test_a_fact_that_is_no_column_is_told_by_its_label(accountant: Client) -> None:
    columns = uploaded(accountant, OWN)
    chosen = CHOSEN | {"constant-frequency": "whenever"}
    shown = accountant.get(accountant.post(columns, chosen)["Location"]).content.decode()
    assert "Frequency of payments" in shown
    assert "<bdi>frequency</bdi>" not in shown


def test_dry_runs_nobody_carries_out_are_forgotten_with_their_files(
    accountant: Client, acts: Callable[..., Act], tmp_path: Path
) -> None:
    uploaded(accountant, statement("a.csv", row("IBRD11110")))
    done = uploaded(accountant, statement("b.csv", row("IDAX")))
    accountant.post(f"{done}/commit")
    kept = tmp_path / "imports"
    assert len([path for path in kept.iterdir() if path.is_file()]) == 2

    now = clock.now()
    days = timedelta(days=30)
    early = acts(recorded_at=now + days - timedelta(minutes=1))
    assert services.forget_dry_runs(age=days, act=early) == 0
    late = acts(recorded_at=now + days + timedelta(minutes=1))
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert services.forget_dry_runs(age=days, act=late) == 1
    assert len([path for path in kept.iterdir() if path.is_file()]) == 1
    assert accountant.get(done).status_code == 200


def test_the_day_of_an_earlier_import_is_that_of_the_books(
    accountant: Client, acts: Callable[..., Act]
) -> None:
    """Half past eleven at night in London is half past midnight in Lagos."""
    file = statement("a.csv", row("IBRD11110"))
    night = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)
    planned = services.plan_import(files=[file], act=acts(recorded_at=night))
    services.commit_import(run=planned.run, act=acts(recorded_at=night))
    with pytest.raises(AlreadyImported) as known:
        services.plan_import(files=[file], act=acts(recorded_at=night))
    assert known.value.facts["on"] == date(2026, 1, 16)
