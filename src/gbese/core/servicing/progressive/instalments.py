"""What falls due on a date, in its four parts, and what has been paid of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gbese.core.contracts.progressive import Owed
from gbese.core.schedules.progressive.periods import PlanPeriod

PARTS = tuple(Owed)


class InstalmentKind(StrEnum):
    """Where an instalment comes from."""

    PLANNED = "planned"
    DOWN_PAYMENT = "down_payment"
    ADDITIONAL = "additional"  # for what arises after the plan has ended


def no_parts() -> dict[Owed, int]:
    """Nothing of any part."""
    return dict.fromkeys(PARTS, 0)


@dataclass(slots=True, eq=False)
class Levy:
    """A fee or penalty that was charged; `submitted_on` is the day it was entered."""

    number: int  # of the event
    due: date
    submitted_on: date
    owed: Owed
    amount: int
    paid: int = 0
    waived: int = 0

    @property
    def left(self) -> int:
        """What is still to be paid of it."""
        return self.amount - self.paid - self.waived


@dataclass(frozen=True, slots=True)
class LevyState:
    """What became of one fee or penalty, over all instalments it is asked for with."""

    number: int
    owed: Owed
    due: date
    amount: int
    paid: int
    waived: int
    left: int

    @classmethod
    def of(cls, levies: list[Levy]) -> LevyState:
        """The state of one fact's levies together."""
        return cls(
            number=levies[0].number,
            owed=levies[0].owed,
            due=levies[0].due,
            amount=sum(levy.amount for levy in levies),
            paid=sum(levy.paid for levy in levies),
            waived=sum(levy.waived for levy in levies),
            left=sum(levy.left for levy in levies),
        )


@dataclass(slots=True, eq=False)
class Instalment:
    """One due date; amounts in minor units by part.

    `met_on` is the day on which nothing was left to pay.
    """

    start: date
    due: date
    kind: InstalmentKind = InstalmentKind.PLANNED
    period: PlanPeriod | None = None
    charged: dict[Owed, int] = field(default_factory=no_parts)
    paid: dict[Owed, int] = field(default_factory=no_parts)
    waived: dict[Owed, int] = field(default_factory=no_parts)
    credited_principal: int = 0
    credited_interest: int = 0
    refunded: int = 0  # of what it asks for, gone back and so never lent again
    paid_in_advance: int = 0
    paid_late: int = 0
    met_on: date | None = None
    is_met: bool = False
    levies: list[Levy] = field(default_factory=list)

    def left(self, owed: Owed) -> int:
        """What is still to be paid of a part."""
        return self.charged[owed] - self.paid[owed] - self.waived[owed]

    @property
    def asked(self) -> int:
        """All that it asks for."""
        return sum(self.charged.values())

    @property
    def all_paid(self) -> int:
        """All that was paid of it."""
        return sum(self.paid.values())

    @property
    def outstanding(self) -> int:
        """All that is still to be paid."""
        return sum(self.left(owed) for owed in PARTS)

    @property
    def is_unpaid(self) -> bool:
        """Whether anything is left to pay."""
        return self.outstanding > 0

    def pay(self, owed: Owed, money: int, day: date) -> int:
        """Pay of a part what the money and the part allow; the amount that was paid."""
        amount = max(min(money, self.left(owed)), 0)
        self.paid[owed] += amount
        if day < self.due:
            self.paid_in_advance += amount
        elif day > self.due:
            self.paid_late += amount
        self._pay_levies(owed, amount)
        self.check_met(day)
        return amount

    def check_met(self, day: date) -> None:
        """Note the day on which nothing is left, or that something is again."""
        is_met = not self.is_unpaid
        if is_met and not self.is_met:
            self.met_on = day
        elif not is_met:
            self.met_on = None
        self.is_met = is_met

    def due_of(self, owed: Owed, day: date) -> int:
        """What is left of the fees or penalties whose own date has come."""
        return sum(levy.left for levy in self.levies if levy.owed is owed and levy.due <= day)

    def _pay_levies(self, owed: Owed, amount: int) -> None:
        for levy in sorted(self.levies, key=lambda levy: (levy.due, levy.number)):
            if levy.owed is owed and amount:
                part = min(amount, levy.left)
                levy.paid += part
                amount -= part


def unpaid(instalments: Iterable[Instalment]) -> list[Instalment]:
    """Those with something left to pay, in their order."""
    return [instalment for instalment in instalments if instalment.is_unpaid]
