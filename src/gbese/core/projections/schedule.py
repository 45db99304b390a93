"""Terms in, schedule out: what a loan costs before anything has happened."""

from __future__ import annotations

from dataclasses import dataclass

from gbese.core.calendars.business_days import EVERY_DAY, Calendar
from gbese.core.contracts.terms import Terms
from gbese.core.money import Currency, Money
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.project import project
from gbese.core.rates.reference import Fixings
from gbese.core.schedules.instalments import PlannedInstalment


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that falls due, oldest first; the amounts of its rows are minor units of `currency`."""

    currency: Currency
    instalments: tuple[PlannedInstalment, ...]

    @property
    def principal(self) -> Money:
        """What is repaid of the money lent."""
        return self._total(sum(row.principal for row in self.instalments))

    @property
    def interest(self) -> Money:
        """All interest."""
        return self._total(sum(row.interest for row in self.instalments))

    @property
    def fees(self) -> Money:
        """The fees that fall due with instalments."""
        return self._total(sum(row.fee for row in self.instalments))

    @property
    def due(self) -> Money:
        """All that is to be paid."""
        return self._total(sum(row.due for row in self.instalments))

    def _total(self, minor: int) -> Money:
        return Money(minor, self.currency)


def schedule(
    terms: Terms, *, calendar: Calendar = EVERY_DAY, fixings: Fixings | None = None
) -> Schedule:
    """What falls due if all is drawn when interest starts, and each instalment is paid on its day.

    Fees at the drawdown are no instalment and are not in it.

    Args:
        terms: sound ones; a contract without maturity has no schedule of its own.
        calendar: whose days off move due dates; no day is off where none is given.
        fixings: of the reference rate, where the terms name one.

    Raises:
        ScheduleError, PeriodError: the terms cannot be turned into periods.
    """
    shared = SharedFacts(calendar=calendar, fixings=fixings)
    signed = project(LoanFacts(terms=terms, events=(), shared=shared))
    return Schedule(terms.currency, signed.plan)
