"""The page, or the panel, that tells why an amount is what it is."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.lending import queries
from gbese.apps.lending.errors import LoanUnknown
from gbese.core.derivations.figures import FigureUnknown
from gbese.core.derivations.tree import Figure
from gbese.interfaces.web.why.shown import figure_address, shown


def why_page(request: HttpRequest, loan_number: str, figure: str, on: date | None) -> HttpResponse:
    """Why a figure of a loan is what it is; a part of a page for whoever asked from within one."""
    day = on or bookkeeping.open_day().open_day
    try:
        found = queries.explained(loan_number, figure, day)
    except (LoanUnknown, FigureUnknown) as unknown:
        raise Http404 from unknown
    told = {
        "explained": found,
        "step": shown(found, found.derivation),
        "re_adds": found.derivation.re_adds(),
        "address": figure_address(loan_number, Figure(figure, day)),
    }
    is_part = request.headers.get("HX-Target") == "why"
    return render(request, "web/why/panel.html" if is_part else "web/why/page.html", told)


def address_of_whys(on: date | None) -> str:
    """What the address of a figure begins with on the page of a loan at a date."""
    return f"?on={on.isoformat()}&why=" if on else "?why="
