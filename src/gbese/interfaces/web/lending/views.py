"""The list of loans, a loan's page, what is recorded on it, and a new loan."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.bookkeeping.errors import BooksNotSetUp
from gbese.apps.identity.permissions import Right
from gbese.apps.identity.queries import may, may_open
from gbese.apps.lending import queries
from gbese.apps.lending import services as lending
from gbese.apps.lending.errors import LoanUnknown
from gbese.apps.lending.queries import LoanPage
from gbese.apps.parties.queries import party_choices
from gbese.apps.parties.services import PartyKind, find_or_add_party
from gbese.core.contracts.checks import TermsRefused
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.servicing.events import Drawn
from gbese.core.status.trouble import LoanStatus
from gbese.interfaces.web import exports, wording
from gbese.interfaces.web.acts import form_act
from gbese.interfaces.web.addresses import NotHere, day_asked, text_asked, whole_asked
from gbese.interfaces.web.frame.visits import is_visit
from gbese.interfaces.web.lending import changes, dossier, listing, new_loan
from gbese.interfaces.web.lending.recording import KINDS, RecordForm
from gbese.interfaces.web.paging import paging
from gbese.interfaces.web.why.views import address_of_whys, why_page

_UNREADABLE = 422


@require_GET
def loans(request: HttpRequest) -> HttpResponse:
    """The loans of a filter, by trouble, with their totals."""
    asked = listing.asked(request.GET)
    try:
        entity = bookkeeping.entity()
    except BooksNotSetUp:
        return redirect("web:home")
    totals = queries.loan_totals(asked.chosen)
    page = paging(
        request.GET,
        page_rows=listing.PAGE_ROWS,
        row_count=sum(line.loans for line in totals),
    )
    rows = queries.loan_list(
        asked.chosen,
        order=asked.order,
        descending=asked.descending,
        offset=page.offset,
        limit=page.page_rows,
    )
    keeps_both = entity.sides_kept.includes(Side.BORROWER) and entity.sides_kept.includes(
        Side.LENDER
    )
    lenders = queries.lenders(listing.PARTIES_MAX + 1)
    borrowers = queries.borrowers(listing.PARTIES_MAX + 1)
    told = {
        "asked": asked,
        "order": f"{'-' if asked.descending else ''}{asked.order}",
        "totals": totals,
        "rows": rows,
        "paging": page,
        "keeps_both": keeps_both,
        "sides": wording.choices_of("side", Side) if keeps_both else [],
        "statuses": [(status.value, wording.status_look(status).word) for status in LoanStatus],
        "terms": wording.choices_of("term_class", TermClass),
        "currencies": queries.currencies()
        if asked.is_filtering
        else sorted(line.currency.code for line in totals),
        "lenders": lenders if len(lenders) <= listing.PARTIES_MAX else (),
        "borrowers": borrowers if len(borrowers) <= listing.PARTIES_MAX else (),
        **_rights(request),
    }
    return render(request, "web/lending/loans.html", told)


@require_GET
def loan_parties(request: HttpRequest) -> HttpResponse:
    """Names to choose from while one is written."""
    text = request.GET.get("lender_name") or request.GET.get("borrower_name") or ""
    found = party_choices(text[:100], 20) if text.strip() else ()
    return render(request, "web/lending/party_options.html", {"parties": found})


@require_GET
def loans_csv(request: HttpRequest) -> HttpResponseBase:
    """The list as filtered, as CSV."""
    return exports.csv_file("loans", listing.headings(), _exported(request))


@require_GET
def loans_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The list as filtered, as Excel."""
    return exports.xlsx_file("loans", listing.headings(), _exported(request))


def _exported(request: HttpRequest) -> Any:  # noqa: ANN401 - rows of cells
    asked = listing.asked(request.GET)
    bookkeeping.entity()  # refused before the first line is on its way
    return listing.export_rows(
        queries.loan_rows(asked.chosen, order=asked.order, descending=asked.descending)
    )


@never_cache
@require_GET
def loan(request: HttpRequest, loan_number: str) -> HttpResponse:
    """All there is to say of one loan, now or at a date."""
    day = day_asked(request.GET, "on")
    if figure := text_asked(request.GET, "why"):
        return why_page(request, loan_number, figure, day)
    return _dossier(request, loan_number, day)


def _dossier(request: HttpRequest, loan_number: str, day: date | None = None) -> HttpResponse:
    page = _page(loan_number, day)
    told = {
        "loan": page,
        "why": address_of_whys(day),
        "story": dossier.story(page),
        **dossier.figures(page),
        **_rights(request),
    }
    return render(request, "web/lending/loan.html", told)


