"""One row of a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PlannedInstalment:
    """What falls due on one date if all goes to plan; amounts in minor units.

    `is_expected` marks figures that rest on a rate not yet fixed.
    """

    number: int
    period_start: date
    period_end: date  # the due date of the contract
    due_date_adjusted: date  # moved to a business day
    principal: int
    interest: int
    fee: int
    outstanding_after: int
    is_expected: bool

    @property
    def due(self) -> int:
        """All that is to be paid on the date, in minor units."""
        return self.principal + self.interest + self.fee
