"""What an analyst reads off a projection: every dated event of a contract, and the state after it.

The engine is the one that books; this only lists what it found, in the order in which the events
of one day are carried out. Dates on which nothing moves are listed too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gbese.core.contracts.terms import Side
from gbese.core.money import Money
from gbese.core.projections.event_listing import EventListing
from gbese.core.projections.facts import LoanFacts
from gbese.core.projections.flow_kinds import FlowKind, Move
from gbese.core.projections.indexing import Index
from gbese.core.projections.project import project

__all__ = ["CashFlow", "Deal", "FlowKind", "Index", "cash_flows"]


@dataclass(frozen=True, slots=True)
class CashFlow:
    """One event, seen from one side of the contract; amounts in minor units.

    Money in is positive. What a borrower owes is negative, as is what it has accrued. `rate` is a
    fraction a year. All but `amount` are as they stand after the event.
    """

    day: date
    kind: FlowKind
    amount: int
    outstanding: int
    rate: Decimal
    accrued: int


@dataclass(frozen=True, slots=True)
class Deal:
    """The contract changes hands at a price, to which the interest accrued is added.

    With `counts_day` the deal is made at the end of the day, and the day's interest is in it.
    """

    on: date
    price: Money
    counts_day: bool = False


def cash_flows(
    facts: LoanFacts,
    side: Side,
    *,
    bought: Deal | None = None,
    sold: Deal | None = None,
    called_on: date | None = None,
    index: Index | None = None,
) -> tuple[CashFlow, ...]:
    """All events of a contract if everything is paid as it falls due, oldest first.

    Args:
        facts: terms for analysis (`for_analysis`) and what happened; or any loan's own.
        side: whose signs the amounts have.
        bought: only what follows the purchase is listed, after it.
        sold: only what precedes the termination is listed, before it.
        called_on: when the lender asked for the money; the maturity date is when it is due.
        index: what payments are multiplied by.

    Raises:
        ScheduleError, PeriodError: the terms cannot be turned into periods.
    """
    listing = EventListing(facts, project(facts), called_on, index)
    moves = sorted(listing.moves(), key=lambda move: move.order)
    sign = 1 if side is Side.LENDER else -1
    kept: list[Move] = list(moves)
    if bought is not None:
        purchase = _deal(listing, bought, FlowKind.PURCHASE, moves, sign)
        kept = [purchase, *(move for move in kept if _follows(move, purchase, bought))]
    if sold is not None:
        termination = _deal(listing, sold, FlowKind.TERMINATION, moves, sign)
        kept = [*(move for move in kept if not _follows(move, termination, sold)), termination]
    return tuple(_with_states(listing, moves, kept, sign))


def _with_states(
    listing: EventListing, moves: Iterable[Move], kept: Iterable[Move], sign: int
) -> list[CashFlow]:
    """The events kept, with the state after each; those left out have moved it all the same."""
    flows: list[CashFlow] = []
    outstanding, taken = listing.taken_over(), 0
    listed = set(map(id, kept))
    for move in sorted({id(move): move for move in (*moves, *kept)}.values(), key=_order):
        outstanding += move.principal
        taken += move.interest
        if id(move) in listed:
            accrued = listing.earned(move.counted_on) - taken
            flows.append(
                CashFlow(
                    move.day,
                    move.kind,
                    sign * move.cash,
                    sign * outstanding,
                    move.rate,
                    sign * accrued,
                )
            )
    return flows


def _order(move: Move) -> tuple[date, int]:
    return move.order


def _deal(
    listing: EventListing, deal: Deal, kind: FlowKind, moves: Iterable[Move], sign: int
) -> Move:
    """A purchase or a termination; what accrued is added with the sign it has in the books.

    Source: ACTUS, payoffs PRD and TD.
    """
    counted_on = deal.on + timedelta(days=deal.counts_day)
    rate = listing.rate_on(counted_on)
    made = Move(deal.on, kind, rate, counted_on)
    before = [move for move in moves if not _follows(move, made, deal)]
    accrued = listing.earned(counted_on) - sum(move.interest for move in before)
    price = deal.price.minor + sign * accrued
    if kind is FlowKind.PURCHASE:
        return Move(deal.on, kind, rate, counted_on, cash=-price)
    outstanding = listing.taken_over() + sum(move.principal for move in before)
    return Move(
        deal.on,
        kind,
        rate,
        counted_on,
        cash=price,
        principal=-outstanding,
        interest=accrued,
    )


def _follows(move: Move, made: Move, deal: Deal) -> bool:
    """Whether an event comes after a deal; one at the end of the day comes after all of it."""
    if move.day == deal.on and deal.counts_day:
        return False
    return move.order > made.order
