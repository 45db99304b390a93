"""From files to loans: upload, columns, dry run, commit, undo; and what statements add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gbese.apps.imports import queries, services, storage
from gbese.apps.imports.errors import AlreadyImported, RunUnknown
from gbese.apps.imports.mappings import ColumnsMissing, MappingNotRecognised, shipped_mappings
from gbese.apps.imports.progress import Stage
from gbese.apps.imports.reading import SourceFile, read_tables
from gbese.apps.imports.reading.limits import FileTooLarge
from gbese.apps.imports.recipes.portfolio import template_headers
from gbese.apps.imports.recognition import PORTFOLIO
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.money import Money, Rounding, round_minor
from gbese.interfaces.days import day_of
from gbese.interfaces.sizes import MEGABYTE
from gbese.interfaces.web import exports
from gbese.interfaces.web.acts import form_act
from gbese.interfaces.web.addresses import choice_asked, code_asked, whole_asked
from gbese.interfaces.web.imports import wording
from gbese.interfaces.web.imports.forms import ColumnsForm, UploadForm
from gbese.interfaces.web.paging import paging
from gbese.interfaces.web.wording import refusal_text

_ROWS = 100
_KINDS = ("fault", "finding", "left_out", "loan", "reopened", "events", "unchanged")
_GROUPS = ("country", "borrower", "lender", "product")


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far, and the form that begins one."""
    return _imports_page(request, UploadForm(), "")


@require_POST
def import_upload(request: HttpRequest) -> HttpResponse:
    """Take files and make a dry run; where no mapping fits one file, ask for its columns."""
    form = UploadForm(request.POST)
    if not form.is_valid():
        return _imports_page(request, form, "", status=422)
    chosen = form.cleaned_data
    try:
        files = _sent_files(request)
        planned = services.plan_import(
            files=files,
            act=form_act(request),
            mapping=chosen["mapping"],
            side=Side(chosen["side"]) if chosen["side"] else None,
            currency=chosen["currency"].upper(),
        )
    except (MappingNotRecognised, ColumnsMissing) as unknown:
        if len(files) != 1:
            return _imports_page(request, form, refusal_text(unknown), status=422)
        storage.keep(files[0])
        query = urlencode({"file": files[0].name, "side": chosen["side"]})
        return redirect(f"{reverse('web:import_columns', args=[files[0].sha256])}?{query}")
    except AlreadyImported as known:
        messages.info(request, refusal_text(known))
        return redirect("web:import_run", run=known.facts["run"])
    except Refusal as refused:
        return _imports_page(request, form, refusal_text(refused), status=422)
    return redirect("web:import_run", run=planned.run)


@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, sha256: str) -> HttpResponse:
    """Which column is which fact; the choice is remembered for files with the same headers."""
    name = request.GET.get("file", "file")[:200]
    side = code_asked(request.GET, "side", Side)
    try:
        file = storage.kept(name, sha256)
        table = read_tables(file, storage.limits())[0]
    except Refusal as refused:
        raise Http404(refusal_text(refused)) from refused
    run = whole_asked(request.GET, "run")
    chosen = queries.mapping_of_run(run) if run is not None else None
    form = ColumnsForm.of(table, request.POST if request.method == "POST" else None, chosen)
    refusal = ""
    if request.method == "POST":
        act = form_act(request)
        try:
            mapping = form.mapping()
            planned = services.plan_import(
                files=[file],
                act=act,
                own_mapping=mapping,
                side=side,
            )
            if form.name:
                services.remember_mapping(mapping=mapping, headers=table.headers, act=act)
        except AlreadyImported as known:
            messages.info(request, refusal_text(known))
            return redirect("web:import_run", run=known.facts["run"])
        except Refusal as refused:
            refusal = refusal_text(refused)
        else:
            return redirect("web:import_run", run=planned.run)
    told = {"form": form, "file": file, "refusal": refusal}
    return render(request, "web/imports/columns.html", told, status=422 if refusal else 200)


@require_GET
def import_run(request: HttpRequest, run: int) -> HttpResponse:
    """One import: what it would do, or did, and every row that cannot be taken."""
    return _run_page(request, run, "")


@require_POST
def import_commit(request: HttpRequest, run: int) -> HttpResponse:
    """Carry out a dry run; the page shows its progress meanwhile."""
    try:
        services.commit_import(
            run=run,
            act=form_act(request),
            skip_faulty=request.POST.get("skip_faulty") == "yes",
        )
    except RunUnknown as unknown:
        raise Http404 from unknown
    except Refusal as refused:
        return _run_page(request, run, refusal_text(refused))
    messages.success(request, _("The import is carried out."))
    return _to_run(request, run)


