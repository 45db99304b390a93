"""The chain of audit records: what is hashed, and how, so that anyone can check it elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

CHAIN = "audit"
FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What one audit record says; its hash covers every word of it."""

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

    def hash(self) -> str:
        """SHA-256, in hexadecimal, of the fields in this order as a JSON array of strings."""
        told = [
            str(self.number),
            self.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.login,
            str(self.request_id),
            self.channel,
            self.what,
            self.subject,
            self.before,
            self.after,
            self.previous_hash,
        ]
        return hashlib.sha256(_json(told).encode()).hexdigest()


def canonical(values: Mapping[str, str]) -> str:
    """Values by name as one text, always the same for the same values: JSON, names in order."""
    return _json(dict(values))


def values_of(text: str) -> dict[str, str]:
    """The values by name that `canonical` wrote."""
    read: dict[str, str] = json.loads(text)
    return read


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
