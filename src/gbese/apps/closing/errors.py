"""What closing refuses."""

from __future__ import annotations

from gbese.core.errors import Refusal


class CloseBackwards(Refusal):
    """The day was closed before, and a later one since."""

    code = "close_backwards"


class CloseBeforeBooks(Refusal):
    """The day came before the first one these books were open on."""

    code = "close_before_books"


class CloseBeyondTomorrow(Refusal):
    """The day is after tomorrow: what happens on it is not known yet."""

    code = "close_beyond_tomorrow"
