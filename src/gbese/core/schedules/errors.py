"""What a schedule can refuse."""

from __future__ import annotations

from gbese.core.errors import Refusal


class ScheduleError(Refusal):
    """The terms cannot be turned into a schedule; `problem` is a stable word for why."""

    code = "schedule_error"
