"""What is done to parties."""

from gbese.apps.parties.mapping import NewParty, PartyKind, PartyRef
from gbese.apps.parties.services.belonging import set_belonging
from gbese.apps.parties.services.find_or_add import find_or_add_parties, find_or_add_party

__all__ = [
    "NewParty",
    "PartyKind",
    "PartyRef",
    "find_or_add_parties",
    "find_or_add_party",
    "set_belonging",
]
