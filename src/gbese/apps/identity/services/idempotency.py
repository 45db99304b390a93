from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection, transaction

from gbese.apps.identity.errors import IdempotencyKeyReused, RequestStillRunning
from gbese.apps.identity.models import IdempotentRequest

_NAMESPACE = UUID("5f1b7c1e-3a0c-4a52-8a43-2f2f6f0f8a11")

_running: set[UUID] = set()
_running_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with."""

    status: int
    content_type: str
    body: bytes
    is_repeated: bool = False


def request_id_of(*, login: str, route: str, key: str) -> UUID:
    """The id of a request: the same whenever one person sends one key to one route."""
    return uuid5(_NAMESPACE, f"{login}\n{route}\n{key}")


def answer_once(
    *,
    login: str,
    route: str,
    key: str,
    body: bytes,
    recorded_at: datetime,
    work: Callable[[], Answer],
) -> Answer:
    """Do the work and keep its answer, in one transaction; sent again, give the kept answer.

    A refusal raised by `work` undoes everything and keeps nothing, so that the corrected request
    may use the key again.

    Args:
        login: whose request it is; others may use the same key.
        route: method and pattern of the address, `POST /api/v1/loans`.
        key: the caller's, 1 to 255 characters.
        body: the request's own bytes; they must not change from one sending to the next.
        recorded_at: now.
        work: makes the effect and the answer.

    Raises:
        IdempotencyKeyReused: the key came with another body before.
        RequestStillRunning: the same request is being worked on right now.
    """
    body_digest = hashlib.sha256(body).hexdigest()
    request_id = request_id_of(login=login, route=route, key=key)
    with _only_one(request_id, key), transaction.atomic():
        _claim(request_id, key)
        kept = IdempotentRequest.objects.filter(login=login, route=route, key=key).first()
        if kept is not None:
            if kept.body_digest != body_digest:
                raise IdempotencyKeyReused(key=key)
            return Answer(kept.status, kept.content_type, bytes(kept.body), is_repeated=True)
        answer = work()
        IdempotentRequest.objects.create(
            login=login,
            route=route,
            key=key,
            body_digest=body_digest,
            status=answer.status,
            content_type=answer.content_type,
            body=answer.body,
            recorded_at=recorded_at,
        )
        return answer


@contextmanager
def _only_one(request_id: UUID, key: str) -> Iterator[None]:
    """Refuse the same request in another thread of this process."""
    with _running_lock:
        if request_id in _running:
            raise RequestStillRunning(key=key)
        _running.add(request_id)
    try:
        yield
    finally:
        with _running_lock:
            _running.discard(request_id)


def _claim(request_id: UUID, key: str) -> None:
    """Refuse the same request in another process.

    SQLite needs no claim: the transaction that writes is the only one, and the next finds the
    answer it kept.
    """
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(request_id.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise RequestStillRunning(key=key)
