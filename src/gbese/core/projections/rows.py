"""The three kinds of rows of a projection, and the projection itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gbese.core.accruals.claims import Segment
from gbese.core.money import Currency, Rounding
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component


class Cause(StrEnum):
    """Why a component's total moved. Totals are cumulative and, reversals apart, only grow."""

    OPENED = "opened"  # taken over from earlier books
    DRAWN = "drawn"
    ACCRUED = "accrued"  # earned by the day, or charged
    DUE = "due"  # fallen due
    PAID = "paid"
    WAIVED = "waived"
    WRITTEN_OFF = "written_off"
    CAPITALISED = "capitalised"  # joined principal
    WITHHELD = "withheld"  # kept back from a drawdown
    ADJUSTED = "adjusted"  # restated by the other side, or a difference of exchange
    RECEIVED = "received"  # cash of a payment, whatever it settles
    REFUNDED = "refunded"  # cash back to the payer
    RECOVERED = "recovered"  # of what was received: after a write-off


_ADDS = frozenset({Cause.OPENED, Cause.DRAWN, Cause.ACCRUED, Cause.ADJUSTED})
_SETTLES = frozenset({Cause.PAID, Cause.WAIVED, Cause.WRITTEN_OFF, Cause.WITHHELD})


def adds(component: Component | None, cause: Cause) -> bool:
    """Whether the cause adds to what is owed of a component."""
    return cause in _ADDS or (cause is Cause.CAPITALISED and component is Component.PRINCIPAL)


def settles(component: Component | None, cause: Cause) -> bool:
    """Whether the cause takes from what is owed of a component: interest leaves as it joins."""
    return cause in _SETTLES or (
        cause is Cause.CAPITALISED and component is not Component.PRINCIPAL
    )


class IntervalKind(StrEnum):
    """What an interval tells."""

    LIFE = "life"  # the stage of the contract's life
    OLDEST_UNPAID = "oldest_unpaid"  # since when something is late
    RESTRUCTURED = "restructured"


class Life(StrEnum):
    """The stages of a contract's life."""

    UNDRAWN = "undrawn"
    ACTIVE = "active"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class Step:
    """A known amount, in minor units, moves on a known day."""

    day: date
    component: Component | None  # None for cash itself (RECEIVED, REFUNDED, RECOVERED)
    cause: Cause
    amount: int
    claim: int  # number of the instalment it belongs to; 0 for none
    event: int  # number of the event behind it; 0 where the terms alone are
    owed: int = 0  # which amount fallen due it raises or settles, from 1 on; 0 for none


@dataclass(frozen=True, slots=True)
class Interval:
    """Something holds from `start` (in) to `end` (out; None is open): a code or a date."""

    kind: IntervalKind
    start: date
    end: date | None
    fact: str


@dataclass(frozen=True, slots=True)
class Projection:
    """What will happen to one loan if nothing more is recorded.

    `plan` is the schedule in force: rows already due as they fell due, the rest as expected when
    paid on time. `horizon` is the last day whose figures may be booked; None is no limit.
    """

    currency: Currency
    rounding: Rounding
    segments: tuple[Segment, ...]
    steps: tuple[Step, ...]  # ascending by day
    intervals: tuple[Interval, ...]
    plan: tuple[PlannedInstalment, ...]
    horizon: date | None
    method: str  # of the program: the version of the rules of calculation
