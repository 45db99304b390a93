"""What a posting of a progressive loan is in a lender's books, one line an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gbese.core.contracts.progressive import Owed
from gbese.core.servicing.progressive.postings import Posting, PostingKind


class ProgressiveRole(StrEnum):
    """What an account is used for."""

    FUND_SOURCE = "fund_source"
    LOANS = "loan_portfolio"
    OVERPAYMENT = "overpayment_liability"
    INTEREST_RECEIVABLE = "interest_receivable"
    FEE_RECEIVABLE = "fee_receivable"
    PENALTY_RECEIVABLE = "penalty_receivable"
    INTEREST_INCOME = "interest_income"
    FEE_INCOME = "fee_income"
    PENALTY_INCOME = "penalty_income"
    GOODWILL_EXPENSE = "goodwill_expense"
    GOODWILL_INTEREST = "goodwill_interest_income"
    GOODWILL_FEE = "goodwill_fee_income"
    GOODWILL_PENALTY = "goodwill_penalty_income"
    WRITE_OFF_EXPENSE = "write_off_expense"
    CHARGE_OFF_EXPENSE = "chargeoff_expense"
    CHARGE_OFF_FRAUD = "chargeoff_fraud_expense"
    CHARGE_OFF_INTEREST = "chargeoff_interest_income"
    CHARGE_OFF_FEE = "chargeoff_fee_income"
    CHARGE_OFF_PENALTY = "chargeoff_penalty_income"
    RECOVERY = "recovery_income"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A debit or a credit of an account, in minor units; the other is zero."""

    account: str
    debit: int
    credit: int


_R = ProgressiveRole
_CLAIMS = {
    Owed.PRINCIPAL: _R.LOANS,
    Owed.INTEREST: _R.INTEREST_RECEIVABLE,
    Owed.FEE: _R.FEE_RECEIVABLE,
    Owed.PENALTY: _R.PENALTY_RECEIVABLE,
}
_INCOME = {
    Owed.INTEREST: _R.INTEREST_INCOME,
    Owed.FEE: _R.FEE_INCOME,
    Owed.PENALTY: _R.PENALTY_INCOME,
}
_CHARGED_OFF = {
    Owed.PRINCIPAL: _R.CHARGE_OFF_EXPENSE,
    Owed.INTEREST: _R.CHARGE_OFF_INTEREST,
    Owed.FEE: _R.CHARGE_OFF_FEE,
    Owed.PENALTY: _R.CHARGE_OFF_PENALTY,
}
_REFUNDS = {PostingKind.MERCHANT_ISSUED_REFUND, PostingKind.PAYOUT_REFUND}
_GOODWILL = {
    Owed.PRINCIPAL: _R.GOODWILL_EXPENSE,
    Owed.INTEREST: _R.GOODWILL_INTEREST,
    Owed.FEE: _R.GOODWILL_FEE,
    Owed.PENALTY: _R.GOODWILL_PENALTY,
}


def account_lines(
    posting: Posting,
    accounts: Mapping[ProgressiveRole, str],
    expense_by_reason: Mapping[str, str] | None = None,
) -> tuple[AccountLine, ...]:
    """The lines of a posting; of one that was undone, with those that turn it round.

    Args:
        posting: a fact and the parts it moved.
        accounts: the account of each role; several roles may share one.
        expense_by_reason: the account of what is charged off, where its reason has one.
    """
    if (expense := (expense_by_reason or {}).get(posting.reason)) is not None:
        of_reason = dict.fromkeys((_R.CHARGE_OFF_EXPENSE, _R.CHARGE_OFF_FRAUD), expense)
        accounts = {**accounts, **of_reason}
    debits: dict[str, int] = {}
    credited: dict[str, int] = {}
    for role, amount in _debits(posting):
        debits[accounts[role]] = debits.get(accounts[role], 0) + amount
    for role, amount in _credits(posting):
        credited[accounts[role]] = credited.get(accounts[role], 0) + amount
    lines = [AccountLine(account, amount, 0) for account, amount in debits.items() if amount]
    lines += [AccountLine(account, 0, amount) for account, amount in credited.items() if amount]
    if posting.is_reverted:
        lines += [AccountLine(line.account, line.credit, line.debit) for line in lines]
    return tuple(lines)


