"""What an unpaid instalment costs from the day its penalty starts."""

from __future__ import annotations

import heapq
from decimal import Decimal

from gbese.core.accruals.penalties import DAILY, tier_starts
from gbese.core.contracts.terms import PenaltyBase
from gbese.core.projections.state import LoanState
from gbese.core.servicing.events import Component


def watch_for_penalty(state: LoanState, key: int) -> None:
    """Note when the penalty of an instalment would start, tier by tier."""
    if state.terms.penalty is None:
        return
    due_date = state.owed[key].due_date
    for start, daily_rate in tier_starts(state.terms.penalty, due_date):
        heapq.heappush(state.penalty_starts, (start, key, daily_rate))


def may_be_penalised(state: LoanState, key: int) -> bool:
    """Whether an instalment is still unpaid, so that a penalty may run on it."""
    return key >= state.first_unpaid and state.owed[key].is_unpaid


def is_penalised(state: LoanState) -> bool:
    """Whether a penalty runs, or waits, on something unpaid."""
    return any(
        state.owed[key].penalty is not None and state.owed[key].is_unpaid for key in state.penalised
    )


def follow_what_is_left(state: LoanState) -> None:
    """Penalties run on what is left of the instalments that were paid or corrected today."""
    for key in sorted(state.touched):
        instalment = state.owed[key]
        if instalment.penalty is not None and instalment.penalty.is_running:
            run_penalty(state, key, instalment.penalty_rate)
    state.penalised = [
        key
        for key in state.penalised
        if key not in state.touched
        or state.owed[key].is_unpaid
        or state.owed[key].penalty_left(state.day) > 0
    ]
    state.touched.clear()


def run_penalty(state: LoanState, key: int, daily_rate: Decimal) -> None:
    """From today on the penalty of an instalment runs at a rate, on what is left of it."""
    instalment = state.owed[key]
    instalment.penalty_rate = daily_rate
    penalty = instalment.penalty or state.open_penalty(key)
    if any(c.is_reached and Component.PENALTY in c.components for c in state.ceilings):
        return
    terms = state.terms.penalty
    base = instalment.principal
    if terms is not None and terms.base is PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST:
        base += instalment.left.get(Component.INTEREST, 0)
    penalty.run(state.day, base=base, rate=daily_rate, clock=DAILY, end=None)
