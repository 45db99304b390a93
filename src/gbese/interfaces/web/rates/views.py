"""Rates in force, the history of each series, entry by hand, and the days off of countries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.bookkeeping.errors import BooksNotSetUp
from gbese.apps.identity.permissions import Right
from gbese.apps.identity.queries import may, may_open
from gbese.apps.lending import services as lending
from gbese.apps.rates import queries, services
from gbese.apps.rates.kinds import JumpPolicy, RateKind, SeriesUnit
from gbese.apps.rates.queries import ExchangeRateRow, ReferenceRateRow
from gbese.apps.rates.services import NewExchangeRate, NewFixing, NewHoliday, SeriesFixings
from gbese.config import clock
from gbese.core.errors import Refusal
from gbese.interfaces.days import FIRST_DAY, LAST_DAY
from gbese.interfaces.web import formatting
from gbese.interfaces.web.acts import form_act
from gbese.interfaces.web.addresses import (
    WrongDay,
    WrongNumber,
    choice_asked,
    currency_asked,
    day_asked,
    whole_asked,
)
from gbese.interfaces.web.paging import paging
from gbese.interfaces.web.rates import wording
from gbese.interfaces.web.rates.forms import (
    CalendarForm,
    ExchangeRateForm,
    FixingForm,
    HolidayForm,
)
from gbese.interfaces.web.wording import refusal_text

_ROWS = 100
_BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class ShownRate:
    """An exchange rate with the words beside it."""

    row: ExchangeRateRow
    kind: str
    source: str
    days_old: int


@dataclass(frozen=True, slots=True)
class ShownFixing:
    """A value of a reference series with the words beside it."""

    row: ReferenceRateRow
    figure: str
    unit: str
    source: str


@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """The last rate of every series on a day, with the day it was published for."""
    return _rates_page(request, ExchangeRateForm(), FixingForm(), "")


@require_POST
def rate_new(request: HttpRequest) -> HttpResponse:
    """Record an exchange rate; one far off the last waits for a second person."""
    form = ExchangeRateForm(request.POST)
    if not form.is_valid():
        return _rates_page(request, form, FixingForm(), "", status=422)
    asked = form.cleaned_data
    rate = NewExchangeRate(
        base=asked["base"],
        quote=asked["quote"],
        kind=RateKind(asked["kind"]),
        source=asked["source"],
        valid_on=asked["valid_on"],
        rate=asked["rate"],
        quantity=asked["quantity"],
    )
    try:
        done = services.record_exchange_rates(
            rates=[rate],
            jumps=JumpPolicy.AWAIT_CONFIRMATION,
            note=_BY_HAND,
            act=form_act(request),
        )
    except Refusal as refused:
        return _rates_page(request, form, FixingForm(), refusal_text(refused), status=422)
    for jump in done.jumps:
        messages.warning(
            request,
            gettext(
                "%(rate)s is more than a fifth off the last rate, %(last)s of %(day)s. It is kept"
                " and comes into use once another person confirms it."
            )
            % {
                "rate": jump.rate,
                "last": jump.last_rate,
                "day": formatting.day_text(jump.last_valid_on),
            },
        )
    if not done.jumps:
        known = gettext("This rate was recorded already.")
        messages.success(request, known if done.recognised else gettext("The rate is recorded."))
    return redirect("web:rates")


@require_POST
def rate_confirm(request: HttpRequest, rate: int) -> HttpResponse:
    """Stand behind a rate that another person entered."""
    try:
        services.confirm_exchange_rate(rate_pk=rate, act=form_act(request))
    except Refusal as refused:
        messages.error(request, refusal_text(refused))
    else:
        messages.success(request, gettext("The rate is confirmed and in use."))
    return redirect("web:rates")


@require_GET
def rate_series(request: HttpRequest, series: int) -> HttpResponse:
    """All rates of one pair by one source, the newest first."""
    try:
        pair = queries.exchange_series(series)
    except Refusal as unknown:
        raise Http404 from unknown
    place = paging(request.GET, page_rows=_ROWS, row_count=queries.exchange_rate_count(series))
    rows = queries.exchange_rate_history(series, offset=place.offset, limit=_ROWS)
    today = _business_date()
    told = {
        "pair": pair,
        "kind": wording.kind_text(pair.kind),
        "source": queries.rate_source(pair.source),
        "rates": [_shown_rate(row, today) for row in rows],
        "paging": place,
    }
    return render(request, "web/rates/pair.html", told)


@require_POST
def fixing_new(request: HttpRequest) -> HttpResponse:
    """Record the value of a reference rate on a day."""
    form = FixingForm(request.POST)
    if not form.is_valid():
        return _rates_page(request, ExchangeRateForm(), form, "", status=422)
    asked = form.cleaned_data
    holds = services.UNTIL_CHANGED if asked["holds"] else services.PUBLISHED_DAILY
    try:
        taken = lending.take_fixings(
            series=[
                SeriesFixings(
                    code=asked["series"],
                    source=asked["source"],
                    unit=SeriesUnit(asked["unit"]),
                    fixings=(NewFixing(asked["valid_on"], form.rate),),
                    max_age_days=holds,
                )
            ],
            note=_BY_HAND,
            act=form_act(request),
        )
    except Refusal as refused:
        return _rates_page(request, ExchangeRateForm(), form, refusal_text(refused), status=422)
    known = gettext("This value was recorded already.")
    said = known if taken.recorded.recognised else gettext("The value is recorded.")
    messages.success(request, said)
    return redirect("web:rates")


@require_GET
def reference_series(request: HttpRequest, series: str) -> HttpResponse:
    """All values of one reference rate, the newest first."""
    count = queries.reference_rate_count(series)
    if not count:
        raise Http404
    place = paging(request.GET, page_rows=_ROWS, row_count=count)
    rows = queries.reference_rate_rows(
        series=series, last=date.max, offset=place.offset, limit=_ROWS
    )
    told = {
        "series": series,
        "source": queries.rate_source(rows[0].source),
        "fixings": [_shown_fixing(row) for row in rows],
        "paging": place,
    }
    return render(request, "web/rates/reference.html", told)


@require_GET
def holidays(request: HttpRequest) -> HttpResponse:
    """The days off of a country in a year."""
    return _holidays_page(request, CalendarForm(), HolidayForm(), "")


@require_POST
def calendar_fill(request: HttpRequest) -> HttpResponse:
    """Fill a country's days off from the shipped tables."""
    form = CalendarForm(request.POST)
    if not form.is_valid():
        return _holidays_page(request, form, HolidayForm(), "", status=422)
    asked = form.cleaned_data
    years = range(asked["first_year"], asked["last_year"] + 1)
    try:
        done = lending.fill_calendar(
            code=asked["country"], years=years, act=form_act(request)
        ).recorded
    except Refusal as refused:
        return _holidays_page(request, form, HolidayForm(), refusal_text(refused), status=422)
    messages.success(
        request,
        ngettext("%(count)s day off is added.", "%(count)s days off are added.", done.recorded)
        % {"count": formatting.number_text(done.recorded)},
    )
    return redirect(_holidays_address(asked["country"], asked["first_year"]))


