"""The kinds of events an analyst sees, in the order in which those of one day are carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class FlowKind(StrEnum):
    """What happens to a contract.

    Source: ACTUS, event types and event sequence; the order of the members is that sequence.
    """

    DRAWDOWN = "drawdown"
    FURTHER_DRAWDOWN = "further_drawdown"
    PRINCIPAL = "principal"
    PREPAYMENT = "prepayment"
    CALL = "call"  # the lender asks for the money
    INTEREST = "interest"
    FIXED_INTEREST = "fixed_interest"  # of two legs
    FLOATING_INTEREST = "floating_interest"
    CAPITALISATION = "capitalisation"
    FEE = "fee"
    RATE_AGREED = "rate_agreed"  # a reset to a rate that was known beforehand
    RATE_RESET = "rate_reset"
    INSTALMENT_FIXED = "instalment_fixed"
    INDEX_READ = "index_read"
    BASE_TAKEN = "base_taken"  # a lagged base of interest
    PURCHASE = "purchase"
    TERMINATION = "termination"
    MATURITY = "maturity"
    SETTLEMENT = "settlement"  # of what was called


_ORDER = {kind: place for place, kind in enumerate(FlowKind)}


def place_of(kind: FlowKind) -> int:
    """Where events of a kind stand among those of one day."""
    return _ORDER[kind]


@dataclass(frozen=True, slots=True)
class Move:
    """An event before the state after it is known; lender's signs, minor units."""

    day: date
    kind: FlowKind
    rate: Decimal  # after it, a fraction a year
    counted_on: date  # what has been earned by then is in the state after it
    cash: int = 0
    principal: int = 0  # added to what is outstanding
    interest: int = 0  # taken from what has accrued

    @property
    def order(self) -> tuple[date, int]:
        """Its place among the events."""
        return self.day, _ORDER[self.kind]
