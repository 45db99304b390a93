"""One due date's claims while they are being settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gbese.core.accruals.claims import AccruingClaim
from gbese.core.servicing.events import Component


@dataclass(slots=True)
class OwedInstalment:
    """What has fallen due on one date and is not settled yet, in minor units.

    `claim` names it in the rows of the projection (0 for amounts outside the schedule);
    `accrues_from` is the first night on which its unpaid principal bears interest as overdue.
    """

    claim: int
    due_date: date
    accrues_from: date
    left: dict[Component, int]
    penalty: AccruingClaim | None = None
    penalty_settled: int = 0
    penalty_rate: Decimal = Decimal(0)  # of the tier that runs, a fraction a day

    @property
    def principal(self) -> int:
        """Principal still unpaid."""
        return self.left.get(Component.PRINCIPAL, 0)

    @property
    def is_unpaid(self) -> bool:
        """Whether anything but a penalty is still to pay."""
        return any(amount > 0 for amount in self.left.values())

    def penalty_left(self, day: date) -> int:
        """The penalty accrued by `day` and not settled."""
        return (self.penalty.accrued(day) if self.penalty else 0) - self.penalty_settled

    def settle(self, component: Component, amount: int) -> None:
        """Take a part settled off what is left."""
        if component is Component.PENALTY:
            self.penalty_settled += amount
        else:
            self.left[component] = self.left.get(component, 0) - amount
