"""The trial balance agrees in every currency, whatever was booked."""

from gbese.core.ledger import AccountKey, Turnover, trial_balance
from gbese.core.money import Currency, Money

NGN = Currency("NGN", 2)
USD = Currency("USD", 2)


def test_rows_stand_in_the_order_of_the_keys_and_agree() -> None:
    # 1,000.00 lent; 100.00 interest earned, 40.00 of it paid. Dollars only stood at the opening.
    balance = trial_balance(
        [
            Turnover(AccountKey.INTEREST_INCOME, NGN, 0, 0, 100_00),
            Turnover(AccountKey.CASH, NGN, 0, 40_00, 1_000_00),
            Turnover(AccountKey.LOANS_SHORT, NGN, 0, 1_000_00, 0),
            Turnover(AccountKey.INTEREST_RECEIVABLE, NGN, 0, 100_00, 40_00),
            Turnover(AccountKey.LOANS_SHORT, USD, 7_00, 0, 0),
            Turnover(AccountKey.CASH, USD, -7_00, 0, 0),
            Turnover(AccountKey.FEE_INCOME, NGN, 0, 0, 0),
        ]
    )
    assert [(row.account, row.currency.code, row.closing.minor) for row in balance.rows] == [
        (AccountKey.CASH, "NGN", -960_00),
        (AccountKey.CASH, "USD", -7_00),
        (AccountKey.LOANS_SHORT, "NGN", 1_000_00),
        (AccountKey.LOANS_SHORT, "USD", 7_00),
        (AccountKey.INTEREST_RECEIVABLE, "NGN", 60_00),
        (AccountKey.INTEREST_INCOME, "NGN", -100_00),
    ]
    naira, dollars = balance.totals()
    assert naira.debits == naira.credits == Money(1_140_00, NGN)
    assert naira.closing_debit == naira.closing_credit == Money(1_060_00, NGN)
    assert dollars.closing_debit == Money(7_00, USD)
    assert balance.is_balanced


def test_it_says_when_it_does_not_agree() -> None:
    assert not trial_balance([Turnover(AccountKey.CASH, NGN, 0, 1, 0)]).is_balanced
