"""What a payment settles: its parts by claim, in the order of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gbese.core.contracts.terms import AllocationClaim
from gbese.core.errors import Refusal
from gbese.core.servicing.events import Component


class InstructionExceedsPayment(Refusal):
    """The instruction allocates more than was received."""

    code = "instruction_exceeds_payment"


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """An amount owed, in minor units: which component of which instalment, due when."""

    kind: AllocationClaim
    component: Component
    claim: int  # number of the instalment; 0 for the loan as a whole
    due_date: date
    amount: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a payment, in minor units, and the claim it settles."""

    component: Component
    claim: int
    amount: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """The parts of a payment, and what is left; together they are what was received."""

    parts: tuple[Part, ...]
    unallocated: int


def allocate(
    received: int, claims: Sequence[OpenClaim], order: Sequence[AllocationClaim]
) -> Allocation:
    """Settle claims by the order; within a kind the oldest due date first.

    Args:
        received: minor units, zero or more.
        claims: what is owed now; may be empty.
        order: every kind of claim, first to last.

    Returns:
        At most one part per claim, none of them zero; parts and rest add up to `received`.
    """
    rank = {kind: place for place, kind in enumerate(order)}
    ranked = sorted(claims, key=lambda claim: (rank[claim.kind], claim.due_date, claim.claim))
    return _settle(received, ranked)


def allocate_as_instructed(
    received: int,
    claims: Sequence[OpenClaim],
    instruction: Sequence[tuple[Component, int]],
) -> Allocation:
    """Settle what the payer or a clerk said, component by component, oldest due date first.

    What an instruction gives a component beyond its claims stays unallocated.

    Raises:
        InstructionExceedsPayment: the instruction adds up to more than `received`.
    """
    instructed = sum(amount for _, amount in instruction)
    if instructed > received:
        raise InstructionExceedsPayment(instructed=instructed, received=received)
    parts: list[Part] = []
    for component, amount in instruction:
        aged = sorted(
            (claim for claim in claims if claim.component is component),
            key=lambda claim: (claim.due_date, claim.claim),
        )
        parts.extend(_settle(amount, aged).parts)
    return Allocation(tuple(parts), received - sum(part.amount for part in parts))


def _settle(received: int, claims: Sequence[OpenClaim]) -> Allocation:
    parts: list[Part] = []
    left = received
    for claim in claims:
        settled = min(left, claim.amount)
        if settled > 0:
            parts.append(Part(claim.component, claim.claim, settled))
            left -= settled
    return Allocation(tuple(parts), left)
