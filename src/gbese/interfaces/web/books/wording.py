"""The words of the books: accounts, kinds of entries, steps, checks, and what closing refuses."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from gbese.apps.bookkeeping.queries import AccountRow, BlockRow
from gbese.core.closing import ClosingStep
from gbese.core.errors import Refusal
from gbese.core.ledger import AccountClass, AccountKey, EntryKind
from gbese.core.projections.rows import Cause
from gbese.interfaces.web.wording import refusal_text, word, word_refusals

word_refusals(
    {
        "close_backwards": _(
            "%(day)s was closed before. The books are open on %(open_day)s; close that day next."
        ),
        "close_before_books": _(
            "%(day)s lies before %(first_day)s, the first day these books were open. There is "
            "nothing to close."
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
    "projections": _("Each loan: its facts, and what is derived from them"),
    "people": _("People: their roles as the audit trail has them"),
}

# What each account is for. The shipped charts have these names, so they are told in the reader's
# language; an entity that renames an account keeps its own words.
PARTS: Mapping[AccountKey, str] = {
    AccountKey.CASH: gettext_noop("Cash at bank"),
    AccountKey.BORROWINGS_SHORT: gettext_noop("Borrowings, short-term"),
    AccountKey.BORROWINGS_LONG: gettext_noop("Borrowings, long-term"),
    AccountKey.BORROWINGS_CURRENT_PORTION: gettext_noop("Current portion of long-term borrowings"),
    AccountKey.BORROWINGS_ADJUSTMENT: gettext_noop("Borrowings, effective interest adjustment"),
    AccountKey.INTEREST_PAYABLE: gettext_noop("Interest payable"),
    AccountKey.FEES_PAYABLE: gettext_noop("Fees payable"),
    AccountKey.PENALTIES_PAYABLE: gettext_noop("Penalties payable"),
    AccountKey.ADVANCES_PAID: gettext_noop("Advance payments on borrowings"),
    AccountKey.INTEREST_EXPENSE: gettext_noop("Interest expense"),
    AccountKey.OTHER_FINANCE_COST: gettext_noop("Other finance cost"),
    AccountKey.QUALIFYING_ASSET: gettext_noop("Qualifying assets under construction"),
    AccountKey.LOANS_SHORT: gettext_noop("Loans issued, short-term"),
    AccountKey.LOANS_LONG: gettext_noop("Loans issued, long-term"),
    AccountKey.LOANS_ADJUSTMENT: gettext_noop("Loans issued, effective interest adjustment"),
    AccountKey.INTEREST_RECEIVABLE: gettext_noop("Interest receivable"),
    AccountKey.FEES_RECEIVABLE: gettext_noop("Fees receivable"),
    AccountKey.PENALTIES_RECEIVABLE: gettext_noop("Penalties receivable"),
    AccountKey.UNALLOCATED_RECEIPTS: gettext_noop("Unallocated receipts"),
    AccountKey.ALLOWANCE: gettext_noop("Loss allowance"),
    AccountKey.INTEREST_IN_SUSPENSE: gettext_noop("Interest in suspense"),
    AccountKey.INTEREST_INCOME: gettext_noop("Interest income"),
    AccountKey.FEE_INCOME: gettext_noop("Fee income"),
    AccountKey.PENALTY_INCOME: gettext_noop("Penalty income"),
    AccountKey.IMPAIRMENT: gettext_noop("Impairment loss"),
    AccountKey.IMPAIRMENT_REVERSED: gettext_noop("Impairment reversed"),
    AccountKey.RECOVERIES: gettext_noop("Recoveries of loans written off"),
    AccountKey.EXCHANGE_GAIN: gettext_noop("Exchange gain"),
    AccountKey.EXCHANGE_LOSS: gettext_noop("Exchange loss"),
    AccountKey.MODIFICATION_GAIN: gettext_noop("Modification gain"),
    AccountKey.MODIFICATION_LOSS: gettext_noop("Modification loss"),
    AccountKey.OTHER_INCOME: gettext_noop("Other income"),
    AccountKey.REGULATORY_RESERVE: gettext_noop("Regulatory risk reserve"),
    AccountKey.WAGES_PAYABLE: gettext_noop("Wages payable"),
    AccountKey.MEMORANDUM: gettext_noop("Memorandum accounts"),
    AccountKey.OPENING_BALANCES: gettext_noop("Opening balances"),
}

ACCOUNT_CLASSES: Mapping[AccountClass, str | Promise] = {
    AccountClass.ASSET: _("Assets"),
    AccountClass.LIABILITY: _("Liabilities"),
    AccountClass.EQUITY: _("Equity"),
    AccountClass.INCOME: _("Income"),
    AccountClass.EXPENSE: _("Expenses"),
    AccountClass.MEMO: _("Off the balance sheet"),
}


def part_name(key: AccountKey) -> str:
    """What an account is for, in the reader's language."""
    return gettext(PARTS[key])


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
