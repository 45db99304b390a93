"""Payments that follow an index: what was agreed in money of one day is paid in that of another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gbese.core.calendars.cycles import Cycle
from gbese.core.rates.reference import Fixing
from gbese.core.servicing.events import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A published index, a price level or a rate of exchange, and when it is read.

    Payments are multiplied by what was last read, over what it was `at_signing`. The debt itself
    is kept in units of the day of signing.
    """

    rows: tuple[Fixing, ...]  # ascending by date
    at_signing: Fraction
    cycle: Cycle
    scales: frozenset[Component] = frozenset({Component.PRINCIPAL, Component.INTEREST})

    def factor_before(self, day: date, *, end_of_month: bool) -> Fraction:
        """What a payment of the day is multiplied by; 1 until the index is first read.

        Source: ACTUS, state transition SC; worked in docs/methods/indexation.md.
        """
        read = self.cycle.dates(before=day, end_of_month=end_of_month)
        if not read:
            return Fraction(1)
        known = [row for row in self.rows if row.valid_on <= read[-1]]
        return Fraction(known[-1].rate) / self.at_signing if known else Fraction(1)
