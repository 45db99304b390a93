"""What servicing a loan can refuse."""

from __future__ import annotations

from gbese.core.errors import Refusal


class DrawdownAboveLimit(Refusal):
    """More would be drawn than the contract allows."""

    code = "drawdown_above_limit"


class RefundExceedsUnallocated(Refusal):
    """More would be paid back than is unallocated."""

    code = "refund_exceeds_unallocated"


class InterestRefundNotUndoneAlone(Refusal):
    """Interest given back with a refund is undone with that refund only."""

    code = "interest_refund_not_undone_alone"


class LoanChargedOff(Refusal):
    """The loan is charged off: nothing may be drawn or charged, nor can it be charged off again."""

    code = "loan_charged_off"


class LoanNotChargedOff(Refusal):
    """The loan is not charged off."""

    code = "loan_not_charged_off"


class ChargedOffBeforeOtherFacts(Refusal):
    """A loan is charged off on the day of its latest fact or later."""

    code = "charged_off_before_other_facts"
