"""The lender's table: what each cause books for a loan issued.

Amounts are positive. "The claim" is loans, interest, fees or penalties receivable, by component.
"""

from __future__ import annotations

from collections.abc import Mapping

from gbese.core.ledger import AccountKey, Line, credit, debit
from gbese.core.money import Money
from gbese.core.posting.roles import ClaimAccounts, PostingRule
from gbese.core.projections.rows import Cause


def opened(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Take over a claim from earlier books.

    Dr the claim               amount
       Cr opening balances     amount

    Source: accounting policy, "Balances taken over".
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(AccountKey.OPENING_BALANCES, amount),
    )


def drawn(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Lend money.

    Dr loans                   amount
       Cr cash                 amount

    Source: accounting policy, event 2; IFRS 9, 3.1.1.
    """
    return (
        debit(accounts.principal, amount, accounts.component),
        credit(AccountKey.CASH, amount),
    )


def withheld(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Keep a fee back from a drawdown: the claim is settled out of what is lent.

    Dr cash                    amount
       Cr the claim            amount

    With the drawdown it makes: Dr loans, Cr cash (net), Cr fees receivable.

    Source: accounting policy, event 3.
    """
    return (
        debit(AccountKey.CASH, amount),
        credit(accounts.claim, amount, accounts.component),
    )


def accrued(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Earn interest, a fee or a penalty.

    Dr the claim                               amount
       Cr interest, fee or penalty income      amount

    Source: accounting policy, events 5, 6, 8 and 10.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(accounts.result, amount, accounts.component),
    )


def received(amount: Money, _accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Receive money on the loan; what it settles is booked by `paid`.

    Dr cash                    amount
       Cr unallocated receipts amount

    Source: accounting policy, events 11 and 12.
    """
    return debit(AccountKey.CASH, amount), credit(AccountKey.UNALLOCATED_RECEIPTS, amount)


def paid(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Settle a claim from what was received.

    Dr unallocated receipts    amount
       Cr the claim            amount

    With the receipt it makes: Dr cash, Cr the claims paid, Cr unallocated receipts (the rest).

    Source: accounting policy, event 11; IFRS 9, 3.2.3(a).
    """
    return (
        debit(AccountKey.UNALLOCATED_RECEIPTS, amount),
        credit(accounts.claim, amount, accounts.component),
    )


def refunded(amount: Money, _accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Send back what settles nothing.

    Dr unallocated receipts    amount
       Cr cash                 amount

    Source: accounting policy, event 12.
    """
    return debit(AccountKey.UNALLOCATED_RECEIPTS, amount), credit(AccountKey.CASH, amount)


def capitalised(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Let interest, a fee or a penalty join principal.

    Dr loans                   amount
       Cr the claim            amount

    Source: accounting policy, event 14.
    """
    return (
        debit(accounts.principal, amount, "principal"),
        credit(accounts.claim, amount, accounts.component),
    )


def waived(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Give up a claim by agreement.

    Dr modification loss       amount
       Cr the claim            amount

    Source: accounting policy, event 15; IFRS 9, 5.4.3.
    """
    return (
        debit(AccountKey.MODIFICATION_LOSS, amount, accounts.component),
        credit(accounts.claim, amount, accounts.component),
    )


def written_off(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Take a claim out of the books; it may still be collected.

    Dr impairment              amount
       Cr the claim            amount

    Source: accounting policy, event 23, where no allowance was made; IFRS 9, 5.4.4.
    """
    return (
        debit(AccountKey.IMPAIRMENT, amount, accounts.component),
        credit(accounts.claim, amount, accounts.component),
    )


def recovered(amount: Money, _accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Count a receipt on a loan written off as a recovery.

    Dr unallocated receipts    amount
       Cr recoveries           amount

    With the receipt it makes: Dr cash, Cr recoveries.

    Source: accounting policy, event 24.
    """
    return (
        debit(AccountKey.UNALLOCATED_RECEIPTS, amount),
        credit(AccountKey.RECOVERIES, amount),
    )


def increased(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Restate a claim upwards without cash: a gain.

    Dr the claim               amount
       Cr exchange gain        amount

    Source: accounting policy, event 18; IAS 21.28.
    """
    return (
        debit(accounts.claim, amount, accounts.component),
        credit(AccountKey.EXCHANGE_GAIN, amount, accounts.component),
    )


def decreased(amount: Money, accounts: ClaimAccounts) -> tuple[Line, ...]:
    """Restate a claim downwards without cash: a loss.

    Dr exchange loss           amount
       Cr the claim            amount

    Source: accounting policy, event 18; IAS 21.28.
    """
    return (
        debit(AccountKey.EXCHANGE_LOSS, amount, accounts.component),
        credit(accounts.claim, amount, accounts.component),
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
