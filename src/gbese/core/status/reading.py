"""What a list shows of one loan at a date, and the day on which that changes by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gbese.core.accruals.claims import Segment
from gbese.core.calendars.frequencies import add_months
from gbese.core.contracts.term_classes import TermClass, term_class
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.projections.position import Position, overdue, position
from gbese.core.projections.rows import Cause, Projection
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component
from gbese.core.status.term import TermPolicy, split_by_term
from gbese.core.status.trouble import LoanStatus, StatusPolicy, status_on
from gbese.core.yields.disclosure import effective_rate, planned_flows
from gbese.core.yields.rules import YearlyCostRules

_YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A loan as lists show it; amounts in minor units.

    `overdue` is all that fell due before the date and is unpaid, penalties included. `current` is
    principal due within twelve months or overdue; with `noncurrent` it is the outstanding
    principal. `effective_rate` is what the loan costs a year, fees included; None where no one rate
    fits its flows. `changes_on` is the first day on which any figure may be another.
    """

    on: date
    changes_on: date | None
    status: LoanStatus
    oldest_unpaid: date | None
    has_penalties: bool
    is_restructured: bool
    term_class: TermClass
    outstanding: int
    overdue: int
    current: int
    noncurrent: int
    undrawn: int
    effective_rate: Decimal | None
    next_due: PlannedInstalment | None


def reading(
    projection: Projection,
    terms: Terms,
    on: date,
    *,
    drawn: int,
    policy: StatusPolicy,
    cost_rules: YearlyCostRules,
    is_set_aside: bool,
) -> Reading:
    """Read a loan off its projection for a list.

    Args:
        projection: in force.
        terms: in force.
        on: the date, usually the open day.
        drawn: in minor units, before the loan was taken over included.
        policy: when a payment is due soon, when a late one is in delay.
        cost_rules: how a yearly rate is counted and printed.
        is_set_aside: the loan cannot be computed and waits for repair.
    """
    now = position(projection, on)
    next_due = next_instalment(projection, on)
    told = status_on(now, next_due=next_due.due_date_adjusted if next_due else None, policy=policy)
    by_contract = term_class(terms)
    split = split_by_term(
        projection,
        now,
        policy=TermPolicy.REPORTING_DATE,
        by_contract=by_contract,
        maturity_date=terms.maturity_date,
    )
    return Reading(
        on=on,
        changes_on=_earliest_change(projection, now, told.changes_on),
        status=LoanStatus.SET_ASIDE if is_set_aside else told.status,
        oldest_unpaid=now.oldest_unpaid,
        has_penalties=now.owed(Component.PENALTY).minor > 0,
        is_restructured=now.is_restructured,
        term_class=by_contract,
        outstanding=now.outstanding.minor,
        overdue=sum(overdue(projection, on).values()),
        current=split.short_term + split.overdue,
        noncurrent=split.long_term,
        undrawn=undrawn_of(terms, drawn=drawn, outstanding=now.outstanding.minor),
        effective_rate=effective_rate(
            planned_flows(projection), signed_on=terms.signed_on, rules=cost_rules
        ),
        next_due=next_due,
    )


def undrawn_of(terms: Terms, *, drawn: int, outstanding: int) -> int:
    """What may still be drawn, in minor units; what was repaid may be again where it revolves."""
    used = outstanding if terms.schedule_kind is ScheduleKind.REVOLVING else drawn
    return max(terms.principal.minor - used, 0)


def next_instalment(projection: Projection, on: date) -> PlannedInstalment | None:
    """The next instalment that falls due on a date or after it; None if none will."""
    return next((row for row in projection.plan if row.due_date_adjusted >= on and row.due), None)


def _earliest_change(
    projection: Projection, now: Position, status_changes_on: date | None
) -> date | None:
    """The next day of a step, of an instalment coming within twelve months, or of the status."""
    days = [] if status_changes_on is None else [status_changes_on]
    for step in projection.steps:
        if step.day > now.on:
            days.append(step.day)
            days.append(step.day + timedelta(days=1))  # what fell due is overdue the day after
            break
        if step.day == now.on:
            days.append(step.day + timedelta(days=1))
    for step in projection.steps:
        if step.component is Component.PRINCIPAL and step.cause is Cause.DUE:
            enters = add_months(step.day, -_YEAR_MONTHS, day=step.day.day)
            if enters > now.on:
                days.append(enters)
                break
    days.extend(
        max(segment.start, now.on) + timedelta(days=1)
        for segment in projection.segments
        if _is_payable_at_once(segment) and (segment.end is None or segment.end > now.on)
    )
    return min(days, default=None)


def _is_payable_at_once(segment: Segment) -> bool:
    """Whether what it earns is overdue from day to day: a penalty, or interest past maturity."""
    return segment.component is Component.PENALTY or segment.claim < 0
