"""What bookkeeping refuses."""

from __future__ import annotations

from gbese.core.errors import Refusal


class BooksNotSetUp(Refusal):
    """There is no entity yet whose books could be kept."""

    code = "books_not_set_up"


class BooksAlreadySetUp(Refusal):
    """This installation has its entity."""

    code = "books_already_set_up"


class ChartUnknown(Refusal):
    """No chart of accounts of that name is shipped."""

    code = "chart_unknown"


class EntityFactInvalid(Refusal):
    """A fact of the entity is out of its range: month, hour, time zone, country, currency."""

    code = "entity_fact_invalid"


class AccountUnmapped(Refusal):
    """An entry moves an account that has no code in the entity's chart."""

    code = "account_unmapped"


class PeriodClosed(Refusal):
    """The fiscal period takes no entries any more."""

    code = "period_closed"


class PeriodOpen(Refusal):
    """The fiscal period was not closed, so it cannot be reopened."""

    code = "period_open"


class PeriodNotOver(Refusal):
    """The fiscal period has a day that is not cut yet."""

    code = "period_not_over"


class EarlierPeriodOpen(Refusal):
    """Fiscal periods are closed in order; an earlier one is open."""

    code = "earlier_period_open"


class LaterPeriodClosed(Refusal):
    """Fiscal periods are reopened from the last; a later one is closed."""

    code = "later_period_closed"


class PostedOutsideBooks(Refusal):
    """The posting date is before the first day of the books or after the open day."""

    code = "posted_outside_books"


class DayNotOpen(Refusal):
    """The day to be cut is not the open day."""

    code = "day_not_open"


class EntryUnknown(Refusal):
    """No entry has this number."""

    code = "entry_unknown"


class AlreadyReversed(Refusal):
    """The entry was turned round before."""

    code = "already_reversed"
