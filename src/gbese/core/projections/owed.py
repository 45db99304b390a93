"""One due date's claims while they are being settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gbese.core.accruals.claims import AccruingClaim
from gbese.core.contracts.terms import AllocationClaim
from gbese.core.servicing.allocation import OpenClaim
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

    def open_claims(self, day: date, key: int) -> Iterator[OpenClaim]:
        """What it asks for on `day`, by kind of claim; `key` comes back with each part settled."""
        is_overdue = self.due_date < day
        for component, amount in self.left.items():
            if amount > 0:
                yield OpenClaim(
                    _kind(component, is_overdue=is_overdue), component, key, self.due_date, amount
                )
        if (penalty := self.penalty_left(day)) > 0:
            yield OpenClaim(AllocationClaim.PENALTY, Component.PENALTY, key, self.due_date, penalty)

    def settle(self, component: Component, amount: int) -> None:
        """Take a part settled off what is left."""
        if component is Component.PENALTY:
            self.penalty_settled += amount
        else:
            self.left[component] -= amount


def _kind(component: Component, *, is_overdue: bool) -> AllocationClaim:
    match component:
        case Component.PRINCIPAL:
            return (
                AllocationClaim.OVERDUE_PRINCIPAL
                if is_overdue
                else AllocationClaim.CURRENT_PRINCIPAL
            )
        case Component.INTEREST:
            return (
                AllocationClaim.OVERDUE_INTEREST if is_overdue else AllocationClaim.CURRENT_INTEREST
            )
        case Component.FEE:
            return AllocationClaim.FEE
        case Component.PENALTY:
            return AllocationClaim.PENALTY
