"""Reads of rates and calendars: exact figures that say which day and source they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from gbese.apps.rates.kinds import RateKind, RatePath, SeriesUnit
from gbese.apps.rates.mapping import unit_rate
from gbese.apps.rates.models import (
    ExchangeRate,
    ExchangeSeries,
    Holiday,
    HolidayCalendar,
    RateConfirmation,
    ReferenceRate,
    ReferenceSeries,
)
from gbese.core.calendars.business_days import Calendar, KnownHoliday, calendar_as_known
from gbese.core.errors import Refusal
from gbese.core.rates.reference import Fixing, Fixings


class ExchangeRateMissing(Refusal):
    """No rate of the pair is known for the day within the maximum age."""

    code = "exchange_rate_missing"


class SeriesUnknown(Refusal):
    """No reference series has this code."""

    code = "reference_series_unknown"


class CalendarUnknown(Refusal):
    """No holiday calendar has this code."""

    code = "calendar_unknown"


@dataclass(frozen=True, slots=True)
class RateSource:
    """Who publishes rates: the credit to print, and how old its last rate may be, in days."""

    code: str
    name: str
    credit: str
    max_age_days: int


@dataclass(frozen=True, slots=True)
class RateLeg:
    """One published rate behind a rate found: units of `quote` for one `base`."""

    base: str
    quote: str
    rate: Fraction
    valid_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFound:
    """Units of `quote` for one unit of `base`, exactly, and where the figure comes from.

    `valid_on` is the day the rate was published for, which may be before the day asked about.
    """

    base: str
    quote: str
    rate: Fraction
    valid_on: date
    kind: RateKind
    source: str
    path: RatePath
    legs: tuple[RateLeg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRateRow:
    """A recorded rate as a list shows it."""

    pk: int
    series_pk: int
    base: str
    quote: str
    quantity: int
    rate: str
    valid_on: date
    kind: RateKind
    source: str
    version: int
    recorded_at: datetime
    login: str
    awaits_confirmation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRateRow:
    """A recorded value of a reference series as a list shows it."""

    pk: int
    series: str
    unit: SeriesUnit
    rate: str
    valid_on: date
    source: str
    version: int
    recorded_at: datetime
    login: str


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A reference series: its code, where it comes from, what its figures are."""

    code: str
    source: str
    unit: SeriesUnit