def _after_recording(request: HttpRequest, loan_number: str) -> HttpResponse:
    """The loan as it is now: at once for a script that shows it under its address, else by it."""
    address = reverse("web:loan", args=[loan_number])
    if not (is_visit(request) and may_open(request.user, "web:loan")):
        return redirect(address)
    shown = _dossier(request, loan_number)
    shown["Content-Location"] = address
    return shown


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, loan_number: str, kind: str) -> HttpResponse:
    """Record a fact on a loan; everything is worked out again before the page answers."""
    form_class = _form_class(request, kind)
    refusal = ""
    if request.method == "POST":
        form = _filled(form_class, request, loan_number)
        if form.is_valid():
            try:
                currency = queries.loan_currency(loan_number)
                done = lending.record(
                    loan_number=loan_number, made=form.maker(currency), act=form_act(request)
                )
            except LoanUnknown as unknown:
                raise Http404 from unknown
            except Refusal as refused:
                refusal = wording.problem_text(refused)
            else:
                said = gettext("Recorded. Everything that depends on it is worked out again.")
                if done.is_repeat:
                    said = gettext("This was recorded before; nothing was recorded twice.")
                messages.success(request, said)
                return _after_recording(request, loan_number)
    else:
        form = form_class(initial=_initial(request, loan_number, kind))
    told = {
        "form": form,
        "kind": kind,
        "loan_number": loan_number,
        "refusal": refusal,
        "request_id": request.POST.get("request_id") or uuid4(),
        "form_address": reverse("web:record", args=[loan_number, kind]),
        "preview_address": reverse("web:record_preview", args=[loan_number, kind]),
        "reversed_event": _reversed_event(loan_number, form) if kind == "reversal" else "",
    }
    status = _UNREADABLE if refusal or (form.is_bound and form.errors) else 200
    return render(request, "web/lending/record.html", told, status=status)


@require_POST
def record_preview(request: HttpRequest, loan_number: str, kind: str) -> HttpResponse:
    """What recording would change; nothing is stored."""
    form = _filled(_form_class(request, kind), request, loan_number)
    told: dict[str, Any] = {}
    if form.is_valid():
        try:
            currency = queries.loan_currency(loan_number)
            told["change"] = changes.shown(
                lending.preview(loan_number=loan_number, made=form.maker(currency))
            )
        except LoanUnknown as unknown:
            raise Http404 from unknown
        except Refusal as refused:
            told["refusal"] = wording.problem_text(refused)
    return render(request, "web/lending/change_preview.html", told)


@never_cache
@require_http_methods(["GET", "POST"])
def loan_new(request: HttpRequest) -> HttpResponse:
    """Open a loan by hand."""
    refusal = ""
    if request.method == "POST":
        form = new_loan.NewLoanForm(request.POST)
        if form.is_valid():
            try:
                number = _opened(request, form.cleaned_data)
            except TermsRefused as refused:
                refusal = _told_at_its_field(form, refused)
            except Refusal as refused:
                refusal = wording.refusal_text(refused)
            else:
                messages.success(request, gettext("The loan is open."))
                return redirect("web:loan", loan_number=number)
    else:
        form = new_loan.NewLoanForm(initial=_new_loan_initial())
    further = {bound.name for bound in form.further}
    told = {
        "form": form,
        "refusal": refusal,
        "request_id": request.POST.get("request_id") or uuid4(),
        "party_names": [party.name for party in party_choices("", 200)],
        "further_wrong": bool(further & set(form.errors)) if form.is_bound else False,
    }
    status = _UNREADABLE if refusal or (form.is_bound and form.errors) else 200
    return render(request, "web/lending/new_loan.html", told, status=status)


@require_POST
def loan_new_preview(request: HttpRequest) -> HttpResponse:
    """The schedule the terms lead to so far; nothing is stored."""
    form = new_loan.NewLoanForm(request.POST)
    told: dict[str, Any] = {}
    form.is_valid()
    if not (set(form.errors) - {"loan_number", "lender", "borrower"}):
        try:
            preview = new_loan.schedule_preview(
                new_loan.terms_of(form.cleaned_data), drawn_on=form.cleaned_data["drawn_on"]
            )
            told |= {"preview": preview, "costs": dossier.costs_told(preview.yearly_cost)}
        except TermsRefused as refused:
            told["refusal"] = wording.problem_text(refused)
        except Refusal as refused:
            told["refusal"] = wording.refusal_text(refused)
    return render(request, "web/lending/schedule_preview.html", told)


