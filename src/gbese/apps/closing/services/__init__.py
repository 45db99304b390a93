"""The use cases of closing, and their refusals."""

from gbese.apps.closing.errors import CloseBackwards, CloseBeforeBooks, CloseBeyondTomorrow
from gbese.apps.closing.services.close import (
    ClosedTo,
    Progress,
    close_to,
    close_what_is_over,
)

__all__ = [
    "CloseBackwards",
    "CloseBeforeBooks",
    "CloseBeyondTomorrow",
    "ClosedTo",
    "Progress",
    "close_to",
    "close_what_is_over",
]
