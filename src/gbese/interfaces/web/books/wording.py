"""The words of the books: accounts, kinds of entries, steps, checks, and what closing refuses."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from gbese.apps.bookkeeping.queries import AccountRow, BlockRow
from gbese.core.closing import ClosingStep
from gbese.core.errors import Refusal
from gbese.core.ledger import AccountKey, EntryKind
from gbese.core.projections.rows import Cause
from gbese.interfaces.web.wording import refusal_text, word, word_refusals

word_refusals(
    {
        "close_backwards": _(
            "%(day)s was closed before. The books are open on %(open_day)s; close that day next."
        ),
        "close_beyond_tomorrow": _(
            "%(day)s is after tomorrow (today is %(today)s). A day is closed when it is over."
        ),
        "projection_unreadable": _(
            "The stored figures of this loan (version %(version)s) cannot be read. Restore them"
            " from a backup; the next close takes the loan back."
        ),
    }
)

ENTRY_KINDS: Mapping[EntryKind, str | Promise] = {
    EntryKind.OPENING: _("Opening balance"),
    EntryKind.DRAWDOWN: _("Drawdown"),
    EntryKind.ACCRUAL: _("Accrual"),
    EntryKind.CAPITALISATION: _("Capitalisation"),
    EntryKind.ADJUSTMENT: _("Adjustment"),
    EntryKind.WAIVER: _("Waiver"),
    EntryKind.REPAYMENT: _("Repayment"),
    EntryKind.WRITE_OFF: _("Write-off"),
    EntryKind.MANUAL: _("Manual entry"),
}

CAUSES: Mapping[Cause, str | Promise] = {
    Cause.OPENED: _("taken over"),
    Cause.DRAWN: _("drawn"),
    Cause.ACCRUED: _("accrued"),
    Cause.DUE: _("fallen due"),
    Cause.PAID: _("settled"),
    Cause.WAIVED: _("waived"),
    Cause.WRITTEN_OFF: _("written off"),
    Cause.CAPITALISED: _("capitalised"),
    Cause.WITHHELD: _("withheld"),
    Cause.ADJUSTED: _("adjusted"),
    Cause.RECEIVED: _("received"),
    Cause.REFUNDED: _("refunded"),
    Cause.RECOVERED: _("recovered"),
}

STEPS: Mapping[ClosingStep, str | Promise] = {
    ClosingStep.BOOK: _("Booking the day"),
    ClosingStep.READ: _("Bringing the lists up to date"),
}

CHECKS: Mapping[str, str | Promise] = {
    "journal": _("The journal: balance, numbers, chain"),
    "audit": _("The audit trail: chain"),
    "cuts": _("The days: sealed without a gap"),
    "summaries": _("Summary entries: the amounts behind each line"),
    "subledger": _("Each loan: booked is its position"),
    "projections": _("Each loan: what is derived from its facts"),
}

# The names of the shipped charts; an entity that renames an account keeps its own words.
SHIPPED_NAMES = (
    gettext_noop("Cash at bank"),
    gettext_noop("Borrowings, short-term"),
    gettext_noop("Borrowings, long-term"),
    gettext_noop("Current portion of long-term borrowings"),
    gettext_noop("Borrowings, effective interest adjustment"),
    gettext_noop("Interest payable"),
    gettext_noop("Fees payable"),
    gettext_noop("Penalties payable"),
    gettext_noop("Advance payments on borrowings"),
    gettext_noop("Interest expense"),
    gettext_noop("Other finance cost"),
    gettext_noop("Qualifying assets under construction"),
    gettext_noop("Loans issued, short-term"),
    gettext_noop("Loans issued, long-term"),
    gettext_noop("Loans issued, effective interest adjustment"),
    gettext_noop("Interest receivable"),
    gettext_noop("Fees receivable"),
    gettext_noop("Penalties receivable"),
    gettext_noop("Unallocated receipts"),
    gettext_noop("Loss allowance"),
    gettext_noop("Interest in suspense"),
    gettext_noop("Interest income"),
    gettext_noop("Fee income"),
    gettext_noop("Penalty income"),
    gettext_noop("Impairment loss"),
    gettext_noop("Impairment reversed"),
    gettext_noop("Recoveries of loans written off"),
    gettext_noop("Exchange gain"),
    gettext_noop("Exchange loss"),
    gettext_noop("Modification gain"),
    gettext_noop("Modification loss"),
    gettext_noop("Other income"),
    gettext_noop("Regulatory risk reserve"),
    gettext_noop("Wages payable"),
    gettext_noop("Memorandum accounts"),
    gettext_noop("Opening balances"),
)


def account_code(accounts: Mapping[AccountKey, AccountRow], key: AccountKey) -> str:
    """The code of an account in the entity's chart; its key where it has none."""
    return accounts[key].code if key in accounts else key.value


def account_name(accounts: Mapping[AccountKey, AccountRow], key: AccountKey) -> str:
    """The name of an account in the entity's chart, in the reader's language where shipped."""
    return gettext(accounts[key].name) if key in accounts else key.value


def entry_kind(kind: EntryKind) -> str:
    """A kind of entry in words."""
    return str(ENTRY_KINDS[kind])


def movement(block: BlockRow) -> str:
    """What moved in the loans behind a summary entry, in words."""
    cause = str(CAUSES[block.cause])
    if block.component is None:
        return gettext("Cash, %(cause)s") % {"cause": cause}
    component = word("component", block.component)
    return gettext("%(component)s, %(cause)s") % {"component": component, "cause": cause}


def finding(code: str, facts: Mapping[str, str]) -> str:
    """Why a loan was set aside, in the words of the refusal behind it."""
    refusal: Refusal = type("Found", (Refusal,), {"code": code})(**facts)
    return refusal_text(refusal)
