"""Current or non-current: whether a borrower has the right to pay later than within a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gbese.core.status.term import twelve_months_after


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferralFacts:
    """What decides the class of one debt at a reporting date; what is unknown then is no fact.

    A breach of a covenant counts from the day it must be complied with, even where it is tested
    later. Only what the lender agreed to on or before the reporting date counts.
    """

    due_date: date | None  # None is repayable on demand
    repayable_since: date | None = None  # a breach has made it repayable on demand
    grace_agreed_on: date | None = None
    grace_until: date | None = None
    may_roll_over_until: date | None = None  # under a facility that exists
    roll_over_agreed_on: date | None = None


def is_current(facts: DeferralFacts, *, on: date) -> bool:
    """Whether the debt is current: no right, at the reporting date, to defer it twelve months.

    Source: IAS 1, 69(d) and 72A to 76ZA; IFRS 18, 101(d) and B96 to B103.
    """
    horizon = twelve_months_after(on)
    if facts.repayable_since is not None and facts.repayable_since <= on:
        return not _agreed_beyond(facts.grace_agreed_on, facts.grace_until, on, horizon)
    if facts.due_date is None:
        return True
    if facts.due_date > horizon:
        return False
    return not _agreed_beyond(facts.roll_over_agreed_on, facts.may_roll_over_until, on, horizon)


def _agreed_beyond(agreed_on: date | None, until: date | None, on: date, horizon: date) -> bool:
    """Whether by the reporting date a later payment was agreed, at least twelve months away."""
    return agreed_on is not None and until is not None and agreed_on <= on and until >= horizon
