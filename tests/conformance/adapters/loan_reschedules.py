"""The reschedules of a published loan, as facts of ours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gbese.core.servicing.events import DueDateMoved, Lengthened, LoanEvent, RateSet
from tests.conformance.adapters.loan_steps import Told
from tests.conformance.cases import Document, Unsupported


def rescheduled(told: Told, step: Document) -> list[LoanEvent]:
    """The facts of a reschedule, one a change; due dates move before periods are added."""
    number = told.history.next_number
    day = date.fromisoformat(step["reschedule_from_date"])
    changes = {name for name in step if name.startswith(("new_", "extra_", "adjusted_", "grace_"))}
    facts: list[LoanEvent] = []
    for change in sorted(changes) or ["new_interest_rate"]:
        match change:
            case "new_interest_rate":  # the source leaves out a rate that becomes zero
                rate = Decimal(step.get(change, "0")).scaleb(-2)
                facts.append(RateSet(number=number, value_date=day, rate=rate))
            case "adjusted_due_date":
                moved_to = date.fromisoformat(step[change])
                facts.append(DueDateMoved(number=number, value_date=day, new_due_date=moved_to))
            case "extra_terms":
                periods = int(step[change])
                facts.append(Lengthened(number=number, value_date=day, periods=periods))
            case unknown:
                raise Unsupported(f"reschedule by {unknown}")
    return facts


def is_reschedule(fact: LoanEvent) -> bool:
    """Whether a fact is one that a reschedule records."""
    return isinstance(fact, RateSet | DueDateMoved | Lengthened)
