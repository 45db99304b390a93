"""Rows that a recording holds: series and calendars, by ascending key."""

from __future__ import annotations

from collections.abc import Collection

from gbese.apps.rates.models import ExchangeSeries, HolidayCalendar, ReferenceSeries


def exchange_series(
    keys: Collection[tuple[str, str, str, str]],
) -> dict[tuple[str, str, str, str], ExchangeSeries]:
    """Hold the series (base, quote, kind, source), making those that are new."""
    ExchangeSeries.objects.bulk_create(
        [
            ExchangeSeries(base=base, quote=quote, kind=kind, source=source)
            for base, quote, kind, source in sorted(keys)
        ],
        ignore_conflicts=True,
    )
    sources = {source for *_, source in keys}
    held = ExchangeSeries.objects.select_for_update().filter(source__in=sources).order_by("pk")
    found = {(row.base, row.quote, row.kind, row.source): row for row in held}
    return {key: found[key] for key in keys}


def reference_series(*, code: str, source: str, unit: str, max_age_days: int) -> ReferenceSeries:
    """Hold a reference series, making it when it is new."""
    ReferenceSeries.objects.bulk_create(
        [ReferenceSeries(code=code, source=source, unit=unit, max_age_days=max_age_days)],
        ignore_conflicts=True,
    )
    return ReferenceSeries.objects.select_for_update().get(code=code)


def holiday_calendar(*, code: str, name: str, weekend: str) -> HolidayCalendar:
    """Hold a calendar, making it when it is new."""
    HolidayCalendar.objects.bulk_create(
        [HolidayCalendar(code=code, name=name, weekend=weekend)], ignore_conflicts=True
    )
    return HolidayCalendar.objects.select_for_update().get(code=code)
