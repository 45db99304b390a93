"""A cycle: dates that come back from a first one on, for principal, rates or an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, roll
from gbese.core.calendars.periods import StubKind


@dataclass(frozen=True, slots=True)
class Cycle:
    """From `first_date` on, every `frequency`; a frequency "at maturity" is the first date alone.

    Where the end of the contract is no date of the cycle, the days left over are a period of
    their own, or with `final_stub` LONG the last date before them falls away.
    """

    first_date: date
    frequency: Frequency
    final_stub: StubKind = StubKind.SHORT

    def dates(self, *, before: date, end_of_month: bool) -> tuple[date, ...]:
        """The dates before the end of the contract, ascending; the end itself is none of them.

        With `end_of_month`, a first date on the last day of its month keeps to last days.
        """
        if self.frequency.unit is FrequencyUnit.AT_MATURITY:
            return (self.first_date,) if self.first_date < before else ()
        dates: list[date] = []
        day = self.first_date
        while day < before:
            dates.append(day)
            day = self.date_number(len(dates), end_of_month=end_of_month)
        if day > before and self.final_stub is StubKind.LONG and len(dates) > 1:
            dates.pop()
        return tuple(dates)

    def date_number(self, number: int, *, end_of_month: bool) -> date:
        """The date so many periods after the first, whatever the end of the contract."""
        return roll(self.first_date, self.frequency, number, end_of_month=end_of_month)

    def first_after(self, day: date, *, end_of_month: bool) -> date:
        """The first date of the cycle after a day."""
        number, found = 0, self.first_date
        while found <= day:
            number += 1
            found = self.date_number(number, end_of_month=end_of_month)
        return found


def in_turn(
    cycles: Sequence[Cycle], *, before: date, end_of_month: bool
) -> tuple[tuple[date, int], ...]:
    """The dates of cycles that follow one another, each with the place of its cycle.

    A cycle goes on until the first date of the next; the last one until `before`.
    """
    if not cycles:
        return ()
    ends = (*(cycle.first_date for cycle in cycles[1:]), before)
    return tuple(
        (day, place)
        for place, (cycle, end) in enumerate(zip(cycles, ends, strict=True))
        for day in cycle.dates(before=min(end, before), end_of_month=end_of_month)
    )
