"""Whether a loan stands on the side of the books that its parties say."""

from __future__ import annotations

from collections.abc import Collection

from gbese.apps.bookkeeping import queries as books
from gbese.apps.lending.errors import EntityNotParty, EntityOnOtherSide, LenderIsBorrower
from gbese.apps.lending.mapping import NewLoan
from gbese.apps.parties import queries as parties
from gbese.core.contracts.terms import Side


def own_parties() -> frozenset[int]:
    """The entity as a party, with its branches; empty as long as it is no party yet."""
    entity = books.entity()
    return parties.own_parties(
        parties.own_names(entity_name=entity.name, entity_country=entity.country)
    )


def require_two_parties(new: NewLoan, own: Collection[int]) -> None:
    """Check what every loan must hold to, also one from a file that does not know the entity.

    Raises:
        LenderIsBorrower: both are one party, or both are the entity.
        EntityOnOtherSide: the entity is on the side of the other.
    """
    own_party, other = _by_side(new)
    if own_party == other or (own_party in own and other in own):
        raise LenderIsBorrower(loan_number=new.loan_number, party=_name(other))
    if other in own:
        raise EntityOnOtherSide(loan_number=new.loan_number, side=new.side, party=_name(other))


def require_own_loan(new: NewLoan, own: Collection[int]) -> None:
    """Check that the entity lends a loan issued, or borrows a loan received.

    A file may call the entity by another name, as a lender's statement does; a person who opens
    one loan knows.

    Raises:
        EntityNotParty: the entity is neither of the two.
        LenderIsBorrower, EntityOnOtherSide: as `require_two_parties`.
    """
    require_two_parties(new, own)
    own_party, _ = _by_side(new)
    if own_party not in own:
        raise EntityNotParty(
            loan_number=new.loan_number,
            side=new.side,
            party=_name(own_party),
            entity=books.entity().name,
        )


def _by_side(new: NewLoan) -> tuple[int, int]:
    """The party whose books the loan is kept in, and the other one."""
    lender, borrower = new.lender, new.borrower
    return (borrower, lender) if new.side is Side.BORROWER else (lender, borrower)


def _name(party: int) -> str:
    return parties.party_names([party]).get(party, str(party))
