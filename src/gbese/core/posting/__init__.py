"""Posting: what moved in a loan → balanced entries, by one table of rules for each side.

Comes in: differences of cumulative totals of a position, by component and cause, in minor units.
Goes out: journal entries. Each cause has one rule in `lending` (loans issued) and one in
`borrowing` (loans received), and the rule's docstring is its T-account. A negative difference
books the same lines in the opposite direction, so what is booked in steps is what the position
books at once: posting is linear.

Falling due books nothing: it moves a claim between analytics, not between accounts.
"""

from gbese.core.posting.booking import (
    Differences,
    entries_of,
    is_carried_forward,
    kind_of,
    ledger_movements,
)
from gbese.core.posting.changes import (
    booked,
    booked_by_close,
    entries_of_change,
    movements_recorded,
)
from gbese.core.posting.roles import NoPostingRule

__all__ = [
    "Differences",
    "NoPostingRule",
    "booked",
    "booked_by_close",
    "entries_of",
    "entries_of_change",
    "is_carried_forward",
    "kind_of",
    "ledger_movements",
    "movements_recorded",
]
