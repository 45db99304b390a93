"""Reads about imports, as typed rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum

from gbese.apps.imports import storage
from gbese.apps.imports.context import remembered_mappings, statements_on
from gbese.apps.imports.errors import RunUnknown
from gbese.apps.imports.mapping import facts_from_text, to_statement
from gbese.apps.imports.mappings import (
    FileMapping,
    header_signature,
    mapping_from_yaml,
    shipped_mappings,
)
from gbese.apps.imports.models import (
    ColumnTotal,
    ImportFile,
    ImportRun,
    RememberedMapping,
    RunCount,
    RunRow,
    StatedBalance,
)
from gbese.apps.imports.progress import Progress, progress_of
from gbese.apps.imports.roll_forward import (
    Revaluation,
    RollForward,
    revaluations,
    roll_forward,
)
from gbese.apps.imports.statements import Statement
from gbese.core.money import Currency, Money

__all__ = [
    "DebtRow",
    "FileRow",
    "MappingRow",
    "ReportRow",
    "RollForwardReport",
    "RunListRow",
    "RunPage",
    "StatedDate",
    "SumRow",
    "debt_register",
    "loan_statements",
    "mapping_choices",
    "remembered_for",
    "roll_forward_report",
    "row_count",
    "run_list",
    "run_page",
    "run_progress",
    "run_rows",
    "stated_dates",
]

GROUPS = ("country", "borrower", "lender", "product")


@dataclass(frozen=True, slots=True)
class RunListRow:
    """An import in the list of imports."""

    run: int
    state: str
    recipe: str
    mapping: str
    files: str
    planned_at: datetime
    planned_by: str
    committed_at: datetime | None
    loans: int
    faults: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of an import."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SumRow:
    """The sum of one column, whole and by what became of its rows."""

    file_name: str
    column: str
    whole: Money
    taken: Money
    left_out: Money
    faulty: Money


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of a file in a run; `code` and `facts` are worded at the edge."""

    kind: str
    file_name: str
    sheet: str
    line: int
    subject: str
    column: str
    text: str
    code: str
    facts: Mapping[str, str]

    @property
    def place(self) -> str:
        where = f"{self.file_name}[{self.sheet}]" if self.sheet else self.file_name
        return f"{where}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """Everything about one import but its rows."""

    run: int
    state: str
    recipe: str
    mapping: str
    side: str
    files: tuple[FileRow, ...]
    counts: Mapping[str, int]
    left_out: Mapping[str, int]  # by reason
    findings: Mapping[str, int]  # by code
    fault_codes: Mapping[str, int]
    sums: tuple[SumRow, ...]
    planned_at: datetime
    planned_by: str
    committed_at: datetime | None
    committed_by: str
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class MappingRow:
    """A mapping to choose from."""

    name: str
    title: str
    recipe: str
    is_shipped: bool


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date at which a lender's statement was imported."""

    lender_code: str
    stated_on: date
    loans: int


@dataclass(frozen=True, slots=True)
class DebtRow:
    """What a group owes by a lender's statement.

    `stated` is the lender's own figure: what is owed less credits, the negative residues that are
    no debt.
    """

    group: str
    loans_owing: int
    owed: Money
    credits: Money
    undisbursed: Money

    @property
    def stated(self) -> Money:
        return self.owed - self.credits


@dataclass(frozen=True, slots=True)
class RollForwardReport:
    """The movements between two statements of one lender: all loans first, then by group."""

    lender_code: str
    opened_on: date
    closed_on: date
    group_by: str
    currency: Currency
    rows: tuple[RollForward, ...]
    revaluations: tuple[Revaluation, ...]  # loans that only exchange has moved


