"""What interest and penalties may come to at most, and the day on which they get there."""

from __future__ import annotations

from datetime import date, timedelta

from gbese.core.accruals.ceilings import first_day_above, shares_of_the_rest
from gbese.core.accruals.claims import AccruingClaim
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, roll
from gbese.core.contracts.terms import Terms
from gbese.core.projections.penalties import run_penalty
from gbese.core.projections.rows import Cause
from gbese.core.projections.state import Ceiling, LoanState
from gbese.core.servicing.events import Component

_YEARLY = Frequency(1, FrequencyUnit.YEAR)
_OVER_LIFE = frozenset({Component.INTEREST, Component.PENALTY})


def ceilings_of(terms: Terms) -> list[Ceiling]:
    """The ceilings that terms agree on."""
    ceilings: list[Ceiling] = []
    if terms.penalty is not None and terms.penalty.cap_of_principal is not None:
        ceilings.append(
            Ceiling(
                terms.penalty.cap_of_principal,
                frozenset({Component.PENALTY}),
                terms.penalty.cap_is_yearly,
            )
        )
    if terms.charges_ceiling is not None:
        ceilings.append(Ceiling(terms.charges_ceiling, _OVER_LIFE, is_yearly=False))
    return ceilings


def keep_ceilings(state: LoanState, day: date | None) -> None:
    """Stop what shares a ceiling on the day it is reached, if that is by `day` (None: ever)."""
    if not state.has_started or state.is_written_off:
        return
    before, after = state.day, state.day
    while reached := _reached_first(state, after=after, last=day):
        ceiling, state.day = reached
        ceiling.is_reached = True
        after = state.day - timedelta(days=1)
        sharing = _sharing(state, ceiling)
        shares = shares_of_the_rest(sharing, _limit(state, ceiling), day=state.day)
        for claim, rest in zip(sharing, shares, strict=True):
            claim.stop(after)
            claim.charged += rest
            state.step(claim.component, Cause.ACCRUED, rest, claim=claim.number, event=0)
    if day is not None:
        state.day = before


def renew_yearly_ceilings(state: LoanState) -> None:
    """A new contract year begins today: yearly ceilings count from zero."""
    if not any(ceiling.is_yearly for ceiling in state.ceilings) or not state.first_drawn_on:
        return
    if state.day < next_anniversary(state):
        return
    while next_anniversary(state) <= state.day:
        state.contract_years += 1
    for ceiling in state.ceilings:
        if ceiling.is_yearly:
            ceiling.used_before = accrued_under(state, ceiling)
            _lift(state, ceiling)


def lift_ceilings(state: LoanState) -> None:
    """More was drawn, so ceilings that were reached leave room again."""
    for ceiling in state.ceilings:
        _lift(state, ceiling)


def accrued_under(state: LoanState, ceiling: Ceiling) -> int:
    """What the claims that share a ceiling have accrued by today, in minor units."""
    return sum(claim.accrued(state.day) for claim in _sharing(state, ceiling))


def next_anniversary(state: LoanState) -> date:
    """The day on which the next contract year begins."""
    start = state.first_drawn_on or state.terms.signed_on
    return roll(start, _YEARLY, state.contract_years + 1, end_of_month=False)


def _reached_first(
    state: LoanState, *, after: date, last: date | None
) -> tuple[Ceiling, date] | None:
    """The ceiling reached first, and the day; of two on one day, the one with less room."""
    reached: list[tuple[date, int, int]] = []
    for place, ceiling in enumerate(state.ceilings):
        if ceiling.is_reached:
            continue
        sharing = _sharing(state, ceiling)
        running = [claim for claim in sharing if claim.is_running]
        used = sum(claim.accrued(after) for claim in sharing if not claim.is_running)
        room = _limit(state, ceiling) - used
        day = first_day_above(running, room, after=after, last=last)
        if day is not None:
            eve = day - timedelta(days=1)
            reached.append((day, room - sum(claim.accrued(eve) for claim in running), place))
    if not reached:
        return None
    day, _, place = min(reached)
    return state.ceilings[place], day


def _sharing(state: LoanState, ceiling: Ceiling) -> list[AccruingClaim]:
    return [claim for claim in state.claims if claim.component in ceiling.components]


def _limit(state: LoanState, ceiling: Ceiling) -> int:
    return ceiling.used_before + int(ceiling.fraction * state.drawn)


def _lift(state: LoanState, ceiling: Ceiling) -> None:
    if not ceiling.is_reached:
        return
    ceiling.is_reached = False
    for key in state.penalised:
        if state.owed[key].is_unpaid:
            run_penalty(state, key, state.owed[key].penalty_rate)
