"""The books: the open day and its close, the trial balance, the day book, entries, the check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import gbese
from gbese.apps.bookkeeping import queries
from gbese.apps.bookkeeping import services as bookkeeping
from gbese.apps.closing import queries as closing_queries
from gbese.apps.closing import services as closing
from gbese.apps.closing.verification import verify as verify_all
from gbese.apps.identity.permissions import Right
from gbese.apps.identity.queries import may
from gbese.config import clock
from gbese.core.errors import Refusal
from gbese.core.ledger import AccountKey, fiscal_year_start
from gbese.core.money import Currency, Money
from gbese.interfaces.days import FIRST_DAY, LAST_DAY
from gbese.interfaces.web import exports, formatting
from gbese.interfaces.web.acts import form_act
from gbese.interfaces.web.addresses import WrongDay, day_asked, require_span, span_asked
from gbese.interfaces.web.books import shown, wording
from gbese.interfaces.web.paging import Paging, paging
from gbese.interfaces.web.wording import refusal_text

_DAYS_SHOWN = 14
_PERIODS_SHOWN = 24
_ENTRIES_A_PAGE = 50
_LINES_A_PAGE = 100


@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """The open day, the days closed and what they found, the fiscal periods."""
    held = queries.open_day()
    told = {
        "entity": queries.entity(),
        "held": held,
        "head": queries.journal_head(),
        "days": shown.days(closing_queries.closed_days(limit=_DAYS_SHOWN)),
        "work_left": closing_queries.work_left(),
        "findings": shown.findings(closing_queries.findings(held.last_cut_day)),
        "periods": shown.periods(queries.fiscal_periods()[:_PERIODS_SHOWN], held.last_cut_day),
        "may_close": may(request.user, Right.BOOKS_CLOSE),
        "close_day": _day_to_close(),
    }
    return render(request, "web/books/books.html", told)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the days up to the one asked for; pressing twice is the same as once."""
    day = day_asked(request.POST, "day") or _day_to_close()
    try:
        closed = closing.close_to(day=day, act=form_act(request), progress=lambda _: None)
    except Refusal as refused:
        messages.error(request, refusal_text(refused))
        return redirect("web:books")
    told = gettext("Closed to %(day)s.") % {"day": formatting.day_text(closed.day)}
    if closed.findings:
        count = len(closed.findings)
        told += " " + ngettext(
            "Done with %(count)s exception.", "Done with %(count)s exceptions.", count
        ) % {"count": formatting.number_text(count)}
        messages.warning(request, told)
    else:
        messages.success(request, told)
    return redirect("web:books")


@require_POST
def period(request: HttpRequest) -> HttpResponse:
    """Close a fiscal period, or open it again with a reason."""
    day = day_asked(request.POST, "day")
    if day is None:
        raise WrongDay(part="day", text="")
    try:
        if request.POST.get("what") == "reopen":
            reason = request.POST.get("reason", "").strip()
            bookkeeping.reopen_fiscal_period(day=day, reason=reason, act=form_act(request))
        else:
            bookkeeping.close_fiscal_period(day=day, act=form_act(request))
    except Refusal as refused:
        messages.error(request, refusal_text(refused))
    return redirect("web:books")


@require_GET
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Every account at the end of a day, and what moved it since another."""
    since, on = _span(request)
    accounts = queries.accounts()
    balance = queries.trial_balance(on, since=since)
    told = {
        "since": since,
        "on": on,
        "tables": shown.balance_tables(balance, accounts),
        "is_balanced": balance.is_balanced,
    }
    return render(request, "web/books/trial_balance.html", told)


@require_GET
def trial_balance_csv(request: HttpRequest) -> HttpResponseBase:
    """The trial balance as asked, as CSV."""
    since, on = _span(request)
    return exports.csv_file(_balance_name(on), _balance_headings(), _balance_rows(since, on))


@require_GET
def trial_balance_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The trial balance as asked, as an Excel file."""
    since, on = _span(request)
    return exports.xlsx_file(_balance_name(on), _balance_headings(), _balance_rows(since, on))


@require_GET
def account_card(request: HttpRequest, key: str, currency: str) -> HttpResponse:
    """What moved one account, and its balance after each line."""
    since, on = _span(request)
    try:
        account = AccountKey(key)
    except ValueError as unknown:
        raise Http404 from unknown
    found = {
        row.currency.code: row.currency
        for row in queries.trial_balance(on).rows
        if row.account is account
    }
    if currency not in found:
        raise Http404
    card, pages = _card(account, found[currency], since, on, request.GET)
    accounts = queries.accounts()
    told = {
        "since": since,
        "on": on,
        "card": card,
        "lines": shown.card_lines(card.lines),
        "paging": pages,
        "code": wording.account_code(accounts, account),
        "name": wording.account_name(accounts, account),
    }
    return render(request, "web/books/account_card.html", told)


@require_GET
def day_book(request: HttpRequest) -> HttpResponse:
    """The entries posted on a day, in order."""
    on = day_asked(request.GET, "on") or queries.open_day().open_day
    pages = paging(
        request.GET,
        page_rows=_ENTRIES_A_PAGE,
        row_count=queries.day_book_length(on),
    )
    rows = queries.day_book(on, offset=pages.offset, limit=pages.page_rows)
    told = {
        "on": on,
        "before": on - timedelta(days=1) if on > FIRST_DAY else None,
        "after": on + timedelta(days=1) if on < LAST_DAY else None,
        "entries": shown.entries(rows, queries.accounts()),
        "paging": pages,
    }
    return render(request, "web/books/day_book.html", told)


