"""The audit trail, oldest record first, with everything its hashes are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from gbese.apps.identity import queries
from gbese.interfaces.cli.exports import Row

COLUMNS = (
    "number",
    "recorded_at",
    "login",
    "request_id",
    "channel",
    "what",
    "subject",
    "before",
    "after",
    "previous_hash",
    "record_hash",
)


def rows() -> Iterator[Row]:
    for record in queries.audit_trail():
        yield (
            str(record.number),
            record.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            record.login,
            str(record.request_id),
            record.channel,
            record.what,
            record.subject,
            record.before,
            record.after,
            record.previous_hash,
            record.record_hash,
        )
