"""What happens to a progressive loan, one fact after another."""

from __future__ import annotations

from gbese.core.servicing.events import (
    Charged,
    ChargedBack,
    ChargedOff,
    Drawn,
    DueDateMoved,
    EventNotForTheseTerms,
    InterestPaused,
    Lengthened,
    Levied,
    LevyWaived,
    LoanEvent,
    RateSet,
    Received,
    Refunded,
    WrittenOff,
)
from gbese.core.servicing.progressive.charging_off import charge_off
from gbese.core.servicing.progressive.drawing import draw
from gbese.core.servicing.progressive.levying import charge, levy, waive_levy
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.paying import receive
from gbese.core.servicing.progressive.rescheduling import lengthen, move_due_date
from gbese.core.servicing.progressive.returning import charge_back, refund, write_off


def happen(loan: ProgressiveLoan, event: LoanEvent) -> None:  # noqa: C901, PLR0912 - a case a kind
    """Let one fact happen; what came before it has."""
    loan.day, loan.event = event.value_date, event.number
    match event:
        case Drawn():
            draw(loan, event)
        case Received():
            receive(loan, event)
        case Levied():
            levy(loan, event)
        case LevyWaived():
            waive_levy(loan, event)
        case ChargedBack():
            charge_back(loan, event)
        case Refunded():
            refund(loan, event)
        case ChargedOff():
            charge_off(loan, event)
        case WrittenOff():
            write_off(loan, event)
        case RateSet():
            loan.plan.change_rate(event.value_date, event.rate)
            loan.follow_plan_from(event.value_date)
        case InterestPaused():
            loan.plan.pause(event.value_date, event.until)
            loan.follow_plan_from(event.value_date)
        case DueDateMoved():
            move_due_date(loan, event)
        case Lengthened():
            lengthen(loan, event)
        case Charged():
            charge(loan, event)
        case _:
            raise EventNotForTheseTerms(event=type(event).__name__)