@require_GET
def import_progress(request: HttpRequest, run: int) -> HttpResponse:
    """How far a commit is; asked for twice a second, answered without the database of loans."""
    progress = queries.run_progress(run)
    told = {
        "progress": progress,
        "stage": wording.stage_text(progress.stage if progress else Stage.READING),
        "runs": progress is None or progress.stage not in {Stage.DONE, Stage.FAILED},
        "run": run,
    }
    return render(request, "web/imports/progress.html", told)


@require_POST
def import_undo(request: HttpRequest, run: int) -> HttpResponse:
    """Take an import back, as long as nothing else was recorded on its loans."""
    try:
        undone = services.undo_import(run=run, act=form_act(request))
    except RunUnknown as unknown:
        raise Http404 from unknown
    except Refusal as refused:
        return _run_page(request, run, refusal_text(refused))
    messages.success(
        request,
        _("The import is undone: %(removed)s loans taken out, %(back)s put back as they were.")
        % {"removed": undone.removed, "back": undone.put_back},
    )
    return _to_run(request, run)


@require_GET
def import_rows_csv(request: HttpRequest, run: int, kind: str) -> HttpResponseBase:
    """The rows of one kind with their reasons, to be worked through beside the file."""
    if kind not in _KINDS:
        raise Http404
    headings = [_("File"), _("Line"), _("Column"), _("Text"), _("Loan"), _("Reason"), _("Code")]
    rows = queries.run_rows(run, kind, offset=0, limit=None)
    return exports.csv_file(f"import-{run}-{kind}", headings, map(_export_row, rows))


@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """An empty table to fill in, with two invented rows."""
    headings = template_headers(shipped_mappings()[PORTFOLIO])
    rows = _template_rows(headings)
    if kind == "xlsx":
        return exports.xlsx_file("loans-template", headings, rows)
    return exports.csv_file("loans-template", headings, rows)


@require_GET
def statements(request: HttpRequest) -> HttpResponse:
    """What a lender's statements say is owed, and how one date leads to the next."""
    dates = queries.stated_dates()
    lenders = sorted({row.lender_code for row in dates})
    lender = choice_asked(request.GET, "lender", lenders) or (lenders[0] if lenders else "")
    days = sorted(row.stated_on for row in dates if row.lender_code == lender)
    group = choice_asked(request.GET, "group", _GROUPS) or _GROUPS[0]
    closing = _day(request, "closing", days) or (days[-1] if days else None)
    opening = _day(request, "opening", days) or (days[0] if days else None)
    register: Sequence[queries.DebtRow] = ()
    report = None
    if closing is not None and opening is not None:
        register = queries.debt_register(lender_code=lender, stated_on=closing, group_by=group)
        if opening < closing:
            report = queries.roll_forward_report(
                lender_code=lender, opened_on=opening, closed_on=closing, group_by=group
            )
    told = {
        "lenders": lenders,
        "lender": lender,
        "days": days,
        "opening": opening,
        "closing": closing,
        "groups": [(code, _group_text(code)) for code in _GROUPS],
        "group": group,
        "register": register,
        "report": report,
        "movements": list(_movements(report)) if report else (),
        "revaluations": [
            (each.loan_number, each.contract_currency, _factor_text(each.factor))
            for each in (report.revaluations if report else ())
        ],
    }
    return render(request, "web/imports/statements.html", told)


def _imports_page(
    request: HttpRequest, form: UploadForm, refusal: str, status: int = 200
) -> HttpResponse:
    told = {
        "form": form,
        "refusal": refusal,
        "runs": [
            {"row": row, "state": wording.state_text(row.state)}
            for row in queries.run_list(offset=0, limit=50)
        ],
        "megabytes_max": storage.limits().bytes_max // MEGABYTE,
        "has_statements": bool(queries.stated_dates()),
    }
    return render(request, "web/imports/imports.html", told, status=status)


def _run_page(request: HttpRequest, run: int, refusal: str) -> HttpResponse:
    try:
        page = queries.run_page(run)
    except RunUnknown as unknown:
        raise Http404 from unknown
    counted = {"fault": "faults", "finding": "findings", "left_out": "left_out"}
    first = "fault" if page.counts.get("faults") else "finding"
    kind = choice_asked(request.GET, "rows", tuple(counted)) or first
    shown = paging(request.GET, page_rows=_ROWS, row_count=page.counts.get(counted[kind], 0))
    rows = queries.run_rows(run, kind, offset=shown.offset, limit=_ROWS)
    told = {
        "page": page,
        "state": wording.state_text(page.state),
        "refusal": refusal,
        "counts": [
            (wording.count_text(what), page.counts[what])
            for what in wording.COUNTED
            if page.counts.get(what)
        ],
        "left_out": [(wording.reason_text(code), n) for code, n in page.left_out.items()],
        "changes": any(
            page.counts.get(what)
            for what in ("loans", "reopened", "later_events", "statements", "exchange_rates",
                         "fixings")
        ),
        "faults": page.counts.get("faults", 0),
        "kind": kind,
        "kinds": [
            (code, wording.count_text(what), page.counts[what])
            for code, what in counted.items()
            if page.counts.get(what)
        ],
        "rows": [
            {"row": row, "reason": _row_text(row), "column": wording.column_text(row.column)}
            for row in rows
        ],
        "columns_address": _columns_address(page),
        "paging": shown,
        "request_id": uuid4(),
    }  # fmt: skip
    status = 422 if refusal else 200
    return render(request, "web/imports/run.html", told, status=status)


