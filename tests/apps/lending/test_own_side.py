"""Whose loan it is: the parties of a loan against the entity whose books are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from gbese.apps.identity.acts import Act
from gbese.apps.lending import queries, services
from gbese.apps.parties.errors import PartyUnknown
from gbese.apps.parties.services import find_or_add_party, set_belonging
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal

pytestmark = pytest.mark.django_db

Acts = Callable[..., Act]
NewLoanOf = Callable[..., services.NewLoan]


@pytest.fixture
def own(books: None, acts: Acts) -> int:
    return find_or_add_party(
        name="Ile Owo Limited", country="NG", kind="organisation", act=acts()
    ).pk


@pytest.fixture
def branch(books: None, acts: Acts) -> int:
    return find_or_add_party(
        name="Ile Owo Ibadan", country="NG", kind="organisation", act=acts()
    ).pk


def refused(new: services.NewLoan, act: Act, *, by_hand: bool = True) -> Refusal:
    opened = partial(services.open_loan, new=new)
    if not by_hand:
        opened = partial(services.open_loans, loans=[new], source="import:1")
    with pytest.raises(Refusal) as caught:
        opened(act=act)
    assert not queries.known_numbers()
    return caught.value


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("side", list(Side))
def test_nobody_lends_to_themselves(
    new_loan: NewLoanOf, own: int, acts: Acts, side: Side, by_hand: bool
) -> None:
    new = replace(new_loan("L-1", side=side), lender=own, borrower=own)
    assert refused(new, acts(), by_hand=by_hand).code == "lender_is_borrower"


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("side", list(Side))
def test_the_entity_is_not_on_the_other_side(
    new_loan: NewLoanOf, acts: Acts, side: Side, by_hand: bool
) -> None:
    """A loan received that the entity lends, a loan issued that it borrows."""
    right = new_loan("L-1", side=side)
    turned = replace(right, lender=right.borrower, borrower=right.lender)
    refusal = refused(turned, acts(), by_hand=by_hand)
    assert refusal.code == "entity_on_other_side"
    assert refusal.facts["party"] == "Ile Owo Limited"


def test_a_loan_between_others_is_not_opened_by_hand(
    new_loan: NewLoanOf, branch: int, acts: Acts
) -> None:
    refusal = refused(replace(new_loan("L-1"), lender=branch), acts())
    assert refusal.code == "entity_not_party"
    assert (refusal.facts["party"], refusal.facts["entity"]) == (
        "Ile Owo Ibadan",
        "Ile Owo Limited",
    )


def test_a_file_may_call_the_entity_otherwise(new_loan: NewLoanOf, branch: int, acts: Acts) -> None:
    new = replace(new_loan("L-1"), lender=branch)
    assert services.open_loans(loans=[new], act=acts(), source="import:1") == 1


def test_a_branch_has_loans_of_its_own_and_none_with_its_head_office(
    new_loan: NewLoanOf, own: int, branch: int, acts: Acts
) -> None:
    assert set_belonging(party=branch, belongs_to_entity=True, act=acts())
    assert not set_belonging(party=branch, belongs_to_entity=True, act=acts())
    within = replace(new_loan("L-1"), lender=own, borrower=branch)
    assert refused(within, acts()).code == "lender_is_borrower"
    issued = replace(new_loan("L-1"), lender=branch)
    assert services.open_loan(new=issued, act=acts()) == "L-1"

    set_belonging(party=branch, belongs_to_entity=False, act=acts())
    with pytest.raises(services.EntityNotParty):
        services.open_loan(new=replace(issued, loan_number="L-2"), act=acts())


@pytest.mark.parametrize(
    ("name", "country", "is_entity"),
    [
        ("ILE OWO  LIMITED", "NG", True),
        ("Ile Owo Limited", "", True),
        ("Ile Owo Limited", "BJ", False),
    ],
)
def test_the_entity_is_known_by_its_name_and_country(
    new_loan: NewLoanOf, acts: Acts, name: str, country: str, is_entity: bool
) -> None:
    lender = find_or_add_party(name=name, country=country, kind="organisation", act=acts()).pk
    new = replace(new_loan("L-1"), lender=lender)
    if is_entity:
        assert services.open_loan(new=new, act=acts()) == "L-1"
    else:
        assert refused(new, acts()).code == "entity_not_party"


def test_a_party_nobody_knows_belongs_to_nobody(books: None, acts: Acts) -> None:
    with pytest.raises(PartyUnknown):
        set_belonging(party=404, belongs_to_entity=True, act=acts())