@require_POST
def holiday_new(request: HttpRequest) -> HttpResponse:
    """Add a day off, such as one that follows the moon or a decree."""
    form, code = HolidayForm(request.POST), request.POST.get("code", "")
    if not form.is_valid():
        return _holidays_page(request, CalendarForm(), form, "", status=422)
    asked = form.cleaned_data
    try:
        lending.take_holidays(
            code=code,
            days=[NewHoliday(asked["day"], asked["name"])],
            note=_BY_HAND,
            act=form_act(request),
        )
    except Refusal as refused:
        return _holidays_page(request, CalendarForm(), form, refusal_text(refused), status=422)
    messages.success(request, gettext("The day off is added."))
    return redirect(_holidays_address(code, asked["day"].year))


@require_POST
def holiday_take_back(request: HttpRequest) -> HttpResponse:
    """Take back a day off; what was computed with it stays as it was."""
    code, day = request.POST.get("code", ""), day_asked(request.POST, "day")
    if day is None:
        raise WrongDay(part="day", text="")
    try:
        lending.drop_holiday(code=code, day=day, note=_BY_HAND, act=form_act(request))
    except Refusal as refused:
        messages.error(request, refusal_text(refused))
    else:
        messages.success(request, gettext("The day is a working day again."))
    return redirect(_holidays_address(code, day.year))


