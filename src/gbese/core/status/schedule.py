"""The schedule of a loan at a date: what each due date asks for and what is settled of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gbese.core.money import Currency, Money, total
from gbese.core.projections.position import InstalmentState, instalment_states
from gbese.core.projections.rows import Cause, Projection, Step
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component


class RowState(StrEnum):
    """Where an instalment of the schedule stands."""

    PAID = "paid"
    PART_PAID = "part_paid"
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    TO_COME = "to_come"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """One instalment with what has been settled of it."""

    number: int
    period_start: date
    due_date: date
    due_date_adjusted: date
    principal: Money
    interest: Money
    fee: Money
    total: Money
    settled: Money
    outstanding_after: Money
    state: RowState
    is_expected: bool


@dataclass(frozen=True, slots=True)
class ScheduleSums:
    """What the rows of a schedule add up to."""

    principal: Money
    interest: Money
    fee: Money
    total: Money
    settled: Money


def schedule_on(projection: Projection, on: date) -> tuple[ScheduleRow, ...]:
    """The schedule at the end of a date.

    What has fallen due is shown as it fell due, the rest as it is planned.
    """
    whole = {
        step.claim
        for step in projection.steps
        if step.day <= on and step.cause is Cause.DUE and step.owed and not step.event
    }
    states = {state.claim: state for state in instalment_states(projection, on)}
    return tuple(
        _row(row, states.get(row.number), projection.currency, on)
        if row.number in whole
        else _row_to_come(projection, row, states.get(row.number))
        for row in projection.plan
    )


def settled_early(projection: Projection, number: int) -> tuple[Step, ...]:
    """Interest of an instalment that fell due by being settled, before its day."""
    found: list[Step] = []
    for step in projection.steps:
        if step.claim != number or step.cause is not Cause.DUE:
            continue
        if step.owed:
            break
        found.append(step)
    return tuple(found)


def sums_of(rows: Sequence[ScheduleRow], currency: Currency) -> ScheduleSums:
    """The sums of a schedule, column by column."""
    return ScheduleSums(
        principal=total((row.principal for row in rows), currency),
        interest=total((row.interest for row in rows), currency),
        fee=total((row.fee for row in rows), currency),
        total=total((row.total for row in rows), currency),
        settled=total((row.settled for row in rows), currency),
    )


def _row_to_come(
    projection: Projection, row: PlannedInstalment, state: InstalmentState | None
) -> ScheduleRow:
    """An instalment as planned, with what of its interest was settled ahead."""
    early = sum(step.amount for step in settled_early(projection, row.number))
    planned = replace(row, interest=row.interest + early)
    shown = _row(planned, None, projection.currency, row.due_date_adjusted)
    settled = sum(state.settled.values()) if state else 0
    return replace(shown, settled=Money(settled, projection.currency))


def _row(
    row: PlannedInstalment, fallen: InstalmentState | None, currency: Currency, on: date
) -> ScheduleRow:
    asked = fallen.due if fallen else {}
    principal = asked.get(Component.PRINCIPAL, row.principal)
    interest = asked.get(Component.INTEREST, row.interest)
    fee = asked.get(Component.FEE, row.fee)
    settled = sum(fallen.settled.values()) if fallen else 0
    return ScheduleRow(
        number=row.number,
        period_start=row.period_start,
        due_date=row.period_end,
        due_date_adjusted=row.due_date_adjusted,
        principal=Money(principal, currency),
        interest=Money(interest, currency),
        fee=Money(fee, currency),
        total=Money(principal + interest + fee, currency),
        settled=Money(settled, currency),
        outstanding_after=Money(row.outstanding_after, currency),
        state=_state(fallen, settled, on),
        is_expected=row.is_expected,
    )


def _state(fallen: InstalmentState | None, settled: int, on: date) -> RowState:
    if fallen is None:
        return RowState.TO_COME
    if fallen.left <= 0:
        return RowState.PAID
    if fallen.due_date >= on:
        return RowState.DUE_TODAY
    return RowState.PART_PAID if settled else RowState.OVERDUE
