"""What goes into a published loan, as facts of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from gbese.core.contracts.progressive import LevyBase, PaymentKind
from gbese.core.contracts.terms import Terms
from gbese.core.money import Money, money_from_text
from gbese.core.servicing.events import (
    ChargedBack,
    ChargedOff,
    Component,
    Drawn,
    InterestPaused,
    Levied,
    LevyWaived,
    LoanEvent,
    Received,
    Refunded,
    WrittenOff,
)
from gbese.core.servicing.progressive.history import ProgressiveHistory
from tests.conformance.adapters.loan_delinquency import Delinquent
from tests.conformance.adapters.loan_lookups import payment_charged_back
from tests.conformance.cases import Document, Unsupported

_LEVY_BASES = {
    "percent_of_principal": LevyBase.PRINCIPAL,
    "percent_of_interest": LevyBase.INTEREST,
    "percent_of_principal_plus_interest": LevyBase.PRINCIPAL_AND_INTEREST,
}


@dataclass
class Told:
    """A case as far as it has been told; `levies` are the charges by the number of their fact."""

    terms: Terms
    today: date
    history: ProgressiveHistory
    delinquent: Delinquent
    accounts: dict[str, str]
    levies: dict[int, Document] = field(default_factory=dict)
    is_fraud: bool = False
    expense_by_reason: dict[str, str] = field(default_factory=dict)

    def money(self, text: str) -> Money:
        return money_from_text(text, self.terms.currency)

    def day(self, step: Document) -> date:
        return date.fromisoformat(step["date"]) if step.get("date") else self.today


def fact_of(told: Told, step: Document) -> LoanEvent | None:  # noqa: PLR0911 - one a step
    """The fact a step records; None where it is no fact."""
    number, day = told.history.next_number, told.day(step)
    match step["op"]:
        case "disburse":
            return Drawn(number=number, value_date=day, amount=told.money(step["amount"]))
        case "pay":
            return _payment(told, step)
        case "pay_off":
            amount = Money(told.history.amount_to_pay_off(day), told.terms.currency)
            return Received(number=number, value_date=day, amount=amount)
        case "add_charge":
            return _levy(told, step)
        case "waive_charge":
            return LevyWaived(number=number, value_date=day, levy=_last_levied(told))
        case "credit_balance_refund":
            return Refunded(number=number, value_date=day, amount=told.money(step["amount"]))
        case "chargeback":
            payment = payment_charged_back(told.history, step).event
            amount = told.money(step["amount"])
            return ChargedBack(number=number, value_date=day, payment=payment, amount=amount)
        case "charge_off" | "write_off":
            return _given_up(told, step)
        case "interest_pause":
            start, until = date.fromisoformat(step["start"]), date.fromisoformat(step["end"])
            return InterestPaused(number=number, value_date=start, until=until)
        case _:
            return None


def _given_up(told: Told, step: Document) -> LoanEvent:
    number, day = told.history.next_number, told.day(step)
    if step["op"] == "write_off":
        return WrittenOff(number=number, value_date=day)
    reason = step.get("reason", "")
    return ChargedOff(number=number, value_date=day, is_fraud=told.is_fraud, reason=reason)


def _last_levied(told: Told) -> int:
    """The source remembers the last fee apart from the last penalty, and means the fee first."""
    fees = [number for number, levy in told.levies.items() if not levy["penalty"]]
    return max(fees or told.levies)


def _payment(told: Told, step: Document) -> LoanEvent:
    try:
        kind = PaymentKind(step["type"])
    except ValueError:
        raise Unsupported(step["type"]) from None
    return Received(
        number=told.history.next_number,
        value_date=told.day(step),
        amount=told.money(step["amount"]),
        kind=kind,
        refunds_interest=step.get("refund_interest") is not False,
    )


def tranche(told: Told, day: str, amount: str) -> Drawn:
    """A part of the loan that is to be drawn on a day."""
    return Drawn(number=0, value_date=date.fromisoformat(day), amount=told.money(amount))


def levied_from_start(told: Told, charge: Document) -> LoanEvent:
    """A charge of the product, agreed with the loan."""
    if charge["applied"] != "with_each_installment":
        raise Unsupported(f"charge {charge['applied']}")
    return _levy(told, {"charge": charge["name"], **charge})


def _levy(told: Told, step: Document) -> LoanEvent:
    if step.get("applied") in {None, "at_disbursement"}:
        raise Unsupported("charge at disbursement")
    number, is_flat = told.history.next_number, step["calculation"] == "flat"
    told.levies[number] = step
    return Levied(
        number=number,
        value_date=told.today,
        component=Component.PENALTY if step["penalty"] else Component.FEE,
        charge_kind=step["charge"],
        due_date=date.fromisoformat(step["due"]) if step.get("due") else None,
        amount=told.money(step["amount"]) if is_flat else None,
        rate=None if is_flat else Decimal(step["amount"]).scaleb(-2),
        base=LevyBase.PRINCIPAL if is_flat else _LEVY_BASES[step["calculation"]],
    )