def _debits(posting: Posting) -> list[tuple[ProgressiveRole, int]]:  # noqa: PLR0911 - one a kind
    parts = posting.parts
    match posting.kind:
        case PostingKind.DISBURSEMENT:
            lent = posting.amount - posting.overpaid
            return [(_R.LOANS, lent), (_R.OVERPAYMENT, posting.overpaid)]
        case PostingKind.CHARGEBACK | PostingKind.CREDIT_BALANCE_REFUND:
            back = posting.amount - sum(parts.values())
            claims = [(_CLAIMS[owed], amount) for owed, amount in parts.items()]
            return [*claims, (_R.OVERPAYMENT, max(back, 0))]
        case PostingKind.ACCRUAL:
            return [(_CLAIMS[owed], parts[owed]) for owed in _INCOME]
        case PostingKind.ACCRUAL_ADJUSTMENT | PostingKind.CHARGE_ADJUSTMENT:
            return [(role, parts[owed]) for owed, role in _INCOME.items()]
        case PostingKind.INTEREST_PAYMENT_WAIVER | PostingKind.INTEREST_REFUND:
            return [(_R.INTEREST_INCOME, posting.amount)]
        case PostingKind.GOODWILL_CREDIT:
            goodwill = [(_GOODWILL[owed], amount) for owed, amount in parts.items()]
            return [*goodwill, (_R.GOODWILL_EXPENSE, posting.overpaid)]
        case PostingKind.WRITE_OFF:
            return [(_R.WRITE_OFF_EXPENSE, posting.amount)]
        case PostingKind.CHARGE_OFF:
            return _charged_off(posting)
        case PostingKind.CHARGE_WAIVER | PostingKind.ACCRUAL_ACTIVITY:
            return []
        case _:
            return [(_R.FUND_SOURCE, posting.amount)]


def _credits(posting: Posting) -> list[tuple[ProgressiveRole, int]]:
    parts = posting.parts
    match posting.kind:
        case PostingKind.DISBURSEMENT | PostingKind.CHARGEBACK | PostingKind.CREDIT_BALANCE_REFUND:
            return [(_R.FUND_SOURCE, posting.amount)]
        case PostingKind.ACCRUAL:
            return [(role, parts[owed]) for owed, role in _INCOME.items()]
        case PostingKind.ACCRUAL_ADJUSTMENT:
            return [(_CLAIMS[owed], parts[owed]) for owed in _INCOME]
        case PostingKind.CHARGE_WAIVER | PostingKind.ACCRUAL_ACTIVITY:
            return []
        case _ if posting.is_recovery and posting.kind in _REFUNDS:
            return [*_charged_off(posting), (_R.OVERPAYMENT, posting.overpaid)]
        case _ if posting.is_recovery:
            return [(_R.RECOVERY, sum(parts.values())), (_R.OVERPAYMENT, posting.overpaid)]
        case _:
            claims = [(_CLAIMS[owed], amount) for owed, amount in parts.items()]
            return [*claims, (_R.OVERPAYMENT, posting.overpaid)]


def _charged_off(posting: Posting) -> list[tuple[ProgressiveRole, int]]:
    """Principal is an expense of its own where the loan is a fraud; the rest turns income round."""
    lines = [(_CHARGED_OFF[owed], amount) for owed, amount in posting.parts.items()]
    if not posting.is_fraud:
        return lines
    return [
        (_R.CHARGE_OFF_FRAUD if role is _R.CHARGE_OFF_EXPENSE else role, amount)
        for role, amount in lines
    ]
