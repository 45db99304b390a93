"""What must come out of a published loan, compared with our readings."""

from __future__ import annotations

from collections.abc import Iterator

from gbese.core.contracts.progressive import PaymentKind
from gbese.core.servicing.progressive.postings import Posting, PostingKind
from gbese.core.servicing.progressive.readings import (
    LoanState,
    closed_on,
    interest_overdue,
    matures_on,
    repaid,
    schedule_totals,
    state,
)
from tests.conformance.adapters.loan_journal import compare_journal
from tests.conformance.adapters.loan_postings import compare_levies, compare_postings, kind_of
from tests.conformance.adapters.loan_reschedules import is_reschedule
from tests.conformance.adapters.loan_rows import COLUMNS, compare_schedule, money_difference
from tests.conformance.adapters.loan_steps import Told
from tests.conformance.cases import Document, Unsupported, difference

_STATES = {
    "submitted_and_pending_approval": LoanState.AGREED,
    "approved": LoanState.AGREED,
    "active": LoanState.ACTIVE,
    "closed_obligations_met": LoanState.SETTLED,
    "overpaid": LoanState.OVERPAID,
    "closed_written_off": LoanState.WRITTEN_OFF,
}


def compare(told: Told, step: Document) -> str | None:
    """The first difference of a check, if there is one."""
    return next(filter(None, _differences(told, step)), None)


def _differences(told: Told, step: Document) -> Iterator[str | None]:  # noqa: C901, PLR0912, PLR0915 - a case a check
    history = told.history
    match step["check"]:
        case "schedule":
            yield from compare_schedule(told, step)
        case "schedule_totals":
            totals = schedule_totals(history.loan)
            for name, expected in step["values"].items():
                yield money_difference(
                    told, f"total {name}", expected, totals[COLUMNS.get(name, name)]
                )
        case "transactions":
            yield from compare_postings(told, step)
        case "status":
            yield difference("status", _state(step["value"]), state(history))
        case "charged_off_on":
            charged_off = history.loan.charged_off_on
            told_on = charged_off.isoformat() if charged_off else None
            yield difference("charged off on", step["date"], told_on)
        case "closed_and_met":
            yield difference("status", _state(step["status"]), state(history))
            yield money_difference(
                told, "outstanding", step["outstanding"], history.loan.outstanding
            )
        case "outstanding":
            yield money_difference(told, "outstanding", step["amount"], history.loan.outstanding)
        case "overpaid":
            yield money_difference(told, "overpaid", step["amount"], history.loan.overpaid)
        case "reversed":
            kind = kind_of(step["type"])
            found = [each for each in history.postings if each.kind is kind]
            if step.get("date"):
                found = [each for each in found if each.day == told.day(step)]
            reverted = any(each.is_reverted for each in found)
            yield difference(f"{kind} reverted", step["value"], reverted)
        case "all_installments_met":
            met = all(each.is_met for each in history.loan.instalments)
            yield difference("all instalments met", True, met)  # noqa: FBT003 - expected
        case "journal":
            yield from compare_journal(told, step)
        case "tranches":
            to_come = [each.value_date.isoformat() for each in history.tranches]
            yield difference("to come", [row[0] for row in step["rows"] if not row[1]], to_come)
        case "last_payment_data":
            yield from _compare_last(told, step["values"])
        case "charges":
            yield from compare_levies(told, step)
        case "closed_on":
            closed = closed_on(history)
            yield difference("closed on", step["date"], closed.isoformat() if closed else "null")
        case "actual_maturity":
            yield difference("maturity", step["date"], history.loan.instalments[-1].due.isoformat())
        case "maturity":
            values, last_due = step["values"], history.loan.instalments[-1].due.isoformat()
            yield difference("due to end", values["expected_maturity_date"], last_due)
            ends = matures_on(history).isoformat()
            yield difference("maturity", values["actual_maturity_date"], ends)
        case "reschedules":
            days = [each.value_date.isoformat() for each in history.facts if is_reschedule(each)]
            yield difference("rescheduled from", [row[0] for row in step["rows"]], days)
        case "available_to_disburse_with_over_applied":
            yield money_difference(told, "drawable", step["amount"], history.drawable.minor)
        case "total_repaid":
            yield money_difference(told, "repaid", step["amount"], repaid(history))
        case "last_payment":
            yield money_difference(told, "last payment", step["amount"], _payments(told)[-1].amount)
        case "unpaid_due_interest":
            late = interest_overdue(history.loan, told.today)
            yield money_difference(told, "interest overdue", step["amount"], late)
        case "last_transaction":
            last = [each for each in history.postings if not each.is_reverted][-1]
            yield money_difference(told, "last amount", step["amount"], last.amount)
        case "count_transactions":
            found = [each for each in history.postings if each.kind is kind_of(step["type"])]
            yield difference("count", step["count"], len(found))
        case "has_transaction":
            yield from compare_postings(told, step, is_complete=False)
        case "overdue":
            yield money_difference(
                told, "overdue", step["amount"], history.loan.overdue(told.today)
            )
        case name if "delinquency" in name or name == "next_payment_due":
            yield from told.delinquent.differences(history.loan, step, told.today)
        case unknown:
            raise Unsupported(f"check of {unknown}")


def _compare_last(told: Told, values: Document) -> Iterator[str | None]:
    """The last payment of any kind, and the last repayment."""
    payments = _payments(told)
    repayments = [each for each in payments if each.kind is PostingKind.REPAYMENT]
    for name, last in (("payment", payments[-1]), ("repayment", repayments[-1])):
        yield money_difference(told, f"last {name}", values[f"last_{name}_amount"], last.amount)
        yield difference(f"last {name}", values[f"last_{name}_date"], last.day.isoformat())


def _payments(told: Told) -> list[Posting]:
    """The payments of any kind that stand."""
    standing = [each for each in told.history.postings if not each.is_reverted]
    return [each for each in standing if each.kind.value in set(PaymentKind)]


def _state(name: str) -> LoanState:
    if name not in _STATES:
        raise Unsupported(f"status {name}")
    return _STATES[name]
