"""The borrower's table: what each cause books for a loan received.

Amounts are positive. "The debt" is borrowings, interest, fees or penalties payable, by component.
Each rule is the lender's turned round on the borrower's accounts.
"""

from __future__ import annotations

from collections.abc import Mapping

from gbese.core.ledger import AccountKey, Line, credit, debit
from gbese.core.money import Money
from gbese.core.posting.roles import ClaimAccounts, PostingRule
from gbese.core.projections.rows import Cause


def opened(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Take over a debt from earlier books.

    Dr opening balances        amount
       Cr the debt             amount

    Source: accounting policy, "Balances taken over".
    """
    return (
        debit(AccountKey.OPENING_BALANCES, amount),
        credit(accounts.claim, amount, accounts.component),
    )


def drawn(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Take money under the contract.

    Dr cash                    amount
       Cr borrowings           amount

    Source: accounting policy, event 2; IFRS 9, 3.1.1.
    """
    return (
        debit(AccountKey.CASH, amount),
        credit(accounts.principal, amount, accounts.component),
    )


def withheld(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Have a fee kept back from a drawdown: the debt is settled out of what is lent.

    Dr the debt                amount
       Cr cash                 amount

    With the drawdown it makes: Dr cash (net), Dr fees payable, Cr borrowings.

    Source: accounting policy, event 3.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(AccountKey.CASH, amount),
    )


def accrued(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Owe interest, a fee or a penalty.

    Dr interest expense, or other finance cost    amount
       Cr the debt                                amount

    Source: accounting policy, events 5, 6, 8 and 10.
    """
    return (
        debit(accounts.result, amount, accounts.component),
        credit(accounts.claim, amount, accounts.component),
    )


def received(amount: Money, _accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Pay money on the loan; what it settles is booked by `paid`.

    Dr advances paid           amount
       Cr cash                 amount

    Source: accounting policy, events 11 and 12.
    """
    return debit(AccountKey.ADVANCES_PAID, amount), credit(AccountKey.CASH, amount)


def paid(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Settle a debt from what was paid.

    Dr the debt                amount
       Cr advances paid        amount

    With the payment it makes: Dr the debts paid, Dr advances paid (the rest), Cr cash.

    Source: accounting policy, event 11; IFRS 9, 3.3.1.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(AccountKey.ADVANCES_PAID, amount),
    )


def refunded(amount: Money, _accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Get back what settles nothing.

    Dr cash                    amount
       Cr advances paid        amount

    Source: accounting policy, event 12.
    """
    return debit(AccountKey.CASH, amount), credit(AccountKey.ADVANCES_PAID, amount)


def capitalised(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Let interest, a fee or a penalty join principal.

    Dr the debt                amount
       Cr borrowings           amount

    Source: accounting policy, event 14.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(accounts.principal, amount, "principal"),
    )


def waived(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Be forgiven a debt by agreement.

    Dr the debt                amount
       Cr modification gain    amount

    Source: accounting policy, event 15; IFRS 9, 3.3.3.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(AccountKey.MODIFICATION_GAIN, amount, accounts.component),
    )


def written_off(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Take a debt the lender forgave out of the books.

    Dr the debt                amount
       Cr other income         amount

    Source: accounting policy, event 23.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(AccountKey.OTHER_INCOME, amount, accounts.component),
    )


def recovered(amount: Money, _accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Pay on a debt that had left the books; the income is taken back.

    Dr other income            amount
       Cr advances paid        amount

    With the payment it makes: Dr other income, Cr cash.

    Source: accounting policy, event 24, mirrored.
    """
    return debit(AccountKey.OTHER_INCOME, amount), credit(AccountKey.ADVANCES_PAID, amount)


def increased(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Restate a debt upwards without cash: a loss.

    Dr exchange loss           amount
       Cr the debt             amount

    Source: accounting policy, event 18; IAS 21.28.
    """
    return (
        debit(AccountKey.EXCHANGE_LOSS, amount, accounts.component),
        credit(accounts.claim, amount, accounts.component),
    )


def decreased(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Restate a debt downwards without cash: a gain.

    Dr the debt                amount
       Cr exchange gain        amount

    Source: accounting policy, event 18; IAS 21.28.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(AccountKey.EXCHANGE_GAIN, amount, accounts.component),
    )


RULES: Mapping[Cause, PostingRule] = {
    Cause.OPENED: opened,
    Cause.DRAWN: drawn,
    Cause.WITHHELD: withheld,
    Cause.ACCRUED: accrued,
    Cause.RECEIVED: received,
    Cause.PAID: paid,
    Cause.REFUNDED: refunded,
    Cause.CAPITALISED: capitalised,
    Cause.WAIVED: waived,
    Cause.WRITTEN_OFF: written_off,
    Cause.RECOVERED: recovered,
}
