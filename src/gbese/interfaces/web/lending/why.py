"""Why an amount is owed: the movements and the accruals it adds up from, down to facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from gbese.core.accruals.claims import Segment
from gbese.core.money import Currency, Money, Rounding, round_minor, total
from gbese.core.projections.rows import Cause, Projection, adds, settles
from gbese.core.servicing.events import Component
from gbese.interfaces.web import formatting

_EXTRA_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Accrual:
    """Some days on one base at one rate; what it earns is not rounded yet."""

    start: date
    end: date
    base: Money
    rate: Decimal
    days: int
    units: int
    denominator: int
    unrounded: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The accruals of one interest period, or of one instalment's penalty, rounded once."""

    number: int
    accruals: tuple[Accrual, ...]
    unrounded: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """A known amount that came to the debt, or left it."""

    day: date
    cause: Cause
    amount: Money
    event: int
    instalment: int


@dataclass(frozen=True, slots=True)
class Why:
    """What is owed of a component at the end of a day, and all it adds up from."""

    on: date
    claims: tuple[Claim, ...]
    movements: tuple[Movement, ...]
    accrued: Money
    moved: Money
    owed: Money


def why(projection: Projection, component: Component, on: date) -> Why:
    """Walk back from what is owed of a component to the facts."""
    currency = projection.currency
    claims = tuple(_claims(projection, component, on))
    movements = tuple(_movements(projection, component, on))
    accrued = total((claim.amount for claim in claims), currency)
    moved = total((movement.amount for movement in movements), currency)
    return Why(on, claims, movements, accrued, moved, accrued + moved)


def _claims(projection: Projection, component: Component, on: date) -> Iterator[Claim]:
    running = [
        segment
        for segment in projection.segments
        if segment.component is component and segment.start < on
    ]
    running.sort(key=lambda segment: (segment.claim, segment.start))
    for number, segments in groupby(running, key=lambda segment: segment.claim):
        parts = list(segments)
        exact = sum((segment.accrued(on) for segment in parts), Fraction(0))
        yield Claim(
            number=number,
            accruals=tuple(_accrual(segment, projection.currency, on) for segment in parts),
            unrounded=_unrounded(exact, projection.currency),
            amount=Money(
                round_minor(exact.numerator, exact.denominator, projection.rounding),
                projection.currency,
            ),
        )


def _accrual(segment: Segment, currency: Currency, on: date) -> Accrual:
    end = on if segment.end is None or on < segment.end else segment.end
    return Accrual(
        start=segment.start,
        end=end,
        base=Money(segment.base, currency),
        rate=Decimal(segment.rate_numerator) / Decimal(segment.rate_denominator),
        days=(end - segment.start).days,
        units=segment.clock.units(end) - segment.clock.units(segment.start),
        denominator=segment.clock.denominator,
        unrounded=_unrounded(segment.accrued(on), currency),
    )


def _movements(projection: Projection, component: Component, on: date) -> Iterator[Movement]:
    for step in projection.steps:
        if step.day > on:
            return
        if step.component is not component:
            continue
        sign = adds(component, step.cause) - settles(component, step.cause)
        if sign:
            yield Movement(
                step.day,
                step.cause,
                Money(sign * step.amount, projection.currency),
                step.event,
                step.claim,
            )


def _unrounded(minor: Fraction, currency: Currency) -> str:
    """An amount before rounding, with some decimals more than the currency has."""
    exact = minor / 10**currency.exponent
    places = currency.exponent + _EXTRA_DECIMALS
    digits = round_minor(exact.numerator * 10**places, exact.denominator, Rounding.HALF_UP)
    return formatting.number_text(Decimal(digits).scaleb(-places), decimals=places)
