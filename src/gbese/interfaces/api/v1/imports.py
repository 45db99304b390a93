"""Portfolios brought in as files: a dry run, its rows, its commit, and its undoing.

An import is a job: it has a number, a state and counters, and tells how far it is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import Field

from gbese.apps.imports import queries, services
from gbese.apps.imports.errors import FilesMissing
from gbese.apps.imports.progress import Stage
from gbese.apps.imports.reading import SourceFile
from gbese.apps.imports.reading.limits import FileTooLarge
from gbese.core.contracts.terms import Side
from gbese.interfaces.api.errors import ProblemRaised
from gbese.interfaces.api.errors import Told as ToldProblem
from gbese.interfaces.api.operations import FILES_MAX, MULTIPART, Area, Keyed, api_act
from gbese.interfaces.api.schemas import (
    Asked,
    Key,
    Listed,
    Moment,
    MoneyOut,
    Paged,
    Search,
    Told,
    YesNo,
    listed,
)
from gbese.interfaces.api.wording import fault_text as request_fault_text
from gbese.interfaces.web.imports import wording

area = Area("Imports")


class RunState(StrEnum):
    """Where an import stands."""

    PLANNED = "planned"
    COMMITTED = "committed"
    UNDONE = "undone"


class RowKind(StrEnum):
    """What becomes of a row of a file."""

    LOAN = "loan"
    REOPENED = "reopened"
    EVENTS = "events"
    STATEMENT = "statement"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"
    FAULT = "fault"
    FINDING = "finding"


class ImportAsked(Asked):
    """How the files are to be read, where they do not say it themselves."""

    mapping: Annotated[Search, Field(max_length=100)] = ""
    side: Literal["", "borrower", "lender"] = ""
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""


class CommitAsked(Asked):
    """Whether rows with faults may be left out."""

    skip_faulty: YesNo = False


class RowsAsked(Paged):
    """Rows of which kind."""

    kind: RowKind = RowKind.FAULT


class FileTold(Told):
    """A file of an import."""

    name: str
    sha256: str
    size_bytes: int


class ProgressTold(Told):
    """How far the commit is: so many of so many of its stage are done."""

    stage: Stage
    done: int
    total: int


class SumTold(Told):
    """The sum of one column, whole and by what became of its rows."""

    file_name: str
    column: str
    whole: MoneyOut
    taken: MoneyOut
    left_out: MoneyOut
    faulty: MoneyOut


class RunTold(Told):
    """An import: its state, its counters, what it leaves out and finds, by code."""

    run: int
    state: RunState
    recipe: str
    mapping: str
    side: str
    files: list[FileTold]
    counts: dict[str, int]
    left_out: dict[str, int]
    findings: dict[str, int]
    fault_codes: dict[str, int]
    sums: list[SumTold]
    progress: ProgressTold | None
    planned_at: Moment
    planned_by: str
    committed_at: Moment | None
    committed_by: str
    undone_at: Moment | None
    undone_by: str


class RunListTold(Told):
    """An import of the list."""

    run: int
    state: RunState
    recipe: str
    mapping: str
    files: str
    planned_at: Moment
    planned_by: str
    committed_at: Moment | None
    loans: int
    faults: int


class RowTold(Told):
    """One row of a file: where it stands, and why it is as it is."""

    kind: RowKind
    file_name: str
    sheet: str
    line: int
    subject: str
    column: str
    text: str
    code: str
    facts: dict[str, str]
    reason: str


class UndoneTold(Told):
    """An import that was taken back."""

    run: int
    removed: int
    put_back: int


class MappingTold(Told):
    """A mapping to choose from."""

    name: str
    title: str
    recipe: str
    is_shipped: bool


class MappingsTold(Told):
    """All mappings: those made here first."""

    items: list[MappingTold]


@area.get("/imports", answers=Listed[RunListTold])
def list_imports(request: HttpRequest, asked: Query[Paged]) -> Listed[RunListTold]:
    """Imports, the newest first."""
    rows = queries.run_list(offset=asked.offset, limit=asked.limit + 1)
    return listed(rows, asked, RunListTold)


@area.post(
    "/imports",
    answers=RunTold,
    status=201,
    keyed=Keyed.ONE_TRANSACTION,
    media_type=MULTIPART,
)
def plan_import(
    request: HttpRequest, form: Form[ImportAsked], files: File[list[UploadedFile]]
) -> RunTold:
    """Send files and make a dry run: what would be created, and every row that cannot be.

    Nothing of it is in the books. Files that belong together are sent together.
    """
    _require_known_fields(request)
    planned = services.plan_import(
        files=[_source(file) for file in files],
        act=api_act(request),
        mapping=form.mapping,
        side=Side(form.side) if form.side else None,
        currency=form.currency,
    )
    return _run(planned.run)


@area.get("/imports/{run}", answers=RunTold)
def get_import(request: HttpRequest, run: Key) -> RunTold:
    """One import: its state, its counters, its progress."""
    return _run(run)


@area.get("/imports/{run}/rows", answers=Listed[RowTold])
def list_import_rows(request: HttpRequest, run: Key, asked: Query[RowsAsked]) -> Listed[RowTold]:
    """The rows of one kind, in the order of the files, each with its reason."""
    queries.run_page(run)
    rows = queries.run_rows(run, asked.kind, offset=asked.offset, limit=asked.limit + 1)
    return listed([_row(row) for row in rows], asked, RowTold)


@area.post("/imports/{run}/commit", answers=RunTold, keyed=Keyed.BY_ITSELF)
def commit_import(request: HttpRequest, run: Key, body: CommitAsked) -> RunTold:
    """Carry out a dry run: all of it is in the books, or nothing."""
    services.commit_import(run=run, act=api_act(request), skip_faulty=body.skip_faulty)
    return _run(run)


@area.post("/imports/{run}/undo", answers=UndoneTold, keyed=Keyed.ONE_TRANSACTION)
def undo_import(request: HttpRequest, run: Key) -> UndoneTold:
    """Take an import back, as long as nothing else was recorded on its loans."""
    return UndoneTold.model_validate(services.undo_import(run=run, act=api_act(request)))


@area.get("/import-mappings", answers=MappingsTold)
def list_import_mappings(request: HttpRequest) -> MappingsTold:
    """The mappings there are: which column of a file is which fact."""
    rows = queries.mapping_choices()
    return MappingsTold(items=[MappingTold.model_validate(row) for row in rows])


def _run(run: int) -> RunTold:
    page = queries.run_page(run)
    given = {name: getattr(page, name) for name in RunTold.model_fields if name != "progress"}
    return RunTold.model_validate(
        given | {"progress": queries.run_progress(run)}, from_attributes=True
    )


def _row(row: queries.ReportRow) -> RowTold:
    given = {name: getattr(row, name) for name in RowTold.model_fields if name != "reason"}
    return RowTold.model_validate(given | {"reason": _reason(row)})


def _reason(row: queries.ReportRow) -> str:
    match row.kind:
        case RowKind.FAULT:
            return wording.fault_text(row.code, row.facts)
        case RowKind.FINDING:
            return wording.finding_text(row.code, row.facts)
        case _:
            return wording.reason_text(row.code)


def _source(file: UploadedFile) -> SourceFile:
    limit = settings.ENVIRONMENT.upload_bytes
    if (file.size or 0) > limit:
        raise FileTooLarge(file=file.name, bytes=file.size, bytes_max=limit)
    return SourceFile.of(file.name or "file", file.read())


def _require_known_fields(request: HttpRequest) -> None:
    """A field of the form that is not known is refused by its name, as in JSON."""
    known = set(ImportAsked.model_fields)
    for name in (*request.POST, *(name for name in request.FILES if name != "files")):
        if name not in known or len(request.POST.getlist(name)) > 1:
            where = f"form.{name[:100]}"
            text = request_fault_text({"type": "extra_forbidden"}, where)
            raise ProblemRaised(ToldProblem(422, "field_unknown", detail=text, where=where))
    if not 1 <= len(request.FILES.getlist("files")) <= FILES_MAX:
        raise FilesMissing
