"""Other due dates and more periods for a progressive loan."""

from __future__ import annotations

from itertools import pairwise

from gbese.core.calendars.frequencies import roll
from gbese.core.servicing.events import DueDateMoved, Lengthened
from gbese.core.servicing.progressive.instalments import Instalment
from gbese.core.servicing.progressive.loan import ProgressiveLoan


def move_due_date(loan: ProgressiveLoan, event: DueDateMoved) -> None:
    """An instalment falls due on another day; those after it follow."""
    place = next(
        (number for number, each in enumerate(loan.planned) if each.due == event.value_date),
        None,
    )
    if place is None:
        return
    moved = loan.planned[place:]
    dates = [
        roll(event.new_due_date, loan.agreed.plan.frequency, count, end_of_month=False)
        for count in range(len(moved))
    ]
    if loan.agreed.fixed_length is not None and len(moved) > 1:
        dates[-1] = dates[-2] + (moved[-1].due - moved[-1].start)
    loan.plan.move_due_dates(event.value_date, dates)
    for instalment in moved:
        if instalment.period is not None:
            instalment.start, instalment.due = instalment.period.start, instalment.period.due
    loan.follow_plan(moved)


def lengthen(loan: ProgressiveLoan, event: Lengthened) -> None:
    """Periods are added at the end."""
    frequency, start = loan.agreed.plan.frequency, loan.plan.periods[0].start
    count, last = len(loan.plan.periods), loan.plan.periods.last.due
    before = count
    is_as_planned = last == roll(start, frequency, count, end_of_month=False)
    if not is_as_planned and loan.agreed.fixed_length is None:
        start, before = last, 0  # its dates were moved
    ends = [
        roll(start, frequency, before + more, end_of_month=False)
        for more in range(event.periods + 1)
    ]
    loan.plan.lengthen(loan.day, list(pairwise(ends)))
    for period in loan.plan.periods.items[count:]:
        loan.instalments.append(Instalment(period.start, period.due, period=period))
    loan.follow_plan_from(loan.day)
