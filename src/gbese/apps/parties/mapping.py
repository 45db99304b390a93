"""Rows of parties ↔ the values others read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gbese.apps.parties.names import folded


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class PartyRef:
    """A party that is in the books."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """A party as a file or a form names it.

    Args:
        name: as written.
        kind: a `PartyKind`.
        country: ISO 3166-1 alpha-2; empty is unknown.
        identifiers: (scheme, number); a pair names one party for ever, whatever its name becomes.
    """

    name: str
    kind: str = PartyKind.ORGANISATION
    country: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The names and countries that stand for the entity itself: its own, and its branches'."""

    names: frozenset[tuple[str, str]]  # folded name, country

    def includes(self, name: str, country: str) -> bool:
        """Whether a party of this name is the entity; a country that is not known fits any."""
        bare = folded(name)
        return any(
            own_name == bare and (not country or not own_country or own_country == country)
            for own_name, own_country in self.names
        )


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party as lists and choices show it."""

    pk: int
    name: str
    kind: str
    country: str


@dataclass(frozen=True, slots=True)
class PartyPage:
    """A party with the numbers others know it by."""

    pk: int
    name: str
    kind: str
    country: str
    identifiers: tuple[tuple[str, str], ...]
    belongs_to_entity: bool
