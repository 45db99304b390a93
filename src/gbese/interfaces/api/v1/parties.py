"""The people and organisations that lend, borrow and guarantee."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field, StringConstraints

from gbese.apps.parties import queries, services
from gbese.apps.parties.services import PartyKind
from gbese.interfaces.api.operations import Area, Keyed, api_act
from gbese.interfaces.api.schemas import (
    Asked,
    Key,
    Listed,
    Paged,
    Search,
    Text60,
    Text120,
    Text300,
    Told,
    listed,
)

area = Area("Parties")

Country = Annotated[str, StringConstraints(strict=True, pattern=r"^([A-Z]{2})?$")]


class PartiesAsked(Paged):
    """Words of the name, whatever their case and marks."""

    text: Search = ""


class IdentifierAsked(Asked):
    """A number that names a party in some register."""

    scheme: Text60
    number: Text120


class NewPartyAsked(Asked):
    """A party: found by an identifier, else by name, country and kind; else added."""

    name: Text300
    kind: PartyKind
    country: Country = Field(default="", description="ISO 3166-1; empty is not known.")
    identifiers: Annotated[list[IdentifierAsked], Field(max_length=20)] = []


class BelongingAsked(Asked):
    """Whether a party is the entity under another name: a branch, a head office."""

    belongs_to_entity: bool


class PartyTold(Told):
    """A party of a list."""

    pk: int
    name: str
    kind: PartyKind
    country: str


class IdentifierTold(Told):
    """A number of a party."""

    scheme: str
    number: str


class PartyPageTold(PartyTold):
    """A party with its numbers."""

    identifiers: list[IdentifierTold]
    belongs_to_entity: bool = Field(
        description="It is the entity itself, or a branch: its loans are loans of these books."
    )


@area.get("/parties", answers=Listed[PartyTold])
def list_parties(request: HttpRequest, asked: Query[PartiesAsked]) -> Listed[PartyTold]:
    """Parties by name."""
    rows = queries.party_choices(asked.text, asked.offset + asked.limit + 1)
    return listed(rows[asked.offset :], asked, PartyTold)


@area.post("/parties", answers=PartyPageTold, status=201, keyed=Keyed.ONE_TRANSACTION)
def add_party(request: HttpRequest, body: NewPartyAsked) -> PartyPageTold:
    """Find a party, or add it where there is none."""
    found = services.find_or_add_party(
        name=body.name,
        country=body.country,
        kind=body.kind,
        identifiers=tuple((one.scheme, one.number) for one in body.identifiers),
        act=api_act(request),
    )
    return _party(found.pk)


@area.get("/parties/{party}", answers=PartyPageTold)
def get_party(request: HttpRequest, party: Key) -> PartyPageTold:
    """One party with the numbers others know it by."""
    return _party(party)


@area.post("/parties/{party}/belonging", answers=PartyPageTold, keyed=Keyed.ONE_TRANSACTION)
def set_party_belonging(request: HttpRequest, party: Key, body: BelongingAsked) -> PartyPageTold:
    """Say whether a party belongs to the entity, so that its loans can be kept in these books."""
    services.set_belonging(
        party=party, belongs_to_entity=body.belongs_to_entity, act=api_act(request)
    )
    return _party(party)


def _party(pk: int) -> PartyPageTold:
    page = queries.party_page(pk)
    return PartyPageTold(
        pk=page.pk,
        name=page.name,
        kind=PartyKind(page.kind),
        country=page.country,
        identifiers=[
            IdentifierTold(scheme=scheme, number=number) for scheme, number in page.identifiers
        ],
        belongs_to_entity=page.belongs_to_entity,
    )
