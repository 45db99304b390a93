"""Who does something, when, and through which door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Act:
    """One act of one person, as every record it leaves behind is stamped.

    Args:
        login: the user's; "system" for timed work.
        recorded_at: the moment it is recorded, with a time zone; not the value date.
        request_id: the same when the same request is sent again.
        channel: "web", "api", "cli", "import" or "job".
    """

    login: str
    recorded_at: datetime
    request_id: UUID
    channel: str