def run_list(*, offset: int, limit: int) -> tuple[RunListRow, ...]:
    """Imports, the newest first."""
    runs = list(ImportRun.objects.order_by("-pk")[offset : offset + limit])
    pks = [run.pk for run in runs]
    names: dict[int, list[str]] = defaultdict(list)
    for run_pk, name in (
        ImportFile.objects.filter(run__in=pks).order_by("pk").values_list("run_id", "name")
    ):
        names[run_pk].append(name)
    counted: dict[tuple[int, str], int] = {
        (run_pk, what): count
        for run_pk, what, count in RunCount.objects.filter(run__in=pks).values_list(
            "run_id", "what", "count"
        )
    }
    return tuple(
        RunListRow(
            run=run.pk,
            state=run.state,
            recipe=run.recipe,
            mapping=run.mapping_name,
            files=", ".join(names[run.pk]),
            planned_at=run.planned_at,
            planned_by=run.planned_by,
            committed_at=run.committed_at,
            loans=counted.get((run.pk, "loans"), 0),
            faults=counted.get((run.pk, "faults"), 0),
        )
        for run in runs
    )


def run_page(run: int) -> RunPage:
    """One import.

    Raises:
        RunUnknown: there is none of this number.
    """
    found = ImportRun.objects.filter(pk=run).first()
    if found is None:
        raise RunUnknown(run=run)
    by_code: dict[str, dict[str, int]] = defaultdict(dict)
    rows = RunRow.objects.filter(
        run=found,
        kind__in=(RunRow.Kind.LEFT_OUT, RunRow.Kind.FINDING, RunRow.Kind.FAULT),
    )
    for kind, code, count in (
        rows.order_by("kind", "code").values("kind", "code").annotate(rows=Count("pk"))
    ).values_list("kind", "code", "rows"):
        by_code[kind][code] = count
    return RunPage(
        run=run,
        state=found.state,
        recipe=found.recipe,
        mapping=found.mapping_name,
        side=found.side,
        files=tuple(
            FileRow(file.name, file.sha256, file.size_bytes)
            for file in ImportFile.objects.filter(run=found).order_by("pk")
        ),
        counts=dict(RunCount.objects.filter(run=found).values_list("what", "count")),
        left_out=by_code[RunRow.Kind.LEFT_OUT],
        findings=by_code[RunRow.Kind.FINDING],
        fault_codes=by_code[RunRow.Kind.FAULT],
        sums=tuple(
            _sum_row(total) for total in ColumnTotal.objects.filter(run=found).order_by("pk")
        ),
        planned_at=found.planned_at,
        planned_by=found.planned_by,
        committed_at=found.committed_at,
        committed_by=found.committed_by,
        undone_at=found.undone_at,
        undone_by=found.undone_by,
    )


def run_rows(run: int, kind: str, *, offset: int, limit: int | None) -> tuple[ReportRow, ...]:
    """Rows of one kind, in the order of the files; None as `limit` is all of them."""
    found = RunRow.objects.filter(run=run, kind=kind).order_by("pk")
    return tuple(
        ReportRow(
            kind=row.kind,
            file_name=row.file_name,
            sheet=row.sheet,
            line=row.line,
            subject=row.subject,
            column=row.column,
            text=row.text,
            code=row.code,
            facts=facts_from_text(row.facts),
        )
        for row in found[offset : None if limit is None else offset + limit]
    )


def row_count(run: int, kind: str) -> int:
    """How many rows of a kind a run has."""
    return RunRow.objects.filter(run=run, kind=kind).count()


def run_progress(run: int) -> Progress | None:
    """How far the commit of a run is; None where it never began. The database is not asked."""
    return progress_of(storage.progress_folder(), run)


def mapping_choices() -> tuple[MappingRow, ...]:
    """Mappings to choose from: those people made here first."""
    own = [
        MappingRow(mapping.name, mapping.title or mapping.name, mapping.recipe, is_shipped=False)
        for mapping in remembered_mappings()
    ]
    shipped = [
        MappingRow(mapping.name, mapping.title or mapping.name, mapping.recipe, is_shipped=True)
        for mapping in shipped_mappings().values()
    ]
    return (*own, *shipped)


def remembered_for(headers: Sequence[str]) -> FileMapping | None:
    """The mapping somebody made for a file with exactly these headers; the newest."""
    signature = hashlib.sha256(header_signature(headers).encode()).hexdigest()
    row = (
        RememberedMapping.objects.filter(signature_sha256=signature)
        .order_by("-remembered_at")
        .first()
    )
    return mapping_from_yaml(row.text) if row else None


