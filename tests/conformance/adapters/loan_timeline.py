"""Cases that live through a loan day by day."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date

from gbese.core.calendars.frequencies import DAILY, roll
from gbese.core.errors import Refusal
from gbese.core.servicing.events import Drawn
from gbese.core.servicing.progressive.history import ProgressiveHistory
from tests.conformance.adapters import delinquency_classes
from tests.conformance.adapters.loan_checks import compare
from tests.conformance.adapters.loan_delinquency import Delinquent
from tests.conformance.adapters.loan_lookups import undone
from tests.conformance.adapters.loan_reschedules import rescheduled
from tests.conformance.adapters.loan_steps import (
    Told,
    fact_of,
    levied_from_start,
    tranche,
)
from tests.conformance.adapters.loan_terms import terms_of
from tests.conformance.cases import Case, Document, Unsupported


def run(case: Case) -> str | None:
    """The first difference from the source, if there is one."""
    if "schedule_type" not in case.terms:
        return delinquency_classes.run(case)
    terms = terms_of(case.terms)
    assert terms.progressive is not None
    expected = Drawn(number=0, value_date=terms.interest_from, amount=terms.principal)
    history = ProgressiveHistory(terms, terms.progressive, terms.signed_on, expected)
    delinquent = Delinquent(case.terms["grace_on_arrears_days"])
    accounts = case.terms.get("gl_accounts", {})
    told = Told(terms, terms.signed_on, history, delinquent, accounts)
    told.expense_by_reason = accounts.get("chargeoff_expense_by_reason", {})
    for day, amount in case.terms.get("expected_tranches", ()):
        told.history.agree_tranche(tranche(told, day, amount))
    for charge in case.terms.get("charges", ()):
        told.history.record(levied_from_start(told, charge))
    for step in case.steps:
        if "op" in step:
            _do(told, step)
        elif step["check"] == "refused":
            if found := _refused(told, step):
                return found
        elif found := compare(told, step):
            return f"{told.today} {found}"
    return None


def _do(told: Told, step: Document) -> None:  # noqa: C901, PLR0912 - a case a step
    match step["op"]:
        case "create_loan":
            pass
        case "run_job" if step["job"] == "reprocess_transactions":
            pass  # a loan is always built anew from its facts
        case "set_date":
            told.today = told.history.today = told.day(step)
        case "next_day":
            told.today = told.history.today = roll(told.today, DAILY, 1, end_of_month=False)
        case "approve":
            expected = date.fromisoformat(step["expected_disbursement"])
            amount = told.money(step["amount"])
            told.history.expect(Drawn(number=0, value_date=expected, amount=amount))
        case "add_expected_tranche":
            told.history.agree_tranche(tranche(told, step["date"], step["amount"]))
        case "close_of_business":
            told.history.close_days_before(told.today)
            told.delinquent.classify(told.history.loan, told.today)
        case "delinquency_pause":
            told.delinquent.pause(step)
        case "delinquency_resume":
            told.delinquent.resume(step, told.history, told.today)
        case "reschedule":
            for change in rescheduled(told, step):
                told.history.record(replace(change, number=told.history.next_number))
        case "set_fraud":
            told.is_fraud = step["value"]
        case "undo" if step["what"] == "charge_off":
            told.history.undo_charge_off()
        case "undo" if step["what"] == "approval":
            pass
        case "undo" if step["what"] == "disbursement":
            told.history.undo_all()
        case "undo":
            told.history.undo(undone(told.history, step, told.day(step)))
        case operation:
            fact = fact_of(told, step)
            if fact is None:
                raise Unsupported(operation)
            told.history.record(fact)
            told.delinquent.classify(told.history.loan, told.today)


def _refused(told: Told, step: Document) -> str | None:
    """An attempt must be turned down and change nothing."""
    if "attempt" not in step:
        raise Unsupported("an attempt in words")
    try:
        _do(deepcopy(told), step["attempt"])
    except Refusal:
        return None
    return f"{told.today} not refused: {step['attempt']}"
