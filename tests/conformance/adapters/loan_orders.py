"""How payments of a published loan are used, in our words."""

from __future__ import annotations

from gbese.core.contracts.progressive import PaymentKind, PaymentRule, Place, SurplusRule
from tests.conformance.cases import Document

_SURPLUS = {
    "next_installment": SurplusRule.NEXT_INSTALMENT,
    "last_installment": SurplusRule.LAST_INSTALMENT,
    "reamortization": SurplusRule.REAMORTISATION,
}
_PART = ("penalty", "fee", "interest", "principal")
_FIXED_ORDERS = {  # order when late or due, order in advance
    "penalties_fees_interest_principal_order": (_PART, _PART),
    "interest_principal_penalties_fees_order": (
        ("interest", "principal", "penalty", "fee"),
        ("interest", "principal", "penalty", "fee"),
    ),
    "principal_interest_penalties_fees_order": (
        ("principal", "interest", "penalty", "fee"),
        ("principal", "interest", "penalty", "fee"),
    ),
    "due_penalty_interest_principal_fee_in_advance_penalty_interest_principal_fee": (
        ("penalty", "interest", "principal", "fee"),
        ("penalty", "interest", "principal", "fee"),
    ),
    "due_penalty_fee_interest_principal_in_advance_principal_penalty_fee_interest": (
        ("penalty", "fee", "interest", "principal"),
        ("principal", "penalty", "fee", "interest"),
    ),
}
_KINDS = {kind.value for kind in PaymentKind}


def rules_of(document: Document) -> tuple[PaymentRule, ...]:
    """The rules of payment of a case, one a kind of payment."""
    if document["payment_order"] != "advanced_payment_allocation":
        late, early = _FIXED_ORDERS[document["payment_order"]]
        order = tuple(
            Place(f"{due_class}.{part}")
            for due_class, parts in (("past_due", late), ("due", late), ("in_advance", early))
            for part in parts
        )
        return (PaymentRule(None, SurplusRule.NEXT_INSTALMENT, order),)
    default = document["allocation_order"]
    return tuple(
        PaymentRule(
            None if rule["for"] == "default" else PaymentKind(rule["for"]),
            _SURPLUS[rule["future_installments"]],
            tuple(map(Place, rule.get("order", default))),
        )
        for rule in document["allocation"]
        if rule["for"] in _KINDS or rule["for"] == "default"
    )
