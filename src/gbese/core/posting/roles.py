"""Which account plays which part for one component of one loan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gbese.core.contracts.term_classes import TermClass
from gbese.core.errors import Refusal
from gbese.core.ledger import AccountKey, Line
from gbese.core.money import Money
from gbese.core.servicing.events import Component


class NoPostingRule(Refusal):
    """The table has no rule for this component and cause."""

    code = "no_posting_rule"


@dataclass(frozen=True, slots=True)
class ClaimAccounts:
    """The accounts of one component of a loan.

    `claim` is its control account, `result` the income it earns or the cost it makes, `principal`
    the account of the loan by its term class.
    """

    component: str
    claim: AccountKey
    result: AccountKey
    principal: AccountKey


PostingRule = Callable[[Money, ClaimAccounts], tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class SideAccounts:
    """The accounts of one side: the loan by term class, the other claims and their results."""

    principal: Mapping[TermClass, AccountKey]
    claims: Mapping[Component, AccountKey]
    results: Mapping[Component, AccountKey]

    def of(self, component: Component | None, term_class: TermClass) -> ClaimAccounts:
        """The accounts of a component; those of principal for cash itself."""
        principal = self.principal[term_class]
        if component is None or component is Component.PRINCIPAL:
            return ClaimAccounts(Component.PRINCIPAL, principal, principal, principal)
        return ClaimAccounts(component, self.claims[component], self.results[component], principal)


LENDER_ACCOUNTS = SideAccounts(
    principal={
        TermClass.SHORT: AccountKey.LOANS_SHORT,
        TermClass.LONG: AccountKey.LOANS_LONG,
    },
    claims={
        Component.INTEREST: AccountKey.INTEREST_RECEIVABLE,
        Component.FEE: AccountKey.FEES_RECEIVABLE,
        Component.PENALTY: AccountKey.PENALTIES_RECEIVABLE,
    },
    results={
        Component.INTEREST: AccountKey.INTEREST_INCOME,
        Component.FEE: AccountKey.FEE_INCOME,
        Component.PENALTY: AccountKey.PENALTY_INCOME,
    },
)

BORROWER_ACCOUNTS = SideAccounts(
    principal={
        TermClass.SHORT: AccountKey.BORROWINGS_SHORT,
        TermClass.LONG: AccountKey.BORROWINGS_LONG,
    },
    claims={
        Component.INTEREST: AccountKey.INTEREST_PAYABLE,
        Component.FEE: AccountKey.FEES_PAYABLE,
        Component.PENALTY: AccountKey.PENALTIES_PAYABLE,
    },
    results={
        Component.INTEREST: AccountKey.INTEREST_EXPENSE,
        Component.FEE: AccountKey.OTHER_FINANCE_COST,
        Component.PENALTY: AccountKey.OTHER_FINANCE_COST,
    },
)
