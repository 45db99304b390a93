"""The use cases of bookkeeping, and their refusals."""

from gbese.apps.bookkeeping.blocks import Block, BlockDamaged, PackedBlock, pack_blocks
from gbese.apps.bookkeeping.errors import (
    AccountUnmapped,
    AlreadyReversed,
    BooksAlreadySetUp,
    BooksNotSetUp,
    ChartUnknown,
    DayNotOpen,
    EarlierPeriodOpen,
    EntityFactInvalid,
    EntryUnknown,
    LaterPeriodClosed,
    PeriodClosed,
    PeriodNotOver,
    PeriodOpen,
    PostedOutsideBooks,
)
from gbese.apps.bookkeeping.mapping import SidesKept
from gbese.apps.bookkeeping.services.accounts import set_account_code
from gbese.apps.bookkeeping.services.day_end import set_day_end
from gbese.apps.bookkeeping.services.days import cut_day
from gbese.apps.bookkeeping.services.fiscal_periods import (
    close_fiscal_period,
    reopen_fiscal_period,
)
from gbese.apps.bookkeeping.services.posting import Summary, post, post_summaries, reverse_entry
from gbese.apps.bookkeeping.services.set_up import BooksStart, set_up_entity, usual_start

__all__ = [
    "AccountUnmapped",
    "AlreadyReversed",
    "Block",
    "BlockDamaged",
    "BooksAlreadySetUp",
    "BooksNotSetUp",
    "BooksStart",
    "ChartUnknown",
    "DayNotOpen",
    "EarlierPeriodOpen",
    "EntityFactInvalid",
    "EntryUnknown",
    "LaterPeriodClosed",
    "PackedBlock",
    "PeriodClosed",
    "PeriodNotOver",
    "PeriodOpen",
    "PostedOutsideBooks",
    "SidesKept",
    "Summary",
    "close_fiscal_period",
    "cut_day",
    "pack_blocks",
    "post",
    "post_summaries",
    "reopen_fiscal_period",
    "reverse_entry",
    "set_account_code",
    "set_day_end",
    "set_up_entity",
    "usual_start",
]