def mapping_of_run(run: int) -> FileMapping | None:
    """The mapping somebody made for the files of an import; none where a named one was taken.

    Raises:
        RunUnknown: there is none of this number.
    """
    found = ImportRun.objects.filter(pk=run).first()
    if found is None:
        raise RunUnknown(run=run)
    return mapping_from_yaml(found.mapping_text) if found.mapping_text else None


def stated_dates() -> tuple[StatedDate, ...]:
    """The statements that were imported: lender and date."""
    rows = (
        StatedBalance.objects.order_by("lender_code", "stated_on")
        .values("lender_code", "stated_on")
        .annotate(loans=Count("pk"))
    )
    return tuple(StatedDate(row["lender_code"], row["stated_on"], row["loans"]) for row in rows)


def debt_register(*, lender_code: str, stated_on: date, group_by: str) -> tuple[DebtRow, ...]:
    """What is owed to a lender at the date of one of its statements, all first, then by group."""
    column = {
        "country": "country",
        "borrower": "borrower_name",
        "lender": "lender_code",
        "product": "product",
    }[group_by]
    rows = list(
        StatedBalance.objects.filter(lender_code=lender_code, stated_on=stated_on)
        .values(column, "currency", "exponent")
        .annotate(
            owing=Count("pk", filter=Q(outstanding__gt=0)),
            owed=Sum("outstanding", filter=Q(outstanding__gt=0), default=0),
            credit=Sum("outstanding", filter=Q(outstanding__lt=0), default=0),
            undisbursed=Sum("undisbursed", default=0),
        )
        .order_by(column)
    )
    found = [
        DebtRow(
            group=row[column],
            loans_owing=row["owing"],
            owed=Money(row["owed"], Currency(row["currency"], row["exponent"])),
            credits=Money(-row["credit"], Currency(row["currency"], row["exponent"])),
            undisbursed=Money(row["undisbursed"], Currency(row["currency"], row["exponent"])),
        )
        for row in rows
    ]
    if not found:
        return ()
    currency = found[0].owed.currency
    whole = DebtRow(
        group="",
        loans_owing=sum(row.loans_owing for row in found),
        owed=Money(sum(row.owed.minor for row in found), currency),
        credits=Money(sum(row.credits.minor for row in found), currency),
        undisbursed=Money(sum(row.undisbursed.minor for row in found), currency),
    )
    return (whole, *found)


def roll_forward_report(
    *, lender_code: str, opened_on: date, closed_on: date, group_by: str
) -> RollForwardReport | None:
    """The movements between two statements of a lender; None where one of them is missing."""
    opening = statements_on(lender_code, opened_on)
    closing = statements_on(lender_code, closed_on)
    if not opening or not closing:
        return None
    groups = {
        statement.loan_number: _group(statement, group_by) for statement in (*opening, *closing)
    }
    return RollForwardReport(
        lender_code=lender_code,
        opened_on=opened_on,
        closed_on=closed_on,
        group_by=group_by,
        currency=closing[0].currency,
        rows=roll_forward(opening, closing, groups),
        revaluations=revaluations(opening, closing),
    )


def loan_statements(loan_number: str) -> tuple[Statement, ...]:
    """All statements of one loan, by date: its history as its lender told it."""
    rows = StatedBalance.objects.filter(loan_number=loan_number).order_by("stated_on")
    return tuple(to_statement(row) for row in rows)


def _group(statement: Statement, group_by: str) -> str:
    match group_by:
        case "country":
            return statement.country
        case "borrower":
            return statement.borrower_name
        case "product":
            return statement.product
        case _:
            return statement.lender_code


def _sum_row(total: ColumnTotal) -> SumRow:
    currency = Currency(total.currency, total.exponent)
    taken, left_out, faulty = (
        Money(minor, currency) for minor in (total.taken, total.left_out, total.faulty)
    )
    return SumRow(
        file_name=total.file_name,
        column=total.column,
        whole=taken + left_out + faulty,
        taken=taken,
        left_out=left_out,
        faulty=faulty,
    )
