"""Reads about people, their rights and the audit trail, as typed rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from gbese.apps.identity import mapping
from gbese.apps.identity.audit import CHAIN, FIRST_HASH
from gbese.apps.identity.errors import UserUnknown
from gbese.apps.identity.mapping import AuditRow, Caller, TokenRow, UserRow
from gbese.apps.identity.models import ApiToken, AuditRecord, ChainHead, User
from gbese.apps.identity.permissions import Open, Right, rights_of, table

__all__ = [
    "AuditFilter",
    "AuditHead",
    "AuditRow",
    "BrokenRecord",
    "Caller",
    "Person",
    "TokenRow",
    "UserRow",
    "api_tokens",
    "audit_head",
    "audit_records",
    "audit_trail",
    "first_broken_record",
    "has_users",
    "logins_unlike_audit",
    "may",
    "may_open",
    "rights",
    "user",
    "users",
]


class Person(Protocol):
    """Whoever asks: a user, or nobody (who is not active and has no role)."""

    @property
    def is_active(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last audit record: written down elsewhere, it proves that nothing before it changed."""

    number: int
    record_hash: str


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """The first audit record that is not as it was written.

    `code` is `number_missing`, `previous_hash_differs`, `record_hash_differs`,
    `recorded_at_decreases` or `head_differs`.
    """

    number: int
    code: str


_CHANGES_OF_PEOPLE = ("user.created", "user.role_changed", "user.activated", "user.deactivated")


def rights(person: Person) -> frozenset[Right]:
    """What a person may do; somebody kept out, or not signed in, may do nothing."""
    return rights_of(getattr(person, "role", "")) if person.is_active else frozenset()


def may(person: Person, right: Right) -> bool:
    """Whether a person may do this."""
    return right in rights(person)


def may_open(person: Person, page: str) -> bool:
    """Whether a person may open the page of this route name; an unlisted page is nobody's."""
    asked = table().pages.get(page)
    if asked is Open.EVERYBODY:
        return True
    if asked is Open.SIGNED_IN:
        return person.is_active
    return asked is not None and may(person, Right(asked))


def has_users() -> bool:
    """Whether the first start is over."""
    return User.objects.exists()


def user(login: str) -> UserRow:
    """One person.

    Raises:
        UserUnknown: nobody has this login.
    """
    found = User.objects.filter(login=login.casefold()).first()
    if found is None:
        raise UserUnknown(login=login)
    return mapping.user_row(found)


def users() -> tuple[UserRow, ...]:
    """Everybody with a login, by login."""
    return tuple(mapping.user_row(found) for found in User.objects.order_by("login"))


def api_tokens(login: str | None = None) -> tuple[TokenRow, ...]:
    """The tokens of one person, or of all, newest first; ended ones too."""
    found = ApiToken.objects.select_related("user").order_by("-pk")
    return tuple(
        TokenRow(
            pk=token.pk,
            login=token.user.login,
            name=token.name,
            role=token.role,
            token_start=token.token_start,
            made_at=token.made_at,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
            last_used_at=token.last_used_at,
        )
        for token in (found if login is None else found.filter(user__login=login))
    )


def audit_head() -> AuditHead:
    """The last link of the audit trail."""
    head = ChainHead.objects.get(chain=CHAIN)
    return AuditHead(head.number, head.record_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which records; what is empty or None does not narrow them.

    `subjects` are things as the records name them, `loan:KZ-0007`; `recorded_from` is the first
    moment that counts, `recorded_before` the first that does not.
    """

    subjects: tuple[str, ...] = ()
    login: str = ""
    what: str = ""
    recorded_from: datetime | None = None
    recorded_before: datetime | None = None


def audit_records(
    *,
    subject: str = "",
    login: str = "",
    chosen: AuditFilter | None = None,
    before_number: int | None = None,
    limit: int | None,
) -> tuple[AuditRow, ...]:
    """Audit records, newest first.

    Args:
        subject: only of this thing, `loan:KZ-0007`; empty is all.
        login: only of this person; empty is all.
        chosen: a whole filter, in place of these two.
        before_number: only older than this one; None starts at the newest.
        limit: at most so many; None is all.
    """
    subjects = (subject,) if subject else ()
    found = _chosen(chosen or AuditFilter(subjects=subjects, login=login))
    if before_number is not None:
        found = found.filter(number__lt=before_number)
    return tuple(mapping.audit_row(record) for record in found[:limit])


def _chosen(chosen: AuditFilter) -> QuerySet[AuditRecord]:
    found = AuditRecord.objects.order_by("-number")
    if chosen.subjects:
        found = found.filter(subject__in=chosen.subjects)
    if chosen.login:
        found = found.filter(login=chosen.login)
    if chosen.what:
        found = found.filter(what=chosen.what)
    if chosen.recorded_from is not None:
        found = found.filter(recorded_at__gte=chosen.recorded_from)
    if chosen.recorded_before is not None:
        found = found.filter(recorded_at__lt=chosen.recorded_before)
    return found


def audit_trail() -> Iterator[AuditRow]:
    """The whole trail, oldest first, without holding it in memory."""
    for record in AuditRecord.objects.order_by("number").iterator(chunk_size=2000):
        yield mapping.audit_row(record)


def first_broken_record() -> BrokenRecord | None:
    """Walk the audit trail from its first record; None when every link holds."""
    number, previous, recorded_at = 0, FIRST_HASH, None
    for record in AuditRecord.objects.order_by("number").iterator(chunk_size=2000):
        number += 1
        if record.number != number:
            return BrokenRecord(number, "number_missing")
        if record.previous_hash != previous:
            return BrokenRecord(number, "previous_hash_differs")
        if record.record_hash != mapping.link(record).hash():
            return BrokenRecord(number, "record_hash_differs")
        if recorded_at is not None and record.recorded_at < recorded_at:
            return BrokenRecord(number, "recorded_at_decreases")
        previous, recorded_at = record.record_hash, record.recorded_at
    if audit_head() != AuditHead(number, previous):
        return BrokenRecord(number, "head_differs")
    return None


def logins_unlike_audit() -> Iterator[str]:
    """Who has another role or way in than the audit trail gave them; who is gone, or came past it.

    Logins in their order.
    """
    told: dict[str, tuple[str, bool]] = {}
    changes = AuditRecord.objects.filter(what__in=_CHANGES_OF_PEOPLE).order_by("number")
    for subject, after in changes.values_list("subject", "after").iterator(chunk_size=2000):
        login, given = subject.removeprefix("user:"), json.loads(after)
        role, is_active = told.get(login, ("", True))
        told[login] = (
            given.get("role", role),
            given.get("is_active", str(is_active).lower()) == "true",
        )
    kept = {
        login: (role, is_active)
        for login, role, is_active in User.objects.values_list("login", "role", "is_active")
    }
    yield from sorted(
        login for login in told.keys() | kept.keys() if told.get(login) != kept.get(login)
    )
