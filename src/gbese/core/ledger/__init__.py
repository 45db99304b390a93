"""The general ledger: account keys, balanced entries, fiscal periods, trial balance.

Comes in: amounts of money with a direction. Goes out: entries that balance in every currency, and
the sums of them. A key is the part an account plays (cash, loans, interest receivable); each
entity maps keys to the codes of its chart of accounts. The ledger knows nothing of loans:
`core.posting` is the only place that knows both.
"""

from gbese.core.ledger.accounts import AccountClass, AccountKey
from gbese.core.ledger.booking_points import (
    BookingPoint,
    ValueDateAfterOpenDay,
    booking_points,
)
from gbese.core.ledger.entries import (
    AnalysisNotBooked,
    Direction,
    EntryKind,
    JournalEntry,
    Line,
    UnbalancedEntry,
    credit,
    debit,
    journal_entry,
    reversal,
)
from gbese.core.ledger.fiscal_periods import (
    FiscalPeriod,
    fiscal_period_of,
    fiscal_year_start,
    period_ends_between,
)
from gbese.core.ledger.trial_balance import TrialBalance, TrialBalanceRow, Turnover, trial_balance

__all__ = [
    "AccountClass",
    "AccountKey",
    "AnalysisNotBooked",
    "BookingPoint",
    "Direction",
    "EntryKind",
    "FiscalPeriod",
    "JournalEntry",
    "Line",
    "TrialBalance",
    "TrialBalanceRow",
    "Turnover",
    "UnbalancedEntry",
    "ValueDateAfterOpenDay",
    "booking_points",
    "credit",
    "debit",
    "fiscal_period_of",
    "fiscal_year_start",
    "journal_entry",
    "period_ends_between",
    "reversal",
    "trial_balance",
]
