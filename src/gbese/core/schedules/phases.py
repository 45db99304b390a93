"""Principal in phases: so much each time, then another amount at another pace, up or down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gbese.core.calendars.cycles import Cycle, in_turn
from gbese.core.contracts.terms import PlannedPrincipal
from gbese.core.money import Money, zero
from gbese.core.schedules.errors import ScheduleError


@dataclass(frozen=True, slots=True)
class PrincipalPhase:
    """On the dates of a cycle `amount` is repaid, or drawn where principal `rises`."""

    cycle: Cycle
    amount: Money
    rises: bool = False


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """The rows of a custom schedule, what is drawn besides and when, and the last date."""

    rows: tuple[PlannedPrincipal, ...]
    drawdowns: tuple[tuple[date, Money], ...]
    maturity_date: date


def phase_plan(
    principal: Money,
    phases: Sequence[PrincipalPhase],
    interest: Sequence[Cycle],
    *,
    maturity_date: date | None,
    end_of_month: bool = False,
) -> PhasePlan:
    """The rows that phases of principal and cycles of interest come to.

    Each phase goes on until the next begins; so does each cycle of interest. Without a maturity
    date the loan ends when the last phase has repaid the rest; with one, the rest is due then.

    Raises:
        ScheduleError: `never_repaid`, where nothing ends the loan.

    Source: ACTUS, contract type LAX; worked in tests/core/schedules/test_phases.py.
    """
    *before, last = phases
    left = principal.minor
    for phase, following in zip(before, phases[1:], strict=True):
        dates = phase.cycle.dates(before=following.cycle.first_date, end_of_month=end_of_month)
        left = _after(left, phase, len(dates))
    ends = maturity_date or _end(left, last, end_of_month=end_of_month)
    paced = in_turn([phase.cycle for phase in phases], before=ends, end_of_month=end_of_month)
    drawdowns = tuple((day, phases[place].amount) for day, place in paced if phases[place].rises)
    pays_interest = {day for day, _ in in_turn(interest, before=ends, end_of_month=end_of_month)}
    principal_rows = _rows(principal, phases, paced)
    nothing = zero(principal.currency)
    days = sorted({*principal_rows, *pays_interest, ends})
    rest = principal.minor + sum(amount.minor for _, amount in drawdowns)
    rest -= sum(amount.minor for amount in principal_rows.values())
    principal_rows[ends] = Money(rest, principal.currency)
    rows = tuple(
        PlannedPrincipal(day, principal_rows.get(day, nothing), day in pays_interest or day == ends)
        for day in days
    )
    return PhasePlan(rows, drawdowns, ends)


def _rows(
    principal: Money, phases: Sequence[PrincipalPhase], paced: Sequence[tuple[date, int]]
) -> dict[date, Money]:
    """What is repaid on each date of the phases; never more than there is."""
    left = principal.minor
    repaid: dict[date, Money] = {}
    for day, place in paced:
        phase = phases[place]
        before, left = left, _after(left, phase, 1)
        if not phase.rises:
            repaid[day] = Money(before - left, principal.currency)
    return repaid


def _after(left: int, phase: PrincipalPhase, times: int) -> int:
    """What is outstanding after so many dates of a phase, in minor units."""
    moved = times * phase.amount.minor
    return left + moved if phase.rises else max(left - moved, 0)


def _end(left: int, phase: PrincipalPhase, *, end_of_month: bool) -> date:
    """The date on which the last phase has repaid all that is left."""
    if phase.rises or phase.amount.minor <= 0:
        raise ScheduleError(problem="never_repaid")
    times = max(-(-left // phase.amount.minor), 1)
    return phase.cycle.date_number(times - 1, end_of_month=end_of_month)