def _rates_page(
    request: HttpRequest,
    rate_form: ExchangeRateForm,
    fixing_form: FixingForm,
    refusal: str,
    *,
    status: int = 200,
) -> HttpResponse:
    today = _business_date()
    on = day_asked(request.GET, "on") or today
    currency = currency_asked(request.GET)
    sources = queries.exchange_sources()
    source = choice_asked(request.GET, "source", sources)
    for form in (rate_form, fixing_form):
        form.fields["valid_on"].initial = today
    told = {
        "on": on,
        "currency": currency,
        "source": source,
        "is_filtering": bool(currency or source or on != today),
        "sources": [(code, wording.source_text(code)) for code in sources],
        "known_sources": [known.code for known in queries.rate_sources()],
        "known_series": [known.code for known in queries.reference_series()],
        "rates": [
            _shown_rate(row, on)
            for row in queries.latest_exchange_rates(on=on, currency=currency, source=source)
        ],
        "waiting": [_shown_rate(row, today) for row in queries.waiting_exchange_rates()],
        "fixings": [_shown_fixing(row) for row in queries.latest_reference_rates(on=on)],
        "rate_form": rate_form,
        "fixing_form": fixing_form,
        "refusal": refusal,
        "refused_rate": rate_form.is_bound,
        "may_enter": may(request.user, Right.RATES_ENTER),
        "may_import": may_open(request.user, "web:imports"),
        "request_id": uuid4(),
        "second_request_id": uuid4(),
    }
    return render(request, "web/rates/rates.html", told, status=status)


def _holidays_page(
    request: HttpRequest,
    calendar_form: CalendarForm,
    holiday_form: HolidayForm,
    refusal: str,
    *,
    status: int = 200,
) -> HttpResponse:
    today = _business_date()
    asked = request.POST if request.method == "POST" else request.GET
    codes = queries.calendar_codes()
    code = choice_asked(asked, "code", codes) or (codes[0] if codes else "")
    year = _year_of(asked, today)
    for name, initial in (("first_year", today.year), ("last_year", today.year + 1)):
        calendar_form.fields[name].initial = initial
    days: list[Any] = []
    if code:
        days = [row for row in queries.holidays_of(code) if row.day.year == year]
    told = {
        "codes": codes,
        "code": code,
        "year": year,
        "days": days,
        "calendar_form": calendar_form,
        "holiday_form": holiday_form,
        "refusal": refusal,
        "may_enter": may(request.user, Right.RATES_ENTER),
        "request_id": uuid4(),
        "second_request_id": uuid4(),
    }
    return render(request, "web/rates/holidays.html", told, status=status)


def _shown_rate(row: ExchangeRateRow, on: date) -> ShownRate:
    return ShownRate(
        row,
        wording.kind_text(row.kind),
        wording.source_text(row.source),
        (on - row.valid_on).days,
    )


def _shown_fixing(row: ReferenceRateRow) -> ShownFixing:
    return ShownFixing(
        row,
        wording.figure_text(row.rate, row.unit),
        wording.unit_text(row.unit),
        wording.source_text(row.source),
    )


def _business_date() -> date:
    """The open day of the books; the day of the clock where there are none yet."""
    try:
        return bookkeeping.open_day().open_day
    except BooksNotSetUp:
        return clock.now().date()


def _holidays_address(code: str, year: int) -> str:
    return f"{reverse('web:holidays')}?code={code}&year={year}"


def _year_of(asked: QueryDict, today: date) -> int:
    year = whole_asked(asked, "year")
    if year is None:
        return today.year
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise WrongNumber(part="year", text=str(year))
    return year
