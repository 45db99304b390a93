from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.parties import locks
from gbese.apps.parties.errors import (
    CountryMalformed,
    PartyKindUnknown,
    PartyNameMissing,
    PartyNameTooLong,
)
from gbese.apps.parties.mapping import NewParty, PartyKind, PartyRef
from gbese.apps.parties.models import Party, PartyIdentifier
from gbese.apps.parties.names import folded

_LONGEST_NAME = 300
_ASKED_AT_ONCE = 900  # SQLite takes 999 values in one question
_WRITTEN_AT_ONCE = 2_000

T = TypeVar("T")


@transaction.atomic
def find_or_add_party(
    *,
    name: str,
    country: str,
    kind: str,
    act: Act,
    identifiers: tuple[tuple[str, str], ...] = (),
) -> PartyRef:
    """The party of this identifier, else of this name, country and kind; added when there is none.

    Raises:
        PartyNameMissing, PartyNameTooLong, PartyKindUnknown, CountryMalformed: it cannot be kept.
    """
    new = NewParty(name=name, kind=kind, country=country, identifiers=identifiers)
    return find_or_add_parties(parties=[new], act=act)[0]


@transaction.atomic
def find_or_add_parties(*, parties: Sequence[NewParty], act: Act) -> tuple[PartyRef, ...]:
    """Each party found, or added when there is none; one answer for each, in the same order.

    A party is found by any of its identifiers, whatever its name has become. Without a known
    identifier it is found by name, country and kind, unless the one of that name has another number
    in the same scheme: then they are two. Identifiers not known before are added to what is found.

    Raises:
        PartyNameMissing, PartyNameTooLong, PartyKindUnknown, CountryMalformed: one cannot be kept;
            none is added then.
    """
    for number, new in enumerate(parties, start=1):
        _require_sound(new, number)
    locks.adding()
    known = _Known.of(parties)
    found = [known.find(new) or known.add(new, act) for new in parties]
    Party.objects.bulk_create(known.added, batch_size=_WRITTEN_AT_ONCE)
    PartyIdentifier.objects.bulk_create(known.new_identifiers(), batch_size=_WRITTEN_AT_ONCE)
    if known.added:
        record_audit(
            act=act,
            what="parties.added",
            subject=f"party:{known.added[0].pk}",
            before={},
            after=_told(known.added),
        )
    return tuple(PartyRef(party.pk, party.name) for party in found)


@dataclass(slots=True)
class _Known:
    """The parties met so far, those of the database first."""

    by_identifier: dict[tuple[str, str], Party] = field(default_factory=dict)
    by_name: defaultdict[tuple[str, str, str], list[Party]] = field(
        default_factory=lambda: defaultdict(list)
    )
    numbers: defaultdict[int, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # by the identity of the party, its numbers by scheme
    added: list[Party] = field(default_factory=list)
    learned: list[tuple[Party, tuple[str, str]]] = field(default_factory=list)

    @classmethod
    def of(cls, parties: Sequence[NewParty]) -> _Known:
        known = cls()
        by_pk: dict[int, Party] = {}
        numbers = {number for new in parties for _, number in new.identifiers}
        for some in _portions(sorted(numbers)):
            for row in PartyIdentifier.objects.filter(number__in=some).select_related("party"):
                by_pk.setdefault(row.party_id, row.party)
        for some in _portions(sorted({folded(new.name) for new in parties})):
            for party in Party.objects.filter(folded_name__in=some).order_by("pk"):
                by_pk.setdefault(party.pk, party)
        for pk in sorted(by_pk):
            known._remember_name(by_pk[pk])
        for pks in _portions(sorted(by_pk)):
            for row in PartyIdentifier.objects.filter(party_id__in=pks):
                known._remember_number(by_pk[row.party_id], (row.scheme, row.number))
        return known

    def find(self, new: NewParty) -> Party | None:
        for identifier in new.identifiers:
            if party := self.by_identifier.get(identifier):
                self._learn(party, new.identifiers)
                return party
        for party in self.by_name[(folded(new.name), new.country, new.kind)]:
            if self._agrees(party, new.identifiers):
                self._learn(party, new.identifiers)
                return party
        return None

    def add(self, new: NewParty, act: Act) -> Party:
        party = Party(
            name=" ".join(new.name.split()),
            folded_name=folded(new.name),
            kind=new.kind,
            country=new.country,
            recorded_at=act.recorded_at,
            recorded_by=act.login,
        )
        self.added.append(party)
        self._remember_name(party)
        self._learn(party, new.identifiers)
        return party

    def new_identifiers(self) -> Iterator[PartyIdentifier]:
        for party, (scheme, number) in self.learned:
            yield PartyIdentifier(party=party, scheme=scheme, number=number)

    def _agrees(self, party: Party, identifiers: Iterable[tuple[str, str]]) -> bool:
        """Whether the party has no other number where these name one."""
        numbers: Mapping[str, set[str]] = self.numbers[id(party)]
        return all(
            scheme not in numbers or number in numbers[scheme] for scheme, number in identifiers
        )

    def _learn(self, party: Party, identifiers: Iterable[tuple[str, str]]) -> None:
        for identifier in identifiers:
            if identifier not in self.by_identifier:
                self._remember_number(party, identifier)
                self.learned.append((party, identifier))

    def _remember_name(self, party: Party) -> None:
        self.by_name[(party.folded_name, party.country, party.kind)].append(party)

    def _remember_number(self, party: Party, identifier: tuple[str, str]) -> None:
        scheme, number = identifier
        self.by_identifier[identifier] = party
        self.numbers[id(party)].setdefault(scheme, set()).add(number)


def _require_sound(new: NewParty, row: int) -> None:
    if not folded(new.name):
        raise PartyNameMissing(row=row)
    if len(new.name) > _LONGEST_NAME:
        raise PartyNameTooLong(name=new.name, most=_LONGEST_NAME)
    if new.kind not in set(PartyKind):
        raise PartyKindUnknown(kind=new.kind, kinds=tuple(PartyKind))
    if new.country and not (
        len(new.country) == 2 and new.country.isascii() and new.country.isupper()
    ):
        raise CountryMalformed(country=new.country)


def _told(added: Sequence[Party]) -> dict[str, str]:
    if len(added) == 1:
        party = added[0]
        return {"name": party.name, "kind": party.kind, "country": party.country}
    return {"count": str(len(added)), "last": f"party:{added[-1].pk}"}


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _ASKED_AT_ONCE):
        yield items[start : start + _ASKED_AT_ONCE]
