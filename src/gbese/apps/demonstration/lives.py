"""How a borrower behaves, lived through due date by due date with the engine's own figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, roll
from gbese.core.contracts.terms import FeeTiming, ScheduleKind, Terms
from gbese.core.money import Money
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import (
    Amended,
    Component,
    Drawn,
    LoanEvent,
    Received,
    SurplusUse,
    Waived,
    WrittenOff,
)

_MONTH = Frequency(1, FrequencyUnit.MONTH)


class Habit(StrEnum):
    """How a borrower pays."""

    PUNCTUAL = "punctual"
    IN_ADVANCE = "in_advance"  # a few days before
    TARDY = "tardy"  # some days after, penalties paid
    IN_PARTS = "in_parts"  # now and then less than is due
    JUST_LATE = "just_late"  # always punctual, but not this time
    STOPPED = "stopped"
    PREPAYING = "prepaying"  # once much more than is due
    PENALTY_LEFT = "penalty_left"  # late once, and the penalty still unpaid
    RESTRUCTURED = "restructured"
    WRITTEN_OFF = "written_off"
    UNDRAWN = "undrawn"


_AS_PLANNED = {
    Habit.PUNCTUAL,
    Habit.IN_ADVANCE,
    Habit.JUST_LATE,
    Habit.STOPPED,
    Habit.PENALTY_LEFT,
    Habit.RESTRUCTURED,
    Habit.WRITTEN_OFF,
}


class _Life:
    """The events of one loan as they come about."""

    def __init__(self, terms: Terms, shared: SharedFacts, today: date) -> None:
        self.terms, self.shared, self.today = terms, shared, today
        self.events: list[LoanEvent] = []

    @property
    def next_number(self) -> int:
        return len(self.events) + 1

    def instalments(self) -> list[PlannedInstalment]:
        """The instalments whose due date has come, as planned."""
        plan = project(self._facts()).plan
        return [row for row in plan if row.due_date_adjusted <= self.today]

    def on(self, day: date) -> Position:
        return position(project(self._facts()), day)

    def pay(self, day: date, amount: Money, surplus: SurplusUse = SurplusUse.HOLD) -> None:
        """Pay on a day that has come; nothing happens on later ones or for nothing."""
        if day <= self.today and amount.minor > 0:
            self.events.append(
                Received(number=self.next_number, value_date=day, amount=amount, surplus=surplus)
            )

    def pay_what_is_owed(self, day: date) -> None:
        """Pay all that has fallen due by a day, penalties included."""
        if day <= self.today:
            self.pay(day, self.fallen_due(self.on(day)))

    def fallen_due(self, now: Position) -> Money:
        """All that has fallen due by a position, less money that waits for it."""
        amounts = sum(now.fallen_due(component).minor for component in Component)
        return Money(max(amounts - now.unallocated.minor, 0), self.terms.currency)

    def _facts(self) -> LoanFacts:
        return LoanFacts(terms=self.terms, events=tuple(self.events), shared=self.shared)


def life(
    terms: Terms, habit: Habit, chance: Random, *, today: date, shared: SharedFacts
) -> tuple[LoanEvent, ...]:
    """What has happened to a loan up to today, in order of value date."""
    lived = _Life(terms, shared, today)
    if habit is Habit.UNDRAWN or terms.interest_from > today:
        return ()
    lived.events.append(Drawn(number=1, value_date=terms.interest_from, amount=terms.principal))
    if any(fee.timing is FeeTiming.PAID_AT_DRAWDOWN for fee in terms.fees):
        lived.pay_what_is_owed(terms.interest_from)
    instalments = lived.instalments()
    dates = [row.due_date_adjusted for row in instalments]
    paid = instalments[: _stops_after(habit, len(instalments), chance)]
    if habit in _AS_PLANNED and terms.rate.reference is None:
        _pay_as_planned(lived, habit, chance, paid)
    else:
        for place, row in enumerate(paid):
            _pay(lived, habit, chance, place, row.due_date_adjusted)
    _end(lived, habit, dates, chance)
    return tuple(sorted(lived.events, key=lambda event: event.value_date))


def _stops_after(habit: Habit, due: int, chance: Random) -> int:
    match habit:
        case Habit.JUST_LATE | Habit.PENALTY_LEFT:
            return max(due - 1, 0)
        case Habit.STOPPED | Habit.RESTRUCTURED:
            return max(due - chance.randint(2, 6), 0)
        case Habit.WRITTEN_OFF:
            return due // 3
        case _:
            return due


def _pay_as_planned(
    lived: _Life, habit: Habit, chance: Random, instalments: list[PlannedInstalment]
) -> None:
    for row in instalments:
        early = timedelta(days=chance.randint(1, 3) if habit is Habit.IN_ADVANCE else 0)
        day = max(row.due_date_adjusted - early, lived.terms.interest_from)
        lived.pay(day, Money(row.due, lived.terms.currency))


def _pay(lived: _Life, habit: Habit, chance: Random, place: int, due_date: date) -> None:
    match habit:
        case Habit.TARDY:
            lived.pay_what_is_owed(due_date + timedelta(days=chance.randint(0, 14)))
        case Habit.IN_PARTS if place % 3 == 1:
            owed = lived.fallen_due(lived.on(due_date))
            part = owed.minor * chance.randint(50, 90) // 100
            lived.pay(due_date, Money(part, owed.currency))
        case Habit.PREPAYING if place == 1:
            owed = lived.fallen_due(lived.on(due_date))
            extra = lived.terms.principal.minor // 5
            use = chance.choice((SurplusUse.KEEP_TERM, SurplusUse.KEEP_INSTALMENT))
            lived.pay(due_date, Money(owed.minor + extra, owed.currency), use)
        case _:
            lived.pay_what_is_owed(due_date)


def _end(lived: _Life, habit: Habit, dates: list[date], chance: Random) -> None:
    if not dates:
        return
    match habit:
        case Habit.PENALTY_LEFT:
            late = dates[-1] + timedelta(days=9)
            if late <= lived.today:
                now = lived.on(late)
                penalty = now.owed(Component.PENALTY)
                lived.pay(late, lived.fallen_due(now) - penalty)
        case Habit.WRITTEN_OFF:
            day = lived.today - timedelta(days=chance.randint(5, 40))
            if day > dates[len(dates) // 3]:
                lived.events.append(WrittenOff(number=lived.next_number, value_date=day))
        case Habit.RESTRUCTURED:
            _restructure(lived, lived.today - timedelta(days=chance.randint(10, 40)))
        case Habit.TARDY if chance.random() < 0.2:
            _waive_penalty(lived)
        case _:
            pass


def _restructure(lived: _Life, day: date) -> None:
    terms = lived.terms
    if day <= terms.interest_from:
        return
    outstanding = lived.on(day).outstanding
    eased = replace(
        terms,
        interest_from=day,
        first_due_date=roll(day, _MONTH, 1, end_of_month=False),
        maturity_date=roll(day, _MONTH, 24, end_of_month=False),
        frequency=_MONTH,
        balloon=None,
        custom_principal=(),
        schedule_kind=terms.schedule_kind if not terms.custom_principal else ScheduleKind.ANNUITY,
    )
    if outstanding:
        lived.events.append(
            Amended(number=lived.next_number, value_date=day, terms=eased, is_restructuring=True)
        )


def _waive_penalty(lived: _Life) -> None:
    penalty = lived.on(lived.today).owed(Component.PENALTY)
    if penalty.minor > 0:
        lived.events.append(
            Waived(
                number=lived.next_number,
                value_date=lived.today,
                component=Component.PENALTY,
                amount=penalty,
            )
        )
