"""A plan as rows of its run, and the digest that tells one plan from another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice

from gbese.apps.imports.mapping import facts_to_text
from gbese.apps.imports.models import ColumnTotal, RunCount, RunRow
from gbese.apps.imports.plans import Plan
from gbese.apps.imports.tables import Place

_BLOCK = 2_000


def store_rows(run: int, plan: Plan) -> None:
    """Keep what would become of every row; nothing of it is in the books."""
    rows = _rows(run, plan)
    while block := list(islice(rows, _BLOCK)):
        RunRow.objects.bulk_create(block)
    RunCount.objects.bulk_create(
        [RunCount(run_id=run, what=what, count=count) for what, count in counts(plan).items()]
    )
    ColumnTotal.objects.bulk_create(
        [
            ColumnTotal(
                run_id=run,
                file_name=total.file_name,
                column=total.column[:200],
                currency=total.currency.code,
                exponent=total.currency.exponent,
                taken=total.taken.minor,
                left_out=total.left_out.minor,
                faulty=total.faulty.minor,
            )
            for total in plan.column_sums
        ]
    )


def counts(plan: Plan) -> Mapping[str, int]:
    """How many things of each kind the plan has."""
    return {
        "parties": len(plan.parties),
        "loans": len(plan.loans),
        "reopened": len(plan.reopened),
        "later_events": len(plan.later_events),
        "statements": len(plan.statements),
        "exchange_rates": len(plan.exchange_rates),
        "fixings": sum(len(series.fixings) for series in plan.fixings),
        "unchanged": len(plan.unchanged),
        "left_out": len(plan.left_out),
        "faults": len(plan.faults),
        "findings": len(plan.findings),
    }


def would_change_something(plan: Plan) -> bool:
    return bool(
        plan.loans
        or plan.reopened
        or plan.later_events
        or plan.statements
        or plan.exchange_rates
        or plan.fixings
    )


def plan_sha256(plan: Plan) -> str:
    """Changes with whatever the plan would do: loans and their history, statements, rates."""
    digest = hashlib.sha256()
    for loan in (*plan.loans, *plan.reopened):
        digest.update(f"{loan.loan_number}|{loan.terms}|{loan.events}\n".encode())
    for later in plan.later_events:
        digest.update(f"{later.loan_number}|{later.events}\n".encode())
    for place, statement in plan.statements:
        digest.update(f"{place}|{statement.loan_number}|{statement.stated_on}\n".encode())
    for rate in plan.exchange_rates:
        digest.update(f"{rate}\n".encode())
    for series in plan.fixings:
        digest.update(f"{series}\n".encode())
    return digest.hexdigest()


def _rows(run: int, plan: Plan) -> Iterator[RunRow]:
    kinds = RunRow.Kind
    for loan in plan.loans:
        yield _row(run, kinds.LOAN, loan.place, loan.loan_number)
    for loan in plan.reopened:
        yield _row(run, kinds.REOPENED, loan.place, loan.loan_number)
    for later in plan.later_events:
        yield _row(run, kinds.EVENTS, later.place, later.loan_number)
    for place, statement in plan.statements:
        yield _row(run, kinds.STATEMENT, place, statement.loan_number)
    for place, subject in plan.unchanged:
        yield _row(run, kinds.UNCHANGED, place, subject)
    for left in plan.left_out:
        yield _row(run, kinds.LEFT_OUT, left.place, left.subject, code=left.reason)
    for fault in plan.faults:
        row = _row(run, kinds.FAULT, fault.place, "", code=fault.code, facts=fault.facts)
        row.column, row.text = fault.column[:200], fault.text[:200]
        yield row
    for finding in plan.findings:
        yield _row(
            run,
            kinds.FINDING,
            finding.place,
            finding.subject,
            code=finding.code,
            facts=finding.facts,
        )


def _row(
    run: int,
    kind: RunRow.Kind,
    place: Place,
    subject: str,
    *,
    code: str = "",
    facts: Mapping[str, str] | None = None,
) -> RunRow:
    return RunRow(
        run_id=run,
        kind=kind,
        file_name=place.file_name,
        sheet=place.sheet[:100],
        line=place.line,
        subject=subject[:100],
        code=code,
        facts=facts_to_text(facts or {}),
    )
