"""The parts accounts play. Codes and names are a mapping of each legal entity."""

from __future__ import annotations

from enum import StrEnum


class AccountClass(StrEnum):
    """Where an account stands in the statements."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"
    MEMO = "memo"  # off the balance sheet


class AccountKey(StrEnum):
    """The part an account plays in the books of loans, on either side of the contract.

    Advances paid are the borrower's mirror of unallocated receipts. The stored codes never change.
    """

    CASH = "cash"

    BORROWINGS_SHORT = "bor_st"
    BORROWINGS_LONG = "bor_lt"
    BORROWINGS_CURRENT_PORTION = "bor_cur"
    BORROWINGS_ADJUSTMENT = "bor_adj"  # fees and costs by the effective rate
    INTEREST_PAYABLE = "bor_int"
    FEES_PAYABLE = "bor_fee"
    PENALTIES_PAYABLE = "bor_pen"
    ADVANCES_PAID = "adv_paid"  # paid by us and not yet settling anything
    INTEREST_EXPENSE = "int_exp"
    OTHER_FINANCE_COST = "fin_oth"
    QUALIFYING_ASSET = "qual"

    LOANS_SHORT = "ln_st"
    LOANS_LONG = "ln_lt"
    LOANS_ADJUSTMENT = "ln_adj"  # fees and costs by the effective rate
    INTEREST_RECEIVABLE = "ln_int"
    FEES_RECEIVABLE = "ln_fee"
    PENALTIES_RECEIVABLE = "ln_pen"
    UNALLOCATED_RECEIPTS = "unalloc"  # received by us and not yet settling anything
    ALLOWANCE = "allow"
    INTEREST_IN_SUSPENSE = "susp"
    INTEREST_INCOME = "int_inc"
    FEE_INCOME = "fee_inc"
    PENALTY_INCOME = "pen_inc"
    IMPAIRMENT = "imp"
    IMPAIRMENT_REVERSED = "imp_rev"
    RECOVERIES = "recov"

    EXCHANGE_GAIN = "fx_g"
    EXCHANGE_LOSS = "fx_l"
    MODIFICATION_GAIN = "mod_g"
    MODIFICATION_LOSS = "mod_l"
    OTHER_INCOME = "other_inc"
    REGULATORY_RESERVE = "reg_res"
    WAGES_PAYABLE = "wage"
    MEMORANDUM = "memo"
    OPENING_BALANCES = "opening"  # the other side of what is taken over; empty after set-up

    @property
    def account_class(self) -> AccountClass:
        """Where the account stands in the statements."""
        return _CLASSES[self]


_BY_CLASS = {
    AccountClass.ASSET: (
        AccountKey.CASH,
        AccountKey.ADVANCES_PAID,
        AccountKey.QUALIFYING_ASSET,
        AccountKey.LOANS_SHORT,
        AccountKey.LOANS_LONG,
        AccountKey.LOANS_ADJUSTMENT,
        AccountKey.INTEREST_RECEIVABLE,
        AccountKey.FEES_RECEIVABLE,
        AccountKey.PENALTIES_RECEIVABLE,
        AccountKey.ALLOWANCE,
        AccountKey.INTEREST_IN_SUSPENSE,
    ),
    AccountClass.LIABILITY: (
        AccountKey.BORROWINGS_SHORT,
        AccountKey.BORROWINGS_LONG,
        AccountKey.BORROWINGS_CURRENT_PORTION,
        AccountKey.BORROWINGS_ADJUSTMENT,
        AccountKey.INTEREST_PAYABLE,
        AccountKey.FEES_PAYABLE,
        AccountKey.PENALTIES_PAYABLE,
        AccountKey.UNALLOCATED_RECEIPTS,
        AccountKey.WAGES_PAYABLE,
    ),
    AccountClass.EQUITY: (AccountKey.REGULATORY_RESERVE, AccountKey.OPENING_BALANCES),
    AccountClass.INCOME: (
        AccountKey.INTEREST_INCOME,
        AccountKey.FEE_INCOME,
        AccountKey.PENALTY_INCOME,
        AccountKey.IMPAIRMENT_REVERSED,
        AccountKey.RECOVERIES,
        AccountKey.EXCHANGE_GAIN,
        AccountKey.MODIFICATION_GAIN,
        AccountKey.OTHER_INCOME,
    ),
    AccountClass.EXPENSE: (
        AccountKey.INTEREST_EXPENSE,
        AccountKey.OTHER_FINANCE_COST,
        AccountKey.IMPAIRMENT,
        AccountKey.EXCHANGE_LOSS,
        AccountKey.MODIFICATION_LOSS,
    ),
    AccountClass.MEMO: (AccountKey.MEMORANDUM,),
}
_CLASSES = {key: account_class for account_class, keys in _BY_CLASS.items() for key in keys}
