"""Exchange rates, reference rates and their fixings, calendars of days off."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import BeforeValidator, Field, StrictInt, StringConstraints

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.lending import services as lending
from gbese.apps.rates import queries, services
from gbese.apps.rates.kinds import JumpPolicy, RateKind, SeriesUnit
from gbese.apps.rates.services import NewExchangeRate, NewFixing, RatesRecorded, SeriesFixings
from gbese.interfaces.api.operations import Area, Keyed, api_act
from gbese.interfaces.api.schemas import (
    EXCHANGE_RATE_PATTERN,
    RATE_PATTERN,
    Asked,
    CurrencyCode,
    Day,
    Key,
    Listed,
    Moment,
    Note200,
    Paged,
    PathText,
    Search,
    Text30,
    Told,
    YesNo,
    listed,
    whole_of_json,
)

area = Area("Rates")

_AT_ONCE = 1_000
ExchangeRateText = Annotated[str, StringConstraints(strict=True, pattern=EXCHANGE_RATE_PATTERN)]
RateText = Annotated[str, StringConstraints(strict=True, pattern=RATE_PATTERN)]
Quantity = Annotated[StrictInt, Field(ge=1, le=1_000_000), BeforeValidator(whole_of_json)]


class ExchangeRatesAsked(Asked):
    """In use on which day (the open day where none is given), of which currency and source."""

    on: Day | None = None
    currency: CurrencyCode | None = None
    source: Search = ""


class OnDayAsked(Asked):
    """On which day; the open day where none is given."""

    on: Day | None = None


class NewExchangeRateAsked(Asked):
    """Units of `quote` for `quantity` units of `base`, on a day, by a source."""

    base: CurrencyCode
    quote: CurrencyCode
    kind: RateKind
    source: Text30
    valid_on: Day
    rate: ExchangeRateText
    quantity: Quantity = 1


class NewExchangeRatesAsked(Asked):
    """Rates to be recorded in one act.

    One that is far off the last of its pair waits for another person, unless it is published.
    """

    rates: Annotated[list[NewExchangeRateAsked], Field(min_length=1, max_length=_AT_ONCE)]
    is_published: YesNo = False
    note: Note200 = ""


class NewFixingAsked(Asked):
    """The value of a series on a day: a fraction of one a year, or an index level."""

    valid_on: Day
    rate: RateText


class NewFixingsAsked(Asked):
    """Values of one reference series. Loans that follow it are worked out again."""

    series: Text30
    source: Text30
    unit: SeriesUnit = SeriesUnit.YEARLY_RATE
    fixings: Annotated[list[NewFixingAsked], Field(min_length=1, max_length=_AT_ONCE)]
    note: Note200 = ""


class FixingsAsked(Paged):
    """Of which series, up to which day; the open day where none is given."""

    series: Text30
    last: Day | None = None


class ExchangeRateTold(Told):
    """A recorded exchange rate; one that awaits confirmation is not used yet."""

    pk: int
    series_pk: int
    base: str
    quote: str
    quantity: int
    rate: str
    valid_on: Day
    kind: RateKind
    source: str
    version: int
    recorded_at: Moment
    login: str
    awaits_confirmation: bool


class ExchangeRatesTold(Told):
    """Exchange rates, all of them."""

    items: list[ExchangeRateTold]


class FixingTold(Told):
    """A recorded value of a reference series."""

    pk: int
    series: str
    unit: SeriesUnit
    rate: str
    valid_on: Day
    source: str
    version: int
    recorded_at: Moment
    login: str


class FixingsTold(Told):
    """Values of reference series, all of them."""

    items: list[FixingTold]


class SeriesTold(Told):
    """A reference series."""

    code: str
    source: str
    unit: SeriesUnit


class AllSeriesTold(Told):
    """Every reference series."""

    items: list[SeriesTold]


class JumpTold(Told):
    """A rate that is far off the last one of its series."""

    series: str
    valid_on: Day
    rate: str
    last_valid_on: Day
    last_rate: str
    awaits_confirmation: bool


class RatesRecordedTold(Told):
    """What recording did, in rows; `loans` were worked out again."""

    recorded: int
    recognised: int
    corrected: int
    jumps: list[JumpTold]
    loans: int


class CalendarsTold(Told):
    """The codes of all calendars."""

    items: list[str]


class HolidayTold(Told):
    """A day off."""

    day: Day
    name: str


class CalendarTold(Told):
    """A calendar: the days of the week that are off, 1 is Monday, and its other days off."""

    code: str
    weekend: list[int]
    holidays: list[HolidayTold]


@area.get("/exchange-rates", answers=ExchangeRatesTold)
def list_exchange_rates(
    request: HttpRequest, asked: Query[ExchangeRatesAsked]
) -> ExchangeRatesTold:
    """Of every pair and source the last rate in use on or before a day."""
    rows = queries.latest_exchange_rates(
        on=_day(asked.on), currency=asked.currency or "", source=asked.source
    )
    return ExchangeRatesTold(items=[ExchangeRateTold.model_validate(row) for row in rows])


@area.get("/exchange-rates/waiting", answers=ExchangeRatesTold)
def list_waiting_exchange_rates(request: HttpRequest) -> ExchangeRatesTold:
    """Rates far off the last of their pair that no second person has confirmed yet."""
    rows = queries.waiting_exchange_rates()
    return ExchangeRatesTold(items=[ExchangeRateTold.model_validate(row) for row in rows])


@area.get("/exchange-series/{series}/rates", answers=Listed[ExchangeRateTold])
def list_rates_of_series(
    request: HttpRequest, series: Key, asked: Query[Paged]
) -> Listed[ExchangeRateTold]:
    """The rates of one pair of one source, the newest day first."""
    kept = queries.exchange_series(series)
    rows = queries.exchange_rate_history(kept.pk, offset=asked.offset, limit=asked.limit + 1)
    return listed(rows, asked, ExchangeRateTold)


@area.post("/exchange-rates", answers=RatesRecordedTold, status=201, keyed=Keyed.ONE_TRANSACTION)
def record_exchange_rates(request: HttpRequest, body: NewExchangeRatesAsked) -> RatesRecordedTold:
    """Record exchange rates; the same again is recognised, another becomes a newer version."""
    done = services.record_exchange_rates(
        rates=[NewExchangeRate(**dict(rate)) for rate in body.rates],
        jumps=JumpPolicy.RECORD if body.is_published else JumpPolicy.AWAIT_CONFIRMATION,
        note=body.note,
        act=api_act(request),
    )
    return _recorded(done, loans=0)


@area.post(
    "/exchange-rates/{rate}/confirmation",
    answers=None,
    status=204,
    keyed=Keyed.ONE_TRANSACTION,
)
def confirm_exchange_rate(request: HttpRequest, rate: Key) -> None:
    """Stand behind a rate that another person entered and that is far off the last one."""
    services.confirm_exchange_rate(rate_pk=rate, act=api_act(request))


@area.get("/reference-series", answers=AllSeriesTold)
def list_reference_series(request: HttpRequest) -> AllSeriesTold:
    """Every reference series, by its code."""
    rows = queries.reference_series()
    return AllSeriesTold(items=[SeriesTold.model_validate(row) for row in rows])


@area.get("/fixings", answers=Listed[FixingTold])
def list_fixings(request: HttpRequest, asked: Query[FixingsAsked]) -> Listed[FixingTold]:
    """The values of a reference series, the newest day first."""
    rows = queries.reference_rate_rows(
        series=asked.series,
        last=_day(asked.last),
        offset=asked.offset,
        limit=asked.limit + 1,
    )
    return listed(rows, asked, FixingTold)


@area.get("/fixings/latest", answers=FixingsTold)
def latest_fixings(request: HttpRequest, asked: Query[OnDayAsked]) -> FixingsTold:
    """The last value of every reference series on or before a day."""
    rows = queries.latest_reference_rates(on=_day(asked.on))
    return FixingsTold(items=[FixingTold.model_validate(row) for row in rows])


@area.post("/fixings", answers=RatesRecordedTold, status=201, keyed=Keyed.ONE_TRANSACTION)
def record_fixings(request: HttpRequest, body: NewFixingsAsked) -> RatesRecordedTold:
    """Record values of a reference series, and work out the loans that follow it."""
    act = api_act(request)
    taken = lending.take_fixings(
        series=[
            SeriesFixings(
                code=body.series,
                source=body.source,
                unit=body.unit,
                fixings=tuple(NewFixing(one.valid_on, one.rate) for one in body.fixings),
            )
        ],
        note=body.note,
        act=act,
    )
    return _recorded(taken.recorded, loans=taken.loans)


@area.get("/calendars", answers=CalendarsTold)
def list_calendars(request: HttpRequest) -> CalendarsTold:
    """The calendars whose days off are kept."""
    return CalendarsTold(items=list(queries.calendar_codes()))


@area.get("/calendars/{calendar}", answers=CalendarTold)
def get_calendar(request: HttpRequest, calendar: PathText) -> CalendarTold:
    """The days off of one calendar."""
    kept = queries.calendar(calendar)
    return CalendarTold(
        code=calendar,
        weekend=sorted(day + 1 for day in kept.weekend),
        holidays=[HolidayTold.model_validate(row) for row in queries.holidays_of(calendar)],
    )


def _day(asked: date | None) -> date:
    return asked or bookkeeping.open_day().open_day


def _recorded(done: RatesRecorded, *, loans: int) -> RatesRecordedTold:
    return RatesRecordedTold(
        recorded=done.recorded,
        recognised=done.recognised,
        corrected=done.corrected,
        jumps=[JumpTold.model_validate(jump) for jump in done.jumps],
        loans=loans,
    )
