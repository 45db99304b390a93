"""The status of a loan at a date, ordered by trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gbese.core.projections.position import Position
from gbese.core.projections.rows import Life
from gbese.core.servicing.events import Component


class LoanStatus(StrEnum):
    """What a person sees of a loan without opening it. The order is that of trouble, worst first.

    The values are stored with readings and never change.
    """

    SET_ASIDE = "set_aside"  # it cannot be computed
    IN_DELAY = "in_delay"  # late beyond the days of tolerance; the bucket says how long
    PENALTIES_CHARGED = "penalties_charged"  # nothing late, but a penalty is unpaid
    DEADLINE_BREACHED = "deadline_breached"  # late, within the days of tolerance
    DUE_SOON = "due_soon"
    RESTRUCTURED = "restructured"
    ON_SCHEDULE = "on_schedule"
    UNDRAWN = "undrawn"
    WRITTEN_OFF = "written_off"
    SETTLED = "settled"


TROUBLE_RANK = {status: rank for rank, status in enumerate(LoanStatus)}
BUCKET_ENDS = (30, 60, 90, 180, 360)  # days past due: the last day of each bucket


@dataclass(frozen=True, slots=True)
class StatusPolicy:
    """When a payment counts as due soon, and how long a late one is only a breached deadline."""

    due_soon_days: int = 7
    tolerance_days: int = 5


@dataclass(frozen=True, slots=True)
class StatusReading:
    """A status, and the first day on which it may be another if nothing is recorded."""

    status: LoanStatus
    days_past_due: int
    changes_on: date | None


def bucket(days_past_due: int) -> tuple[int, int | None]:
    """The first and last day of the delay bucket; (0, 0) when nothing is late, None is open."""
    if days_past_due <= 0:
        return (0, 0)
    first = 1
    for last in BUCKET_ENDS:
        if days_past_due <= last:
            return (first, last)
        first = last + 1
    return (first, None)


def status_on(position: Position, *, next_due: date | None, policy: StatusPolicy) -> StatusReading:
    """The status of a position, and until when it holds.

    Args:
        position: of the loan, at the date asked about.
        next_due: the next due date on or after that date, if any.
        policy: of the house.
    """
    late = position.days_past_due
    status = status_of(
        position.life,
        days_past_due=late,
        has_penalties=position.owed(Component.PENALTY).minor != 0,
        days_to_next_due=(next_due - position.on).days if next_due else None,
        is_restructured=position.is_restructured,
        policy=policy,
    )
    changes = [_next_change_of_delay(position, policy)]
    if next_due is not None:
        changes.append(next_due - timedelta(days=policy.due_soon_days))
        changes.append(next_due + timedelta(days=1))
    coming = [day for day in changes if day is not None and day > position.on]
    return StatusReading(status, late, min(coming, default=None))


def status_of(
    life: Life,
    *,
    days_past_due: int,
    has_penalties: bool,
    days_to_next_due: int | None,
    is_restructured: bool,
    policy: StatusPolicy,
) -> LoanStatus:
    """The status by what makes it up, the worst that holds."""
    settled_lives = {
        Life.WRITTEN_OFF: LoanStatus.WRITTEN_OFF,
        Life.SETTLED: LoanStatus.SETTLED,
        Life.UNDRAWN: LoanStatus.UNDRAWN,
    }
    if (status := settled_lives.get(life)) is not None:
        return status
    if days_past_due > policy.tolerance_days:
        return LoanStatus.IN_DELAY
    if days_past_due > 0:
        return LoanStatus.DEADLINE_BREACHED
    if has_penalties:
        return LoanStatus.PENALTIES_CHARGED
    if days_to_next_due is not None and days_to_next_due <= policy.due_soon_days:
        return LoanStatus.DUE_SOON
    return LoanStatus.RESTRUCTURED if is_restructured else LoanStatus.ON_SCHEDULE


def _next_change_of_delay(position: Position, policy: StatusPolicy) -> date | None:
    if position.oldest_unpaid is None:
        return None
    edges = (0, policy.tolerance_days, *BUCKET_ENDS)
    for edge in edges:
        day = position.oldest_unpaid + timedelta(days=edge + 1)
        if day > position.on:
            return day
    return None
