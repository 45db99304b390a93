"""The dashboard, the maturity ladder, and the debt by term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.bookkeeping.errors import BooksNotSetUp
from gbese.apps.identity.permissions import Right
from gbese.apps.identity.queries import may
from gbese.apps.lending import queries as lending
from gbese.apps.lending.queries import LoanFilter, LoanOrder
from gbese.apps.reporting import queries as reports
from gbese.apps.reporting.queries import GroupBy, TermRow
from gbese.core.contracts.terms import Side
from gbese.core.status.term import TermPolicy
from gbese.core.status.trouble import LoanStatus
from gbese.interfaces.web import exports, wording
from gbese.interfaces.web.exports import Cell
from gbese.interfaces.web.reporting import pictures
from gbese.interfaces.web.reporting.asked import TermQuestion, side_asked, term_question

_ROWS_SHOWN = 8
_TROUBLED = (LoanStatus.IN_DELAY, LoanStatus.DEADLINE_BREACHED, LoanStatus.PENALTIES_CHARGED)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is owed, what falls due, what is late."""
    try:
        entity = bookkeeping.entity()
    except BooksNotSetUp:
        return _no_books(request)
    told: dict[str, Any] = {
        "entity": entity,
        "may_enter": may(request.user, Right.LOANS_ENTER),
        "may_import": may(request.user, Right.LOANS_IMPORT),
    }
    if may(request.user, Right.LOANS_VIEW):
        sides = [side for side in Side if entity.sides_kept.includes(side)]
        side = side_asked(request.GET, sides)
        of_side = LoanFilter(side=side)
        counts = lending.status_counts(of_side)
        told |= {
            "side": side,
            "sides": [(one.value, wording.word("side_many", one)) for one in sides],
            "totals": pictures.shares(lending.loan_totals(of_side)),
            "status_chart": pictures.statuses(counts) if counts else None,
            "coming": _coming(side),
            "troubled": lending.loan_list(
                LoanFilter(side=side, statuses=_TROUBLED),
                order=LoanOrder.TROUBLE,
                descending=False,
                offset=0,
                limit=_ROWS_SHOWN,
            ),
        }
    return render(request, "web/reporting/home.html", told)


def _no_books(request: HttpRequest) -> HttpResponse:
    told = {"may_set_up": may(request.user, Right.SETTINGS_MANAGE)}
    return render(request, "web/reporting/no_books.html", told)


def _coming(side: Side) -> list[lending.LoanRow]:
    rows = lending.loan_list(
        LoanFilter(side=side),
        order=LoanOrder.NEXT_DUE,
        descending=False,
        offset=0,
        limit=_ROWS_SHOWN,
    )
    return [row for row in rows if row.next_due_date is not None]


@require_GET
def ladder(request: HttpRequest) -> HttpResponse:
    """The maturity ladder; it reads every loan, so the dashboard does not wait for it."""
    entity = bookkeeping.entity()
    sides = [side for side in Side if entity.sides_kept.includes(side)]
    side = side_asked(request.GET, sides)
    today = bookkeeping.open_day().open_day
    ends = pictures.ladder_ends(today)
    found = reports.maturity_ladder(on=today, band_ends=ends, side=side)
    return render(
        request, "web/reporting/ladder.html", {"charts": pictures.ladders(found, today, ends)}
    )


@require_GET
def debt_by_term(request: HttpRequest) -> HttpResponse:
    """Long-term and short-term debt by lender or borrower, at any date, by each policy."""
    try:
        entity = bookkeeping.entity()
    except BooksNotSetUp:
        return _no_books(request)
    asked, rows = _term_rows(request)
    told = {
        "asked": asked,
        "sides": [
            (side.value, wording.word("side_many", side))
            for side in Side
            if entity.sides_kept.includes(side)
        ],
        "policies": wording.choices_of("term_policy", TermPolicy),
        "groups": wording.choices_of("group_by", GroupBy),
        "by_currency": pictures.by_currency(rows),
        "charts": pictures.term_charts(rows),
        "may_export": may(request.user, Right.LOANS_EXPORT),
    }
    return render(request, "web/reporting/debt_by_term.html", told)


@require_GET
def debt_by_term_csv(request: HttpRequest) -> HttpResponseBase:
    """The debt by term as asked, as CSV."""
    asked, rows = _term_rows(request)
    name = f"debt-by-term-{asked.on.isoformat()}"
    return exports.csv_file(name, _headings(), _exported(asked.on, rows))


@require_GET
def debt_by_term_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The debt by term as asked, as Excel."""
    asked, rows = _term_rows(request)
    name = f"debt-by-term-{asked.on.isoformat()}"
    return exports.xlsx_file(name, _headings(), _exported(asked.on, rows))


def _term_rows(request: HttpRequest) -> tuple[TermQuestion, tuple[TermRow, ...]]:
    entity = bookkeeping.entity()
    asked = term_question(request.GET, entity.sides_kept, bookkeeping.open_day().open_day)
    rows = reports.debt_by_term(
        on=asked.on, policy=asked.policy, group_by=asked.group_by, side=asked.side
    )
    return asked, rows


def _headings() -> tuple[str, ...]:
    return (
        gettext("Reporting date"),
        gettext("Side"),
        gettext("Party"),
        gettext("Currency"),
        gettext("Loans"),
        gettext("Long-term"),
        gettext("Short-term"),
        gettext("Overdue principal"),
        gettext("Outstanding"),
    )


def _exported(on: date, rows: tuple[TermRow, ...]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            on,
            wording.word("side", row.side),
            row.party_name,
            row.currency.code,
            row.loans,
            row.long_term,
            row.short_term,
            row.overdue_principal,
            row.outstanding,
        )
