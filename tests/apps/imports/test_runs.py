"""Plan, commit, recognise, continue and undo, on rows of the database."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from django.db import connection

from gbese.apps.identity.acts import Act
from gbese.apps.imports import queries
from gbese.apps.imports.errors import (
    AlreadyImported,
    FilesMissing,
    LoansChangedSince,
    PlanChanged,
    RunHasFaults,
    RunIsEmpty,
    RunNotPlanned,
    RunRestsUnderLater,
)
from gbese.apps.imports.models import StatedBalance
from gbese.apps.imports.progress import Progress, Stage
from gbese.apps.imports.reading import SourceFile
from gbese.apps.imports.services import CommittedRun, commit_import, plan_import, undo_import
from gbese.apps.lending import queries as lending
from gbese.apps.lending import services as lending_services
from gbese.core.contracts.terms import Side
from gbese.core.money import Currency, Money
from tests.apps.imports.statement_files import row, statement

USD = Currency("USD", 2)

FIRST = statement("a.csv", row("IBRD11110"), row("IBRD22220", obligation="600.50", exchange="0.50"))
SECOND = statement(
    "b.csv",
    row("IBRD11110", stated_on="05/31/2022 12:00:00 AM", repaid="500", due="500", obligation="500"),
    row("IBRD33330", stated_on="05/31/2022 12:00:00 AM", repaid="0", due="1000", obligation="1000"),
)

pytestmark = pytest.mark.django_db


def outstanding(on: date = date(2022, 5, 31)) -> dict[str, str]:
    return {
        number: lending.loan_page(number, on).position.outstanding.plain()
        for number in sorted(lending.known_numbers())
    }


STATED_FIRST = date(2020, 11, 30)


def test_a_dry_run_keeps_nothing_but_itself(books: None, acts: Callable[..., Act]) -> None:
    planned = plan_import(files=[FIRST], act=acts())
    page = queries.run_page(planned.run)
    assert (page.state, page.counts["loans"], page.counts["statements"]) == ("planned", 2, 2)
    assert outstanding() == {}
    assert not StatedBalance.objects.exists()


def test_a_commit_opens_the_loans(imported: Callable[..., CommittedRun]) -> None:
    done = imported(FIRST)
    assert done.counts["loans"] == 2
    assert outstanding(STATED_FIRST) == {"IBRD11110": "600.00", "IBRD22220": "600.50"}


def test_the_same_file_again_is_recognised(
    imported: Callable[..., CommittedRun], acts: Callable[..., Act]
) -> None:
    done = imported(FIRST)
    with pytest.raises(AlreadyImported) as refused:
        plan_import(files=[FIRST], act=acts())
    assert refused.value.facts["run"] == done.run


def test_the_same_rows_in_another_file_change_nothing(
    imported: Callable[..., CommittedRun], acts: Callable[..., Act]
) -> None:
    imported(FIRST)
    again = statement("c.csv", row("IBRD11110"))
    planned = plan_import(files=[again], act=acts())
    assert len(planned.plan.unchanged) == 1
    with pytest.raises(RunIsEmpty):
        commit_import(run=planned.run, act=acts())


def test_a_commit_sent_twice_answers_once(books: None, acts: Callable[..., Act]) -> None:
    planned = plan_import(files=[FIRST], act=acts())
    act = acts()
    assert commit_import(run=planned.run, act=act) == commit_import(run=planned.run, act=act)
    with pytest.raises(RunNotPlanned):
        commit_import(run=planned.run, act=acts())


@pytest.mark.parametrize("files", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "backwards"])
def test_statements_become_one_history_in_any_order(
    imported: Callable[..., CommittedRun], files: tuple[object, ...]
) -> None:
    for file in files:
        imported(file)
    assert outstanding(STATED_FIRST) == {
        "IBRD11110": "600.00",
        "IBRD22220": "600.50",
        "IBRD33330": "0.00",
    }
    assert (outstanding()["IBRD11110"], outstanding()["IBRD33330"]) == ("500.00", "1000.00")


def test_the_source_says_what_state_a_loan_is_in_now(
    imported: Callable[..., CommittedRun],
) -> None:
    imported(FIRST)
    imported(statement("b.csv", row("IBRD11110", stated_on="05/31/2022", status="Fully Disbursed")))
    page = lending.loan_page("IBRD11110", date(2022, 5, 31))
    assert page.external_status == "Fully Disbursed"


def test_faulty_rows_stop_a_commit_until_somebody_agrees(
    books: None, acts: Callable[..., Act]
) -> None:
    broken = statement("a.csv", row("IBRD11110"), row("IBRD22220", obligation="6x0"))
    planned = plan_import(files=[broken], act=acts())
    (fault,) = queries.run_rows(planned.run, "fault", offset=0, limit=10)
    assert (fault.place, fault.column, fault.text, fault.code) == (
        "a.csv:3",
        "Borrower's Obligation",
        "6x0",
        "number_unreadable",
    )
    with pytest.raises(RunHasFaults):
        commit_import(run=planned.run, act=acts())
    assert outstanding() == {}
    commit_import(run=planned.run, act=acts(), skip_faulty=True)
    assert outstanding(STATED_FIRST) == {"IBRD11110": "600.00"}


def test_a_plan_that_would_now_do_something_else_is_refused(
    imported: Callable[..., CommittedRun], acts: Callable[..., Act]
) -> None:
    waiting = plan_import(files=[SECOND], act=acts())
    imported(FIRST)
    with pytest.raises(PlanChanged):
        commit_import(run=waiting.run, act=acts())


def test_an_undo_takes_out_what_the_import_opened(
    imported: Callable[..., CommittedRun], acts: Callable[..., Act]
) -> None:
    done = imported(FIRST)
    assert undo_import(run=done.run, act=acts()).removed == 2
    assert outstanding() == {}
    assert not StatedBalance.objects.exists()
    assert imported(FIRST).counts["loans"] == 2  # and it can be imported again


@pytest.mark.parametrize("files", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "backwards"])
def test_an_undo_puts_back_what_the_import_continued(
    imported: Callable[..., CommittedRun], acts: Callable[..., Act], files: tuple[object, ...]
) -> None:
    first, second = (imported(file) for file in files)
    with pytest.raises(RunRestsUnderLater):
        undo_import(run=first.run, act=acts())
    undone = undo_import(run=second.run, act=acts())
    assert (undone.removed, undone.put_back) == (1, 1)
    if files[0] is FIRST:
        assert outstanding(STATED_FIRST) == {"IBRD11110": "600.00", "IBRD22220": "600.50"}
    else:
        assert outstanding() == {"IBRD11110": "500.00", "IBRD33330": "1000.00"}
        assert outstanding(STATED_FIRST)["IBRD11110"] == "0.00"


def test_an_undo_is_refused_once_somebody_went_on(
    imported: Callable[..., CommittedRun], acts: Callable[..., Act]
) -> None:
    done = imported(FIRST)
    lending_services.record(
        loan_number="IBRD11110",
        made=lending_services.repayment(received=Money(100, USD), value_date=date(2025, 4, 1)),
        act=acts(),
    )
    with pytest.raises(LoansChangedSince) as refused:
        undo_import(run=done.run, act=acts())
    assert refused.value.facts["loans"] == "IBRD11110"
    assert len(outstanding()) == 2


def test_a_failure_in_the_middle_leaves_nothing(
    books: None, acts: Callable[..., Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = plan_import(files=[FIRST], act=acts())

    def out_of_disk(_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(StatedBalance.objects, "bulk_create", out_of_disk)
    with pytest.raises(OSError, match="no space left"):
        commit_import(run=planned.run, act=acts())
    assert outstanding() == {}
    assert queries.run_page(planned.run).state == "planned"
    progress = queries.run_progress(planned.run)
    assert progress is not None
    assert progress.stage == "failed"
    monkeypatch.undo()
    assert commit_import(run=planned.run, act=acts()).counts["loans"] == 2


def test_files_are_kept_under_their_digest(
    books: None, acts: Callable[..., Act], store: Path
) -> None:
    plan_import(files=[FIRST], act=acts())
    assert (store / "imports" / FIRST.sha256).read_bytes() == FIRST.content


def test_sheets_beside_the_loans_are_left_and_named(books: None, acts: Callable[..., Act]) -> None:
    opened = io.BytesIO()
    book = xlsxwriter.Workbook(opened, {"in_memory": True})
    notes, loans = book.add_worksheet("Notes"), book.add_worksheet("Loans")
    notes.write_row(0, 0, ["Who", "What"])
    notes.write_row(1, 0, ["Amina", "checked"])
    loans.write_row(0, 0, ["Loan number", "Side", "Lender", "Currency", "Amount", "Signed", "Maturity",
                           "Rate"])  # fmt: skip
    loans.write_row(1, 0, ["A-1", "borrower", "First Bank", "USD", 1831234.56, "2025-01-15",
                           "2026-01-15", 24])  # fmt: skip
    book.close()
    planned = plan_import(files=[SourceFile.of("a.xlsx", opened.getvalue())], act=acts())
    assert [loan.terms.principal.plain() for loan in planned.plan.loans] == ["1831234.56"]
    found = {(each.subject, each.code) for each in planned.plan.findings}
    assert ("Notes", "sheet_not_read") in found


def test_no_file_is_refused(books: None, acts: Callable[..., Act]) -> None:
    with pytest.raises(FilesMissing):
        plan_import(files=[], act=acts())


def test_a_loan_on_the_wrong_side_is_a_fault_of_its_row(
    books: None, acts: Callable[..., Act]
) -> None:
    """The books are those of Ministry of Finance; a file that does not say so is believed."""
    header = "Loan number,Lender,Borrower,Currency,Amount,Signed,Drawn on,Maturity,Rate"
    terms = "USD,100,2021-01-15,2021-01-20,2022-01-15,12"
    file = SourceFile.of(
        "loans.csv",
        "\n".join(
            [
                header,
                f"A-1,Ministry of Finance,Ada,{terms}",
                f"A-2,Ada,Ministry of  FINANCE,{terms}",
                f"A-3,Ada,Ada,{terms}",
                f"A-4,Ada,Ministry of Works,{terms}",
            ]
        ).encode(),
    )
    plan = plan_import(files=[file], act=acts(), side=Side.BORROWER).plan
    assert [(fault.text, fault.code) for fault in plan.faults] == [
        ("A-1", "entity_on_other_side"),
        ("A-3", "lender_is_borrower"),
    ]
    assert [loan.loan_number for loan in plan.loans] == ["A-2", "A-4"]


@pytest.mark.django_db(transaction=True)
def test_others_may_write_while_loans_are_worked_out(books: None, acts: Callable[..., Act]) -> None:
    """Nothing is held until everything is ready: the files are read and the loans worked out."""
    held: set[tuple[str, bool]] = set()

    def watch(progress: Progress) -> None:
        held.add((progress.stage, connection.in_atomic_block))

    run = plan_import(files=[FIRST], act=acts()).run
    commit_import(run=run, act=acts(), watch=watch)
    assert {stage for stage, is_held in held if not is_held} >= {Stage.READING, Stage.LOANS}
    assert (Stage.LOANS, True) not in held
    assert len(lending.known_numbers()) == 2


def test_a_plan_made_beside_another_import_is_made_again(
    books: None, acts: Callable[..., Act]
) -> None:
    """Two imports at once: the one that comes later rests on loans as they were before."""
    first = plan_import(files=[FIRST], act=acts()).run
    second = plan_import(files=[SECOND], act=acts()).run

    def during(progress: Progress) -> None:
        if progress.stage is Stage.LOANS and lending.known_numbers() == set():
            commit_import(run=first, act=acts())

    with pytest.raises(PlanChanged):
        commit_import(run=second, act=acts(), watch=during)
    assert len(lending.known_numbers()) == 2
