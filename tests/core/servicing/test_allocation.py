"""What a payment settles, whatever the claims and the order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.contracts.terms import HOUSE_ORDER, AllocationClaim
from gbese.core.servicing.allocation import (
    InstructionExceedsPayment,
    OpenClaim,
    Part,
    allocate,
    allocate_as_instructed,
)
from gbese.core.servicing.events import Component

DAY = date(2026, 1, 15)
COMPONENTS = {
    AllocationClaim.COSTS: Component.FEE,
    AllocationClaim.FEE: Component.FEE,
    AllocationClaim.PENALTY: Component.PENALTY,
    AllocationClaim.OVERDUE_INTEREST: Component.INTEREST,
    AllocationClaim.CURRENT_INTEREST: Component.INTEREST,
    AllocationClaim.OVERDUE_PRINCIPAL: Component.PRINCIPAL,
    AllocationClaim.CURRENT_PRINCIPAL: Component.PRINCIPAL,
}
kinds = st.sampled_from(list(AllocationClaim))


@st.composite
def claims(draw: st.DrawFn) -> list[OpenClaim]:
    rows = draw(st.lists(st.tuples(kinds, st.integers(0, 400), st.integers(0, 10**12)), max_size=9))
    return [
        OpenClaim(kind, COMPONENTS[kind], number, DAY + timedelta(days=days), amount)
        for number, (kind, days, amount) in enumerate(rows, start=1)
    ]


@given(received=st.integers(0, 10**13), owed=claims(), order=st.permutations(list(AllocationClaim)))
def test_every_cent_received_goes_somewhere(
    received: int, owed: list[OpenClaim], order: list[AllocationClaim]
) -> None:
    allocation = allocate(received, owed, order)
    assert sum(part.amount for part in allocation.parts) + allocation.unallocated == received
    asked = {claim.claim: claim.amount for claim in owed}
    for part in allocation.parts:
        assert 0 < part.amount <= asked[part.claim]
    if allocation.unallocated:
        assert sum(part.amount for part in allocation.parts) == sum(asked.values())


@given(received=st.integers(1, 10**13), owed=claims())
def test_nothing_is_settled_before_what_comes_first(received: int, owed: list[OpenClaim]) -> None:
    allocation = allocate(received, owed, HOUSE_ORDER)
    settled = {part.claim: part.amount for part in allocation.parts}
    rank = {kind: place for place, kind in enumerate(HOUSE_ORDER)}
    ordered = sorted(owed, key=lambda claim: (rank[claim.kind], claim.due_date, claim.claim))
    short = False
    for claim in ordered:
        if short:
            assert claim.claim not in settled
        short = short or settled.get(claim.claim, 0) < claim.amount


def test_within_a_kind_the_oldest_due_date_comes_first() -> None:
    overdue = AllocationClaim.OVERDUE_PRINCIPAL
    owed = [
        OpenClaim(overdue, Component.PRINCIPAL, 2, date(2026, 3, 1), 100),
        OpenClaim(overdue, Component.PRINCIPAL, 1, date(2026, 2, 1), 100),
    ]
    assert allocate(150, owed, HOUSE_ORDER).parts == (
        Part(Component.PRINCIPAL, 1, 100),
        Part(Component.PRINCIPAL, 2, 50),
    )


def test_an_instruction_settles_its_component_and_leaves_the_rest() -> None:
    owed = [
        OpenClaim(AllocationClaim.OVERDUE_INTEREST, Component.INTEREST, 1, DAY, 40),
        OpenClaim(AllocationClaim.PENALTY, Component.PENALTY, 1, DAY, 30),
    ]
    allocation = allocate_as_instructed(
        100, owed, [(Component.PENALTY, 50), (Component.INTEREST, 10)]
    )
    assert allocation.parts == (Part(Component.PENALTY, 1, 30), Part(Component.INTEREST, 1, 10))
    assert allocation.unallocated == 60


def test_an_instruction_for_more_than_was_paid_is_refused() -> None:
    with pytest.raises(InstructionExceedsPayment) as refused:
        allocate_as_instructed(100, [], [(Component.PENALTY, 60), (Component.INTEREST, 41)])
    assert refused.value.facts == {"instructed": 101, "received": 100}