@require_GET
def late_entries(request: HttpRequest) -> HttpResponse:
    """What came after its fiscal period was closed, and was booked in a later one."""
    pages = paging(request.GET, page_rows=_ENTRIES_A_PAGE, row_count=queries.late_entry_count())
    rows = queries.late_entries(offset=pages.offset, limit=pages.page_rows)
    told = {"entries": shown.entries(rows, queries.accounts()), "paging": pages}
    return render(request, "web/books/late_entries.html", told)


@require_http_methods(["GET", "POST"])
def chart(request: HttpRequest) -> HttpResponse:
    """The chart of accounts: which code and name the entity gives to each part accounts play."""
    may_change = may(request.user, Right.SETTINGS_MANAGE)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        try:
            _rename_accounts(request)
        except Refusal as refused:
            messages.error(request, refusal_text(refused))
        else:
            messages.success(request, gettext("The chart of accounts is saved."))
        return redirect("web:chart")
    told = {"accounts": shown.chart(queries.accounts()), "may_change": may_change}
    return render(request, "web/books/chart.html", told)


@transaction.atomic
def _rename_accounts(request: HttpRequest) -> None:
    act = form_act(request)
    for key in queries.accounts():
        code, name = request.POST.get(f"code-{key}"), request.POST.get(f"name-{key}")
        if code is not None and name is not None:
            bookkeeping.set_account_code(key=key, code=code, name=name, act=act)


@require_GET
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: its lines, who recorded it and why, what stands behind a summary."""
    try:
        row = queries.entry(number)
    except bookkeeping.EntryUnknown as unknown:
        raise Http404 from unknown
    told = {
        "entry": shown.entries([row], queries.accounts())[0],
        "blocks": shown.blocks(queries.blocks_of(number)),
        "reversed_by": queries.reversal_of(number),
        "may_see_loans": may(request.user, Right.LOANS_VIEW),
    }
    return render(request, "web/books/entry.html", told)


@require_GET
def entry_loans(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """The loans behind one part of a summary entry, each with its exact amount."""
    blocks = {block.place: block for block in queries.blocks_of(number)}
    if place not in blocks:
        raise Http404
    block = blocks[place]
    amounts = sorted(queries.block_amounts(number, place).items())
    pages = paging(request.GET, page_rows=_LINES_A_PAGE, row_count=len(amounts))
    told = {
        "number": number,
        "told": wording.movement(block),
        "block": block,
        "sum": Money(block.amount_sum, block.currency),
        "loans": [
            (loan, Money(minor, block.currency))
            for loan, minor in amounts[pages.offset : pages.offset + pages.page_rows]
        ],
        "paging": pages,
    }
    return render(request, "web/books/entry_loans.html", told)


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Work everything derived out again; the answer can be printed."""
    told: dict[str, Any] = {"checks": list(wording.CHECKS.values())}
    if request.method == "POST":
        found = verify_all(progress=lambda _: None)
        told |= {
            "found": found,
            "told": [
                (one.code, one.subject, "; ".join(f"{k}: {v}" for k, v in one.facts.items()))
                for one in (*found.mismatches, *found.doubts)
            ],
            "verified_at": clock.now(),
            "version": gbese.__version__,
            "head": queries.journal_head(),
        }
    return render(request, "web/books/verify.html", told)


def _day_to_close() -> date:
    """The open day, or the last that is over where days were missed."""
    return max(queries.open_day().open_day, closing_queries.last_day_over(clock.now()))


def _span(request: HttpRequest) -> tuple[date, date]:
    asked, last = span_asked(request.GET, "since", "on")
    on = last or queries.open_day().open_day
    start_month = queries.entity().fiscal_year_start_month
    since = asked or fiscal_year_start(on, start_month=start_month)
    require_span(since, on, part="since")
    return since, on


def _card(
    account: AccountKey, currency: Currency, since: date, on: date, query: QueryDict
) -> tuple[queries.AccountCard, Paging]:
    counted = queries.account_card(account, currency, since=since, until=on, offset=0, limit=0)
    pages = paging(query, page_rows=_LINES_A_PAGE, row_count=counted.line_count)
    card = queries.account_card(
        account, currency, since=since, until=on, offset=pages.offset, limit=pages.page_rows
    )
    return card, pages


def _balance_name(on: date) -> str:
    return f"trial-balance-{on.isoformat()}"


def _balance_headings() -> list[str]:
    return [
        gettext("Account"),
        gettext("Name"),
        gettext("Currency"),
        gettext("Opening balance"),
        gettext("Debits"),
        gettext("Credits"),
        gettext("Closing debit"),
        gettext("Closing credit"),
    ]


def _balance_rows(since: date, on: date) -> Iterator[tuple[exports.Cell, ...]]:
    tables = shown.balance_tables(queries.trial_balance(on, since=since), queries.accounts())
    for table in tables:
        for line in table.rows:
            row = line.row
            yield (
                line.code,
                line.name,
                table.currency,
                row.opening,
                row.debits,
                row.credits,
                row.closing_debit,
                row.closing_credit,
            )
