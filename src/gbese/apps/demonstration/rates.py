"""Invented exchange rates and a reference rate, marked as invented by their source."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from gbese.apps.rates.kinds import RateKind, SeriesUnit
from gbese.apps.rates.services import (
    UNTIL_CHANGED,
    NewExchangeRate,
    NewFixing,
    SeriesFixings,
)

SOURCE = "invented"
REFERENCE = "DEMO-BASE"
_STARTS = {"USD": 1_540_00, "KZT": 3_05}  # hundredths of a naira for one unit
_WEEK = timedelta(days=7)


def exchange_rates(chance: Random, first: date, last: date) -> tuple[NewExchangeRate, ...]:
    """Naira for a dollar and for a tenge, every Wednesday and on the last day."""
    rates: list[NewExchangeRate] = []
    for base, start in _STARTS.items():
        hundredths = start
        day = first
        while day <= last:
            rates.append(_rate(base, day, hundredths))
            hundredths += hundredths * chance.randint(-12, 15) // 1000
            day += _WEEK
        if rates[-1].valid_on != last:
            rates.append(_rate(base, last, hundredths))
    return tuple(rates)


def base_rate(first: date, last: date) -> SeriesFixings:
    """A reference rate that is set by decision every quarter of a year."""
    steps = ("0.1875", "0.1950", "0.2025", "0.2000", "0.1950", "0.1900", "0.1850")
    fixings: list[NewFixing] = []
    day = first
    for rate in steps:
        if day > last:
            break
        fixings.append(NewFixing(valid_on=day, rate=rate))
        day += timedelta(days=91)
    return SeriesFixings(
        code=REFERENCE,
        source=SOURCE,
        unit=SeriesUnit.YEARLY_RATE,
        fixings=tuple(fixings),
        max_age_days=UNTIL_CHANGED,
    )


def _rate(base: str, day: date, hundredths: int) -> NewExchangeRate:
    return NewExchangeRate(
        base=base,
        quote="NGN",
        kind=RateKind.OFFICIAL,
        source=SOURCE,
        valid_on=day,
        rate=f"{hundredths // 100}.{hundredths % 100:02d}",
    )