@dataclass(frozen=True, slots=True)
class ExchangeSeriesRow:
    """A pair as one source publishes it."""

    pk: int
    base: str
    quote: str
    kind: RateKind
    source: str


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day off of a calendar."""

    day: date
    name: str


def exchange_rate(
    base: str,
    quote: str,
    *,
    kind: RateKind,
    source: str,
    on: date,
    max_age_days: int,
    as_known: datetime | None = None,
) -> RateFound:
    """The rate of a pair on a day: as published, turned round, or through a common currency.

    A day without a rate takes the last one published within `max_age_days`, and says its date.
    Both legs of a cross are of one day, the last on which the source published both.

    Args:
        base: the currency of which one unit is priced.
        quote: the currency of the price.
        kind: official, customs and market rates of a day differ; one is asked for by name.
        source: who published it.
        on: the day.
        max_age_days: how old the last published rate may be.
        as_known: only what was recorded by then counts; None counts all that is recorded now.

    Raises:
        ExchangeRateMissing: nothing is known of the pair within that age; never a guess.

    Source: DOMAIN 9.1 (IAS 21).
    """
    if base == quote:
        return RateFound(
            base=base,
            quote=quote,
            rate=Fraction(1),
            valid_on=on,
            kind=kind,
            source=source,
            path=RatePath.IDENTITY,
            legs=(),
        )
    pairs = ExchangeSeries.objects.filter(kind=kind, source=source).filter(
        Q(base__in=(base, quote)) | Q(quote__in=(base, quote))
    )
    series = {(row.base, row.quote): row.pk for row in pairs}
    window = _Window(on - timedelta(days=max_age_days), on, as_known)
    for path, legs in _ways(base, quote, series, window):
        rate = Fraction(1)
        for leg, is_inverse in legs:
            rate = rate / leg.rate if is_inverse else rate * leg.rate
        return RateFound(
            base=base,
            quote=quote,
            rate=rate,
            valid_on=min(leg.valid_on for leg, _ in legs),
            kind=kind,
            source=source,
            path=path,
            legs=tuple(leg for leg, _ in legs),
        )
    raise ExchangeRateMissing(
        base=base, quote=quote, kind=str(kind), source=source, on=on, max_age_days=max_age_days
    )


@dataclass(frozen=True, slots=True)
class _Window:
    first: date
    last: date
    as_known: datetime | None


_Legs = tuple[tuple[RateLeg, bool], ...]


def _ways(
    base: str, quote: str, series: dict[tuple[str, str], int], window: _Window
) -> Iterator[tuple[RatePath, _Legs]]:
    """The ways from one currency to the other that have a rate, the best first."""
    for pair, path, is_inverse in (
        ((base, quote), RatePath.DIRECT, False),
        ((quote, base), RatePath.INVERSE, True),
    ):
        if pair in series and (days := _published(series[pair], window)):
            day = max(days)
            yield path, ((RateLeg(*pair, days[day], day), is_inverse),)
    crosses: list[tuple[date, str, _Legs]] = []
    for middle in sorted({code for pair in series for code in pair} - {base, quote}):
        first = _either(base, middle, series, window)
        second = _either(middle, quote, series, window)
        if first is None or second is None:
            continue
        common = first[1].keys() & second[1].keys()
        if common:
            day = max(common)
            legs = tuple(
                (RateLeg(*pair, days[day], day), is_inverse)
                for pair, days, is_inverse in (first, second)
            )
            crosses.append((day, middle, legs))
    for _, _, legs in sorted(crosses, key=lambda cross: (-cross[0].toordinal(), cross[1])):
        yield RatePath.CROSS, legs


def _either(
    base: str, quote: str, series: dict[tuple[str, str], int], window: _Window
) -> tuple[tuple[str, str], dict[date, Fraction], bool] | None:
    """The published rates between two currencies, whichever way round, day by day."""
    for pair, is_inverse in (((base, quote), False), ((quote, base), True)):
        if pair in series and (days := _published(series[pair], window)):
            return pair, days, is_inverse
    return None


def _published(series_pk: int, window: _Window) -> dict[date, Fraction]:
    """The rates in use of a series within the window, by day."""
    rows = ExchangeRate.objects.filter(
        series_id=series_pk, valid_on__range=(window.first, window.last)
    )
    if window.as_known is not None:
        rows = rows.filter(batch__recorded_at__lte=window.as_known)
    confirmations = RateConfirmation.objects.filter(exchange_rate=OuterRef("pk"))
    if window.as_known is not None:
        confirmations = confirmations.filter(recorded_at__lte=window.as_known)
    rows = rows.filter(Q(awaits_confirmation=False) | Exists(confirmations))
    newest = {
        day: (rate, quantity, is_withdrawn)
        for day, rate, quantity, is_withdrawn in rows.order_by("version").values_list(
            "valid_on", "rate", "quantity", "is_withdrawn"
        )
    }
    return {
        day: unit_rate(rate, quantity)
        for day, (rate, quantity, is_withdrawn) in newest.items()
        if not is_withdrawn
    }


def rate_sources() -> tuple[RateSource, ...]:
    """The publishers that are known by name, by their code."""
    return tuple(
        RateSource(code, told["name"], told["credit"], told["max_age_days"])
        for code, told in sorted(_sources()["sources"].items())
    )


def rate_source(code: str) -> RateSource:
    """A publisher by its code; one that is not known by name has the usual patience."""
    found = next((source for source in rate_sources() if source.code == code), None)
    return found or RateSource(code, code, "", _sources()["default_max_age_days"])


@cache
def _sources() -> Any:  # noqa: ANN401 - what YAML says is checked where it is used
    return yaml.safe_load((files("gbese") / "data" / "rate_sources.yaml").read_text("utf-8"))


def latest_exchange_rates(*, on: date, currency: str, source: str) -> tuple[ExchangeRateRow, ...]:
    """Of every series its last rate in use on or before a day; an empty filter takes all."""
    series = ExchangeSeries.objects.all()
    if currency:
        series = series.filter(Q(base=currency) | Q(quote=currency))
    if source:
        series = series.filter(source=source)
    last = (
        _newest_exchange_rates()
        .filter(series=OuterRef("pk"), valid_on__lte=on)
        .filter(Q(awaits_confirmation=False) | Q(rateconfirmation__isnull=False))
        .order_by("-valid_on")
        .values("pk")[:1]
    )
    pks = [pk for pk in series.annotate(last=Subquery(last)).values_list("last", flat=True) if pk]
    rows = ExchangeRate.objects.filter(pk__in=pks)
    return _exchange_rate_rows(rows.order_by("series__source", "series__base", "series__quote"))


def waiting_exchange_rates() -> tuple[ExchangeRateRow, ...]:
    """Rates far off the last of their series that no second person has confirmed yet."""
    rows = _newest_exchange_rates().filter(awaits_confirmation=True, rateconfirmation__isnull=True)
    return _exchange_rate_rows(rows.order_by("valid_on"))


def exchange_series(pk: int) -> ExchangeSeriesRow:
    """One pair of one source.

    Raises:
        SeriesUnknown: there is no such series.
    """
    row = ExchangeSeries.objects.filter(pk=pk).first()
    if row is None:
        raise SeriesUnknown(series=str(pk))
    return ExchangeSeriesRow(row.pk, row.base, row.quote, RateKind(row.kind), row.source)


def exchange_rate_count(series_pk: int) -> int:
    """How many days of a series have a rate."""
    return _newest_exchange_rates().filter(series_id=series_pk).count()


def exchange_rate_history(
    series_pk: int, *, offset: int, limit: int
) -> tuple[ExchangeRateRow, ...]:
    """The rates of a series, the newest day first."""
    rows = _newest_exchange_rates().filter(series_id=series_pk).order_by("-valid_on")
    return _exchange_rate_rows(rows[offset : offset + limit])


def exchange_sources() -> tuple[str, ...]:
    """The sources of which exchange rates are recorded."""
    return tuple(
        ExchangeSeries.objects.order_by("source").values_list("source", flat=True).distinct()
    )


def _exchange_rate_rows(rows: QuerySet[ExchangeRate]) -> tuple[ExchangeRateRow, ...]:
    found = rows.select_related("series", "batch", "rateconfirmation")
    return tuple(_exchange_rate_row(row) for row in found)


def _newest_exchange_rates() -> QuerySet[ExchangeRate]:
    newer = ExchangeRate.objects.filter(
        series=OuterRef("series"), valid_on=OuterRef("valid_on"), version__gt=OuterRef("version")
    )
    return ExchangeRate.objects.filter(~Exists(newer), is_withdrawn=False)


def _exchange_rate_row(row: ExchangeRate) -> ExchangeRateRow:
    return ExchangeRateRow(
        pk=row.pk,
        series_pk=row.series_id,
        base=row.series.base,
        quote=row.series.quote,
        quantity=row.quantity,
        rate=row.rate,
        valid_on=row.valid_on,
        kind=RateKind(row.series.kind),
        source=row.series.source,
        version=row.version,
        recorded_at=row.batch.recorded_at,
        login=row.batch.login,
        awaits_confirmation=row.awaits_confirmation and not hasattr(row, "rateconfirmation"),
    )


def reference_series() -> tuple[SeriesRow, ...]:
    """Every reference series, by its code."""
    return tuple(
        SeriesRow(code, source, SeriesUnit(unit))
        for code, source, unit in ReferenceSeries.objects.order_by("code").values_list(
            "code", "source", "unit"
        )
    )


def latest_reference_rates(*, on: date) -> tuple[ReferenceRateRow, ...]:
    """The last value of every reference series on or before a day."""
    return tuple(
        row
        for series in reference_series()
        for row in reference_rate_rows(series=series.code, last=on, offset=0, limit=1)
    )


def reference_rate_count(series: str) -> int:
    """How many days of a reference series have a value."""
    return _newest_reference_rates().filter(series__code=series).count()


def reference_rate_rows(
    *, series: str, last: date, offset: int, limit: int
) -> tuple[ReferenceRateRow, ...]:
    """Values of a reference series up to a day, the newest first."""
    chosen = (
        _newest_reference_rates()
        .filter(series__code=series, valid_on__lte=last)
        .order_by("-valid_on")
        .select_related("series", "batch")
    )
    return tuple(
        ReferenceRateRow(
            pk=row.pk,
            series=row.series.code,
            unit=SeriesUnit(row.series.unit),
            rate=row.rate,
            valid_on=row.valid_on,
            source=row.series.source,
            version=row.version,
            recorded_at=row.batch.recorded_at,
            login=row.batch.login,
        )
        for row in chosen[offset : offset + limit]
    )


def _newest_reference_rates() -> QuerySet[ReferenceRate]:
    newer = ReferenceRate.objects.filter(
        series=OuterRef("series"), valid_on=OuterRef("valid_on"), version__gt=OuterRef("version")
    )
    return ReferenceRate.objects.filter(~Exists(newer), is_withdrawn=False)


def fixings(code: str, *, as_known: datetime | None = None) -> Fixings:
    """All that is known of a reference series, as a core value.

    Args:
        code: the series.
        as_known: only what was recorded by then counts; None counts all that is recorded now.

    Raises:
        SeriesUnknown: no series has this code.
    """
    series = ReferenceSeries.objects.filter(code=code).first()
    if series is None:
        raise SeriesUnknown(series=code)
    rows = ReferenceRate.objects.filter(series=series)
    if as_known is not None:
        rows = rows.filter(batch__recorded_at__lte=as_known)
    newest = {
        day: (rate, is_withdrawn)
        for day, rate, is_withdrawn in rows.order_by("version").values_list(
            "valid_on", "rate", "is_withdrawn"
        )
    }
    return Fixings(
        series=code,
        source=series.source,
        rows=tuple(
            Fixing(day, Decimal(rate))
            for day, (rate, is_withdrawn) in sorted(newest.items())
            if not is_withdrawn
        ),
        max_age_days=series.max_age_days,
    )


def calendar(code: str) -> Calendar:
    """The days off of a country or branch, as a core value.

    Raises:
        CalendarUnknown: no calendar has this code.
    """
    row = HolidayCalendar.objects.filter(code=code).first()
    if row is None:
        raise CalendarUnknown(calendar=code)
    recorded = Holiday.objects.filter(calendar=row).order_by("day", "version")
    return calendar_as_known(
        code,
        frozenset(int(digit) - 1 for digit in row.weekend),
        [
            KnownHoliday(day, not is_withdrawn, known_since)
            for day, is_withdrawn, known_since in recorded.values_list(
                "day", "is_withdrawn", "known_since"
            )
        ],
    )


def calendar_codes() -> tuple[str, ...]:
    """The codes of all calendars."""
    return tuple(HolidayCalendar.objects.order_by("code").values_list("code", flat=True))


def holidays_of(code: str) -> tuple[HolidayRow, ...]:
    """The days off of a calendar, ascending, without its weekends."""
    rows = Holiday.objects.filter(calendar__code=code).order_by("day", "version")
    newest = {
        day: (name, is_withdrawn)
        for day, name, is_withdrawn in rows.values_list("day", "name", "is_withdrawn")
    }
    return tuple(
        HolidayRow(day, name) for day, (name, is_withdrawn) in newest.items() if not is_withdrawn
    )
