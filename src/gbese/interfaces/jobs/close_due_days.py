"""Close every day that is over by the firm's clock; after a long sleep, day by day."""

from __future__ import annotations

import structlog

from gbese.apps.closing.services import close_what_is_over
from gbese.apps.identity.acts import Act
from gbese.interfaces.jobs import TimedJob

_log = structlog.stdlib.get_logger("gbese.jobs")


def close_due_days(act: Act) -> None:
    closed = close_what_is_over(act=act, progress=lambda _: None)
    if closed is not None:
        _log.info(
            "days_closed",
            to=closed.day.isoformat(),
            days=len(closed.days),
            findings=len(closed.findings),
        )


JOB = TimedJob("close-due-days", 60, close_due_days)
