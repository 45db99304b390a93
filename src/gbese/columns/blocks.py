"""The rows of a projection in one packed block, readable as columns.

A block is compressed; inside, little-endian: a head with counts, the clocks used, then segments,
steps, intervals and planned instalments, each as fixed-width records. The record layouts are given
as `struct` formats and field names, so that whole portfolios can be read as arrays.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import date

from gbese.core.accruals.claims import Segment
from gbese.core.calendars.clocks import Clock, clock_from_code
from gbese.core.errors import Refusal
from gbese.core.money import Currency, Rounding
from gbese.core.projections.rows import Cause, Interval, IntervalKind, Life, Projection, Step
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component

LAYOUT = 1
HEAD = struct.Struct("<BBHIIII")  # layout, rounding, clocks, segments, steps, intervals, plan
SEGMENT = struct.Struct("<BBHiiiqqq")
STEP = struct.Struct("<iiiBBHq")
INTERVAL = struct.Struct("<BBHiii")
PLANNED = struct.Struct("<iiiiiqqqq")
_CLOCK_HEAD = struct.Struct("<H")
_OPEN = 0  # an end or a date that is none

# Codes are stored: they never change meaning, new ones are added at the end.
COMPONENTS = (None, Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY)
CAUSES = tuple(Cause)
ROUNDINGS = tuple(Rounding)
INTERVAL_KINDS = tuple(IntervalKind)
LIVES = tuple(Life)
_COMPONENT_CODE = {component: code for code, component in enumerate(COMPONENTS)}
_CAUSE_CODE = {cause: code for code, cause in enumerate(CAUSES)}


class ProjectionTooLarge(Refusal):
    """A figure of the projection does not fit 64 bits."""

    code = "projection_too_large"


def pack(projection: Projection) -> bytes:
    """The block of a projection.

    Raises:
        ProjectionTooLarge: an amount or a rate does not fit the layout.
    """
    clocks = list(dict.fromkeys(segment.clock for segment in projection.segments))
    clock_code = {clock: code for code, clock in enumerate(clocks)}
    try:
        packed = [
            HEAD.pack(
                LAYOUT,
                ROUNDINGS.index(projection.rounding),
                len(clocks),
                len(projection.segments),
                len(projection.steps),
                len(projection.intervals),
                len(projection.plan),
            ),
            *(_packed_clock(clock) for clock in clocks),
            *(_packed_segment(segment, clock_code) for segment in projection.segments),
            *(_packed_step(step) for step in projection.steps),
            *(_packed_interval(interval) for interval in projection.intervals),
            *(_packed_row(row) for row in projection.plan),
        ]
    except struct.error as too_large:
        raise ProjectionTooLarge(currency=projection.currency.code) from too_large
    return zlib.compress(b"".join(packed), level=1)


def unpack(block: bytes, *, currency: Currency, horizon: date | None, method: str) -> Projection:
    """The projection of a block; currency, horizon and method stand beside it."""
    data = zlib.decompress(block)
    layout, rounding, clocks, segments, steps, intervals, planned = HEAD.unpack_from(data)
    if layout != LAYOUT:
        message = f"block layout {layout} is not known"
        raise AssertionError(message)
    offset = HEAD.size
    clock_list: list[Clock] = []
    for _ in range(clocks):
        clock, offset = _clock_at(data, offset)
        clock_list.append(clock)
    segment_end = offset + segments * SEGMENT.size
    step_end = segment_end + steps * STEP.size
    interval_end = step_end + intervals * INTERVAL.size
    plan_end = interval_end + planned * PLANNED.size
    return Projection(
        currency=currency,
        rounding=ROUNDINGS[rounding],
        segments=tuple(_segments(data[offset:segment_end], clock_list)),
        steps=tuple(_steps(data[segment_end:step_end])),
        intervals=tuple(_intervals(data[step_end:interval_end])),
        plan=tuple(_plan(data[interval_end:plan_end])),
        horizon=horizon,
        method=method,
    )


def steps_in(data: bytes) -> bytes:
    """The records of the steps in an opened block."""
    _, _, clocks, segments, steps, _, _ = HEAD.unpack_from(data)
    offset = HEAD.size
    for _ in range(clocks):
        (length,) = _CLOCK_HEAD.unpack_from(data, offset)
        offset += _CLOCK_HEAD.size + 8 * length
    offset += segments * SEGMENT.size
    return data[offset : offset + steps * STEP.size]


def _packed_clock(clock: Clock) -> bytes:
    code = clock.code()
    return _CLOCK_HEAD.pack(len(code)) + struct.pack(f"<{len(code)}q", *code)


def _clock_at(data: bytes, offset: int) -> tuple[Clock, int]:
    (length,) = _CLOCK_HEAD.unpack_from(data, offset)
    offset += _CLOCK_HEAD.size
    code = struct.unpack_from(f"<{length}q", data, offset)
    return clock_from_code(code), offset + 8 * length


def _packed_segment(segment: Segment, clock_code: dict[Clock, int]) -> bytes:
    return SEGMENT.pack(
        _COMPONENT_CODE[segment.component],
        0,
        clock_code[segment.clock],
        segment.claim,
        segment.start.toordinal(),
        segment.end.toordinal() if segment.end else _OPEN,
        segment.base,
        segment.rate_numerator,
        segment.rate_denominator,
    )


def _segments(data: bytes, clocks: list[Clock]) -> Iterator[Segment]:
    for component, _, clock, claim, start, end, base, numerator, denominator in SEGMENT.iter_unpack(
        data
    ):
        accruing = COMPONENTS[component]
        assert accruing is not None  # noqa: S101 - a segment always has a component
        yield Segment(
            accruing,
            claim,
            base,
            numerator,
            denominator,
            clocks[clock],
            date.fromordinal(start),
            _day(end),
        )


def _packed_step(step: Step) -> bytes:
    return STEP.pack(
        step.day.toordinal(),
        step.claim,
        step.event,
        _COMPONENT_CODE[step.component],
        _CAUSE_CODE[step.cause],
        step.owed,
        step.amount,
    )


def _steps(data: bytes) -> Iterator[Step]:
    for day, claim, event, component, cause, owed, amount in STEP.iter_unpack(data):
        yield Step(
            date.fromordinal(day), COMPONENTS[component], CAUSES[cause], amount, claim, event, owed
        )


def _packed_interval(interval: Interval) -> bytes:
    match interval.kind:
        case IntervalKind.LIFE:
            fact = LIVES.index(Life(interval.fact))
        case IntervalKind.OLDEST_UNPAID:
            fact = date.fromisoformat(interval.fact).toordinal()
        case IntervalKind.RESTRUCTURED:
            fact = 1
    return INTERVAL.pack(
        INTERVAL_KINDS.index(interval.kind),
        0,
        0,
        interval.start.toordinal(),
        interval.end.toordinal() if interval.end else _OPEN,
        fact,
    )


def _intervals(data: bytes) -> Iterator[Interval]:
    for code, _, _, start, end, fact in INTERVAL.iter_unpack(data):
        kind = INTERVAL_KINDS[code]
        match kind:
            case IntervalKind.LIFE:
                told: str = LIVES[fact]
            case IntervalKind.OLDEST_UNPAID:
                told = date.fromordinal(fact).isoformat()
            case IntervalKind.RESTRUCTURED:
                told = "yes"
        yield Interval(kind, date.fromordinal(start), _day(end), told)


def _packed_row(row: PlannedInstalment) -> bytes:
    number = -row.number if row.is_expected else row.number
    return PLANNED.pack(
        number,
        row.period_start.toordinal(),
        row.period_end.toordinal(),
        row.due_date_adjusted.toordinal(),
        0,
        row.principal,
        row.interest,
        row.fee,
        row.outstanding_after,
    )


def _plan(data: bytes) -> Iterator[PlannedInstalment]:
    for number, start, end, due, _, principal, interest, fee, after in PLANNED.iter_unpack(data):
        yield PlannedInstalment(
            number=abs(number),
            period_start=date.fromordinal(start),
            period_end=date.fromordinal(end),
            due_date_adjusted=date.fromordinal(due),
            principal=principal,
            interest=interest,
            fee=fee,
            outstanding_after=after,
            is_expected=number < 0,
        )


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal != _OPEN else None