def _columns_address(page: queries.RunPage) -> str:
    """The way back to the columns of a dry run, with what was chosen there."""
    if page.state != "planned" or len(page.files) != 1 or page.recipe != PORTFOLIO:
        return ""
    (file,) = page.files
    query = urlencode({"file": file.name, "side": page.side, "run": page.run})
    return f"{reverse('web:import_columns', args=[file.sha256])}?{query}"


def _to_run(request: HttpRequest, run: int) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("web:import_run", args=[run])
        return response
    return redirect("web:import_run", run=run)


def _sent_files(request: HttpRequest) -> list[SourceFile]:
    found = request.FILES.getlist("files")
    limit = settings.ENVIRONMENT.upload_bytes
    for file in found:
        if (file.size or 0) > limit:
            raise FileTooLarge(file=file.name, bytes=file.size, bytes_max=limit)
    return [SourceFile.of(file.name or "file", file.read()) for file in found]


def _export_row(row: queries.ReportRow) -> exports.Row:
    return (
        row.file_name,
        row.line,
        wording.column_text(row.column),
        row.text,
        row.subject,
        _row_text(row),
        row.code,
    )


def _row_text(row: queries.ReportRow) -> str:
    match row.kind:
        case "fault":
            return wording.fault_text(row.code, row.facts)
        case "finding":
            return wording.finding_text(row.code, row.facts)
        case _:
            return wording.reason_text(row.code)


def _template_rows(headings: Sequence[str]) -> Iterator[list[str]]:
    told = (
        {
            "Loan number": "B-001",
            "Side": "borrower",
            "Lender": "First Bank",
            "Currency": "NGN",
            "Amount": "5000000.00",
            "Signed": "2025-01-15",
            "Maturity": "2027-01-15",
            "Frequency": "monthly",
            "Schedule": "annuity",
            "Rate": "24",
            "Day count": "act/365",
            "Balance at": "2025-12-31",
            "Outstanding principal": "2910000.00",
        },
        {
            "Loan number": "L-001",
            "Side": "lender",
            "Borrower": "Ada Obi",
            "Borrower kind": "person",
            "Currency": "NGN",
            "Amount": "300000.00",
            "Signed": "2025-11-03",
            "Drawn on": "2025-11-03",
            "First due": "2025-12-03",
            "Maturity": "2026-05-03",
            "Frequency": "monthly",
            "Schedule": "equal principal",
            "Rate": "36",
            "Day count": "30/360",
        },
    )
    for row in told:
        yield [row.get(heading, "") for heading in headings]


def _day(request: HttpRequest, part: str, days: Sequence[date]) -> date | None:
    """A day of which there are statements."""
    chosen = choice_asked(request.GET, part, [day.isoformat() for day in days])
    return day_of(chosen)


def _group_text(code: str) -> str:
    return {
        "country": _("Country"),
        "borrower": _("Borrower"),
        "lender": _("Lender"),
        "product": _("Product"),
    }[code]


def _factor_text(factor: Fraction) -> str:
    """Six decimals, half up."""
    millionths = round_minor(factor.numerator * 10**6, factor.denominator, Rounding.HALF_UP)
    return format(Decimal(millionths).scaleb(-6), "f")


def _movements(report: queries.RollForwardReport) -> Iterator[dict[str, object]]:
    def money(minor: int) -> Money:
        return Money(minor, report.currency)

    for row in report.rows:
        yield {
            "group": row.group,
            "opening": money(row.opening),
            "drawn": money(row.drawn),
            "repaid": money(row.repaid),
            "sold": money(row.sold),
            "exchange": money(row.exchange_difference),
            "untied": money(row.untied),
            "closing": money(row.closing),
            "new": row.new_loans,
            "gone": row.gone_loans,
            "not_tying": [(each.loan_number, money(each.untied)) for each in row.not_tying],
            "negative": [
                (each.loan_number, money(each.repaid)) for each in row.negative_repayments
            ],
        }
