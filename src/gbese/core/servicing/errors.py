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