def _told_at_its_field(form: new_loan.NewLoanForm, refused: TermsRefused) -> str:
    """Tell what is wrong with the terms at its field; else what to tell above the form."""
    field = new_loan.FIELD_OF_TERM.get(str(refused.facts["field_name"]))
    if field is None:
        return wording.problem_text(refused)
    form.add_error(field, wording.problem_text(refused))
    return ""


@transaction.atomic
def _opened(request: HttpRequest, asked: dict[str, Any]) -> str:
    act = form_act(request)
    terms = new_loan.terms_of(asked)
    country = bookkeeping.entity().country
    own, other = (
        ("borrower", "lender") if asked["side"] == Side.BORROWER else ("lender", "borrower")
    )
    parties = {
        own: find_or_add_party(
            name=asked[own], country=country, kind=PartyKind.ORGANISATION, act=act
        ),
        other: find_or_add_party(
            name=asked[other], country=country, kind=asked["party_kind"], act=act
        ),
    }
    drawn_on = asked["drawn_on"]
    events = (Drawn(number=1, value_date=drawn_on, amount=terms.principal),) if drawn_on else ()
    return lending.open_loan(
        new=lending.NewLoan(
            loan_number=asked["loan_number"].strip(),
            side=Side(asked["side"]),
            lender=parties["lender"].pk,
            borrower=parties["borrower"].pk,
            terms=terms,
            events=events,
            purpose=asked["purpose"],
            agreement_number=asked["agreement_number"],
        ),
        act=act,
    )


def _page(loan_number: str, on: date | None = None) -> LoanPage:
    """The loan at a date; on the open day where none is asked for."""
    try:
        return queries.loan_page(loan_number, on or bookkeeping.open_day().open_day)
    except LoanUnknown as unknown:
        raise Http404 from unknown


def _form_class(request: HttpRequest, kind: str) -> type[RecordForm]:
    form_class = KINDS.get(kind)
    if form_class is None:
        raise Http404
    if not may(request.user, form_class.right):
        raise PermissionDenied
    return form_class


def _filled(form_class: type[RecordForm], request: HttpRequest, loan_number: str) -> RecordForm:
    form = form_class(request.POST)
    if form.needs_terms:
        form.terms = _page(loan_number).terms
    return form


def _initial(request: HttpRequest, loan_number: str, kind: str) -> dict[str, Any]:
    """What a person most likely means: today, and the amount that is due."""
    page = _page(loan_number)
    told: dict[str, Any] = {"value_date": page.open_day}
    if kind == "repayment":
        due = dossier.to_pay_now(page) or page.row.next_due
        told["amount"] = due.plain() if due else ""
    elif kind == "drawdown" and page.row.undrawn:
        told["amount"] = page.row.undrawn.plain()
    elif kind == "refund" and page.position.unallocated:
        told["amount"] = page.position.unallocated.plain()
    elif kind == "reversal":
        told["event_number"] = _event_asked(request, page)
    elif kind == "terms":
        told["first_due_date"] = page.row.next_due_date
        told["maturity_date"] = page.terms.maturity_date
        told["schedule_kind"] = page.terms.schedule_kind
        told["frequency"] = next(
            (name for name, often in new_loan.FREQUENCIES.items() if often == page.terms.frequency),
            "monthly",
        )
    return told


def _event_asked(request: HttpRequest, page: LoanPage) -> int | None:
    number = whole_asked(request.GET, "event")
    if number is not None and number not in {event.number for event in page.events}:
        raise NotHere(part="event", text=str(number))
    return number


def _reversed_event(loan_number: str, form: RecordForm) -> str:
    asked = str(form["event_number"].value())
    for row in dossier.story(_page(loan_number)):
        if str(row.number) == asked:
            return row.told
    return ""


def _new_loan_initial() -> dict[str, Any]:
    entity = bookkeeping.entity()
    today = bookkeeping.open_day().open_day
    side = Side.BORROWER if entity.sides_kept.includes(Side.BORROWER) else Side.LENDER
    own_part = "borrower" if side is Side.BORROWER else "lender"
    return {
        "side": side,
        own_part: entity.name,
        "currency": entity.base_currency,
        "signed_on": today,
        "interest_from": today,
        "drawn_on": today,
        "day_count": "act_365f",
    }


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_enter": may(request.user, Right.LOANS_ENTER),
        "may_export": may(request.user, Right.LOANS_EXPORT),
        "may_import": may(request.user, Right.LOANS_IMPORT),
        "may_record": may(request.user, Right.LOANS_RECORD),
        "may_reverse": may(request.user, Right.LOANS_REVERSE),
        "may_write_off": may(request.user, Right.LOANS_WRITE_OFF),
    }
