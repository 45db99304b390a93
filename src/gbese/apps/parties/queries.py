"""Reads about parties, as typed rows."""

from __future__ import annotations

from collections.abc import Collection

from gbese.apps.parties.errors import PartyUnknown
from gbese.apps.parties.mapping import OwnNames, PartyPage, PartyRow
from gbese.apps.parties.models import Party
from gbese.apps.parties.names import folded

__all__ = [
    "OwnNames",
    "PartyPage",
    "PartyRow",
    "own_names",
    "own_parties",
    "party_choices",
    "party_names",
    "party_page",
]

_ASKED_AT_ONCE = 900


def party_names(pks: Collection[int]) -> dict[int, str]:
    """Names by primary key; a key nobody has is left out."""
    asked = sorted(set(pks))
    names: dict[int, str] = {}
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        some = asked[start : start + _ASKED_AT_ONCE]
        names.update(Party.objects.filter(pk__in=some).values_list("pk", "name"))
    return names


def party_choices(text: str, limit: int) -> tuple[PartyRow, ...]:
    """Parties whose name has these words anywhere, whatever their case and marks; by name."""
    found = Party.objects.order_by("folded_name", "pk")
    for word in folded(text).split():
        found = found.filter(folded_name__contains=word)
    return tuple(
        PartyRow(party.pk, party.name, party.kind, party.country) for party in found[:limit]
    )


def party_page(pk: int) -> PartyPage:
    """One party with its identifiers.

    Raises:
        PartyUnknown: there is no such party.
    """
    party = Party.objects.filter(pk=pk).first()
    if party is None:
        raise PartyUnknown(party=pk)
    identifiers = party.identifiers.order_by("scheme", "number").values_list("scheme", "number")
    return PartyPage(
        party.pk,
        party.name,
        party.kind,
        party.country,
        tuple(identifiers),
        party.belongs_to_entity,
    )


def own_names(*, entity_name: str, entity_country: str) -> OwnNames:
    """The names that stand for an entity: its own, and those of parties that belong to it."""
    marked = Party.objects.filter(belongs_to_entity=True).values_list("folded_name", "country")
    return OwnNames(frozenset({(folded(entity_name), entity_country), *marked}))


def own_parties(names: OwnNames) -> frozenset[int]:
    """The parties of these names, as far as they are in the books."""
    found = Party.objects.filter(folded_name__in=[name for name, _ in names.names])
    return frozenset(
        pk
        for pk, name, country in found.values_list("pk", "name", "country")
        if names.includes(name, country)
    )
