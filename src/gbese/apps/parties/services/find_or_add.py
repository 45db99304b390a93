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
    found = [known.find(new) or known.add(new) for new in parties]
    added = _store(known, act)
    if added:
        record_audit(
            act=act,
            what="parties.added",
            subject=f"party:{added[0].pk}",
            before={},
            after=_told(added),
        )
    return tuple(PartyRef(member.pk, member.name) for member in found)


@dataclass(slots=True, eq=False)
class _Member:
    """A party met so far; one that is new has no primary key yet."""

    pk: int
    name: str
    folded_name: str
    country: str
    kind: str
    numbers: dict[str, set[str]] = field(default_factory=dict)  # by scheme


_NOT_STORED = 0


@dataclass(slots=True)
class _Known:
    """The parties met so far, those of the database first."""

    by_identifier: dict[tuple[str, str], _Member] = field(default_factory=dict)
    by_name: defaultdict[tuple[str, str, str], list[_Member]] = field(
        default_factory=lambda: defaultdict(list)
    )
    added: list[_Member] = field(default_factory=list)
    learned: list[tuple[_Member, tuple[str, str]]] = field(default_factory=list)

    @classmethod
    def of(cls, parties: Sequence[NewParty]) -> _Known:
        """Those of the database that any of these could be, read in a few questions."""
        pks: set[int] = set()
        for scheme, numbers in _numbers_by_scheme(parties).items():
            for some in _portions(sorted(numbers)):
                rows = PartyIdentifier.objects.filter(scheme=scheme, number__in=some)
                pks.update(rows.values_list("party_id", flat=True))
        for some in _portions(sorted({folded(new.name) for new in parties})):
            pks.update(Party.objects.filter(folded_name__in=some).values_list("pk", flat=True))
        known = cls()
        for some_pks in _portions(sorted(pks)):
            found = Party.objects.filter(pk__in=some_pks).order_by("pk")
            members = {
                row[0]: _Member(*row)
                for row in found.values_list("pk", "name", "folded_name", "country", "kind")
            }
            for member in members.values():
                known._remember_name(member)
            identifiers = PartyIdentifier.objects.filter(party_id__in=some_pks)
            for pk, scheme, number in identifiers.values_list("party_id", "scheme", "number"):
                known._remember_number(members[pk], (scheme, number))
        return known

    def find(self, new: NewParty) -> _Member | None:
        for identifier in new.identifiers:
            if member := self.by_identifier.get(identifier):
                self._learn(member, new.identifiers)
                return member
        for member in self.by_name.get((folded(new.name), new.country, new.kind), ()):
            if _agrees(member, new.identifiers):
                self._learn(member, new.identifiers)
                return member
        return None

    def add(self, new: NewParty) -> _Member:
        name = " ".join(new.name.split())
        member = _Member(_NOT_STORED, name, folded(name), new.country, new.kind)
        self.added.append(member)
        self._remember_name(member)
        self._learn(member, new.identifiers)
        return member

    def _learn(self, member: _Member, identifiers: Iterable[tuple[str, str]]) -> None:
        for identifier in identifiers:
            if identifier not in self.by_identifier:
                self._remember_number(member, identifier)
                self.learned.append((member, identifier))

    def _remember_name(self, member: _Member) -> None:
        self.by_name[(member.folded_name, member.country, member.kind)].append(member)

    def _remember_number(self, member: _Member, identifier: tuple[str, str]) -> None:
        scheme, number = identifier
        self.by_identifier[identifier] = member
        member.numbers.setdefault(scheme, set()).add(number)


def _agrees(member: _Member, identifiers: Iterable[tuple[str, str]]) -> bool:
    """Whether the party has no other number where these name one."""
    return all(
        scheme not in member.numbers or number in member.numbers[scheme]
        for scheme, number in identifiers
    )


def _store(known: _Known, act: Act) -> Sequence[_Member]:
    """Write what is new; afterwards every member has its primary key."""
    rows = [
        Party(
            name=member.name,
            folded_name=member.folded_name,
            kind=member.kind,
            country=member.country,
            recorded_at=act.recorded_at,
            recorded_by=act.login,
        )
        for member in known.added
    ]
    Party.objects.bulk_create(rows, batch_size=_WRITTEN_AT_ONCE)
    for member, row in zip(known.added, rows, strict=True):
        member.pk = row.pk
    PartyIdentifier.objects.bulk_create(
        (
            PartyIdentifier(party_id=member.pk, scheme=scheme, number=number)
            for member, (scheme, number) in known.learned
        ),
        batch_size=_WRITTEN_AT_ONCE,
    )
    return known.added


def _numbers_by_scheme(parties: Iterable[NewParty]) -> Mapping[str, set[str]]:
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for new in parties:
        for scheme, number in new.identifiers:
            numbers[scheme].add(number)
    return numbers


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


def _told(added: Sequence[_Member]) -> dict[str, str]:
    if len(added) == 1:
        party = added[0]
        return {"name": party.name, "kind": party.kind, "country": party.country}
    return {"count": str(len(added)), "last": f"party:{added[-1].pk}"}


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _ASKED_AT_ONCE):
        yield items[start : start + _ASKED_AT_ONCE]
