"""The audit trail: who did what, when, through which door, and the proof that it is whole."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from gbese.apps.identity import queries
from gbese.interfaces.api.operations import Area
from gbese.interfaces.api.schemas import Asked, Key, Limit, Moment, Search, Told

area = Area("Audit trail")


class AuditAsked(Asked):
    """Which records: of one thing (`loan:KZ-0007`), of one person, older than one."""

    subject: Search = ""
    login: Annotated[Search, Field(max_length=100)] = ""
    before_number: Key | None = None
    limit: Limit = 50


class RecordTold(Told):
    """One record; `before` and `after` are canonical text, and its hash covers it all."""

    number: int
    recorded_at: Moment
    login: str
    request_id: UUID
    channel: str
    what: str
    subject: str
    before: str
    after: str
    previous_hash: str
    record_hash: str


class RecordsTold(Told):
    """Records, the newest first; `next_before` asks for the next, null where there is none."""

    items: list[RecordTold]
    next_before: int | None


class AuditHeadTold(Told):
    """The last record: written down elsewhere, it proves that nothing before it changed."""

    number: int
    record_hash: str


@area.get("/audit-records", answers=RecordsTold)
def list_audit_records(request: HttpRequest, asked: Query[AuditAsked]) -> RecordsTold:
    """Audit records, the newest first."""
    rows = queries.audit_records(
        subject=asked.subject,
        login=asked.login,
        before_number=asked.before_number,
        limit=asked.limit + 1,
    )
    shown = rows[: asked.limit]
    more = shown[-1].number if len(rows) > asked.limit else None
    return RecordsTold(items=[RecordTold.model_validate(row) for row in shown], next_before=more)


@area.get("/audit-head", answers=AuditHeadTold)
def get_audit_head(request: HttpRequest) -> AuditHeadTold:
    """The last link of the audit trail."""
    return AuditHeadTold.model_validate(queries.audit_head())
