"""What happened to a progressive loan, as it is told to people: one posting a fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gbese.core.contracts.progressive import Owed
from gbese.core.servicing.progressive.instalments import no_parts


class PostingKind(StrEnum):
    """What a posting tells."""

    DISBURSEMENT = "disbursement"
    DOWN_PAYMENT = "down_payment"
    REPAYMENT = "repayment"
    MERCHANT_ISSUED_REFUND = "merchant_issued_refund"
    PAYOUT_REFUND = "payout_refund"
    GOODWILL_CREDIT = "goodwill_credit"
    INTEREST_PAYMENT_WAIVER = "interest_payment_waiver"
    INTEREST_REFUND = "interest_refund"
    CHARGE_ADJUSTMENT = "charge_adjustment"
    CHARGEBACK = "chargeback"
    CREDIT_BALANCE_REFUND = "credit_balance_refund"
    WRITE_OFF = "write_off"
    CHARGE_WAIVER = "charge_waiver"
    ACCRUAL = "accrual"
    ACCRUAL_ADJUSTMENT = "accrual_adjustment"
    ACCRUAL_ACTIVITY = "accrual_activity"
    CHARGE_OFF = "charge_off"
    REPAYMENT_AT_DISBURSEMENT = "repayment_at_disbursement"


@dataclass(slots=True, eq=False)
class Posting:
    """One fact and the parts it moved, in minor units.

    `given_up` are claims a waiver ended without a payment; `overpaid` is what of it met no claim.
    `is_fraud` and `reason` tell why a loan was charged off; `is_recovery` that a payment came after
    it. `is_replayed` tells that an earlier allocation of it was replaced because something before
    it became known later.
    """

    event: int
    kind: PostingKind
    day: date
    amount: int
    parts: dict[Owed, int] = field(default_factory=no_parts)
    given_up: dict[Owed, int] = field(default_factory=no_parts)
    overpaid: int = 0
    balance_after: int = 0
    is_fraud: bool = False
    reason: str = ""
    is_recovery: bool = False
    is_reverted: bool = False
    is_replayed: bool = False

    def says_the_same(self, other: Posting) -> bool:
        """Whether another posting moved the same amounts."""
        return (self.amount, self.parts, self.overpaid) == (
            other.amount,
            other.parts,
            other.overpaid,
        )
