"""Rows of people and records ↔ the typed rows others read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gbese.apps.identity.audit import Link
from gbese.apps.identity.models import AuditRecord, User
from gbese.apps.identity.permissions import Right


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person with a login, as pages list them."""

    pk: int
    login: str
    full_name: str
    language: str
    role: str
    is_active: bool
    has_password: bool
    created_at: datetime
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the API, and what they may do there."""

    user_pk: int
    login: str
    role: str
    rights: frozenset[Right]
    token_pk: int | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token as its owner sees it: never the token itself."""

    pk: int
    login: str
    name: str
    role: str
    token_start: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One audit record; `before` and `after` are canonical text."""

    number: int
    recorded_at: datetime
    login: str
    request_id: UUID
    channel: str
    what: str
    subject: str
    before: str
    after: str
    previous_hash: str
    record_hash: str


def user_row(user: User) -> UserRow:
    return UserRow(
        pk=user.pk,
        login=user.login,
        full_name=user.full_name,
        language=user.language,
        role=user.role,
        is_active=user.is_active,
        has_password=user.has_usable_password(),
        created_at=user.created_at,
        last_login=user.last_login,
    )


def audit_row(record: AuditRecord) -> AuditRow:
    return AuditRow(
        number=record.number,
        recorded_at=record.recorded_at,
        login=record.login,
        request_id=record.request_id,
        channel=record.channel,
        what=record.what,
        subject=record.subject,
        before=record.before,
        after=record.after,
        previous_hash=record.previous_hash,
        record_hash=record.record_hash,
    )


def link(record: AuditRecord) -> Link:
    return Link(
        number=record.number,
        recorded_at=record.recorded_at,
        login=record.login,
        request_id=record.request_id,
        channel=record.channel,
        what=record.what,
        subject=record.subject,
        before=record.before,
        after=record.after,
        previous_hash=record.previous_hash,
    )
