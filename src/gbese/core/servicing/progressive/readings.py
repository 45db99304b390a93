"""What people read of a progressive loan: its schedule as it stands, and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gbese.core.contracts.progressive import Owed
from gbese.core.servicing.progressive.history import ProgressiveHistory
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.postings import PostingKind


class LoanState(StrEnum):
    """The state a contract is in."""

    AGREED = "agreed"
    ACTIVE = "active"
    SETTLED = "settled"
    OVERPAID = "overpaid"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One line of the schedule, amounts in minor units; `number` is None where money is drawn."""

    number: int | None
    start: date
    due: date
    met_on: date | None
    balance: int
    principal: int
    interest: int
    fees: int
    penalties: int
    asked: int
    paid: int
    paid_in_advance: int
    paid_late: int
    waived: int
    outstanding: int


def schedule(loan: ProgressiveLoan) -> tuple[ScheduleRow, ...]:
    """Drawings and instalments in order, each with the principal that is out after it."""
    drawings = [
        (posting.day, posting.amount)
        for posting in loan.postings
        if posting.kind is PostingKind.DISBURSEMENT
    ]
    rows: list[ScheduleRow] = []
    out = 0
    drawings = sorted([*drawings, *loan.tranches], key=lambda drawing: drawing[0])
    if not drawings:
        drawings = [(loan.plan.periods[0].start, loan.expected)]
    for number, instalment in enumerate(loan.instalments, start=1):
        is_last = instalment is loan.instalments[-1]
        while drawings and (
            drawings[0][0] < instalment.due or drawings[0][0] == instalment.start or is_last
        ):
            day, amount = drawings.pop(0)
            out += amount
            rows.append(_drawn(day, amount))
        out = max(out - instalment.charged[Owed.PRINCIPAL] + instalment.credited_principal, 0)
        rows.append(
            ScheduleRow(
                number=number,
                start=instalment.start,
                due=instalment.due,
                met_on=instalment.met_on,
                balance=out,
                principal=instalment.charged[Owed.PRINCIPAL],
                interest=instalment.charged[Owed.INTEREST],
                fees=instalment.charged[Owed.FEE],
                penalties=instalment.charged[Owed.PENALTY],
                asked=instalment.asked,
                paid=instalment.all_paid,
                paid_in_advance=instalment.paid_in_advance,
                paid_late=instalment.paid_late,
                waived=sum(instalment.waived.values()),
                outstanding=instalment.outstanding,
            )
        )
    return tuple(rows)


def state(history: ProgressiveHistory) -> LoanState:
    """The state of the contract."""
    loan = history.loan
    if loan.written_off_on is not None:
        return LoanState.WRITTEN_OFF
    if not loan.drawn:
        return LoanState.AGREED
    if not loan.is_paid_off:
        return LoanState.ACTIVE
    return LoanState.OVERPAID if loan.overpaid else LoanState.SETTLED


def closed_on(history: ProgressiveHistory) -> date | None:
    """The day on which the last of what was asked for was paid; None while something is left."""
    if not history.loan.is_paid_off:
        return None
    days = [posting.day for posting in history.loan.postings]
    return max(days, default=None)


def matures_on(history: ProgressiveHistory) -> date:
    """The day the loan ends: when it was paid off, or its last due date."""
    return closed_on(history) or history.loan.instalments[-1].due


def repaid(history: ProgressiveHistory) -> int:
    """All that the borrower has repaid, down payments included, in minor units."""
    return sum(
        posting.amount
        for posting in history.loan.postings
        if posting.kind in {PostingKind.REPAYMENT, PostingKind.DOWN_PAYMENT}
    )


def interest_overdue(loan: ProgressiveLoan, day: date) -> int:
    """Interest of the instalments due by a day that is not paid, in minor units."""
    return sum(each.left(Owed.INTEREST) for each in loan.instalments if each.due <= day)


def _drawn(day: date, amount: int) -> ScheduleRow:
    return ScheduleRow(None, day, day, None, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def schedule_totals(loan: ProgressiveLoan) -> dict[str, int]:
    """The sums of the schedule's columns, in minor units."""
    columns = (
        "principal",
        "interest",
        "fees",
        "penalties",
        "asked",
        "paid",
        "paid_in_advance",
        "paid_late",
        "waived",
        "outstanding",
    )
    rows = [row for row in schedule(loan) if row.number is not None]
    return {column: sum(getattr(row, column) for row in rows) for column in columns}
