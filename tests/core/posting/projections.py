"""A projection written down by hand: 1,000,000.00 that earns 1,000.00 a night."""

from __future__ import annotations

from datetime import date

from gbese.core.accruals.claims import Segment
from gbese.core.calendars.clocks import Clock, ClockKind
from gbese.core.money import Currency, Rounding
from gbese.core.projections.rows import Cause, Projection, Step
from gbese.core.servicing.events import Component

NGN = Currency("NGN", 2)
P, I = Component.PRINCIPAL, Component.INTEREST  # noqa: E741 - as on paper
NIGHT = 1_000_00
# ACT/365F at 36.5 %.
CLOCK = Clock(ClockKind.ACTUAL, 365)


def segment(start: date, end: date | None, *, base: int = 1_000_000_00) -> Segment:
    return Segment(I, 1, base, 365, 1_000, CLOCK, start, end)


def step(day: date, component: Component | None, cause: Cause, amount: int, event: int) -> Step:
    return Step(day=day, component=component, cause=cause, amount=amount, claim=0, event=event)


def projection(
    segments: tuple[Segment, ...], steps: tuple[Step, ...], *, horizon: date | None = None
) -> Projection:
    return Projection(
        currency=NGN,
        rounding=Rounding.HALF_UP,
        segments=segments,
        steps=tuple(sorted(steps, key=lambda one: one.day)),
        intervals=(),
        plan=(),
        horizon=horizon,
        method="1",
    )


def drawn(day: date) -> Step:
    """The money goes out."""
    return step(day, P, Cause.DRAWN, 1_000_000_00, event=1)


def untouched(drawn_on: date) -> Projection:
    """Drawn, and nothing since."""
    return projection((segment(drawn_on, None),), (drawn(drawn_on),))
