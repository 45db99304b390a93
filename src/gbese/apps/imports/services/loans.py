"""The loans of a plan, handed to lending in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid5

from gbese.apps.identity.acts import Act
from gbese.apps.imports.plans import LaterEvents, PlannedLoan
from gbese.apps.imports.progress import ProgressFile
from gbese.apps.lending import services as lending
from gbese.apps.lending.services import NewLoan, PreparedLoans


@contextmanager
def prepared_plan(
    loans: Sequence[PlannedLoan],
    parties: Mapping[str, int],
    *,
    act: Act,
    source: str,
    progress: ProgressFile,
) -> Iterator[PreparedLoans]:
    """The loans of a plan worked out; nothing is stored yet."""
    with lending.prepared_loans(
        loans=[_new_loan(loan, parties) for loan in loans],
        act=act,
        source=source,
        progress=progress,
    ) as prepared:
        yield prepared


def open_planned(reopened: Sequence[PlannedLoan], prepared: PreparedLoans, *, act: Act) -> None:
    """Open what was worked out; loans whose history now begins earlier are taken out first."""
    if reopened:
        lending.remove_loans(loan_numbers=[loan.loan_number for loan in reopened], act=act)
    if prepared.numbers:
        lending.open_prepared(prepared)


def reopen_planned(
    loans: Sequence[PlannedLoan],
    parties: Mapping[str, int],
    *,
    act: Act,
    source: str,
    progress: ProgressFile,
) -> None:
    """Loans whose history is another now: worked out anew, taken out, and opened with all of it."""
    if loans:
        with prepared_plan(loans, parties, act=act, source=source, progress=progress) as prepared:
            open_planned(loans, prepared, act=act)


def record_later(later: Sequence[LaterEvents], *, act: Act, progress: ProgressFile) -> None:
    for done, each in enumerate(later, start=1):
        lending.record_several(
            loan_number=each.loan_number,
            events=each.events,
            act=replace(act, request_id=uuid5(act.request_id, each.loan_number)),
        )
        progress(done)
    statuses = {each.loan_number: each.external_status for each in later if each.external_status}
    if statuses:
        lending.take_external_statuses(statuses=statuses, act=act)


def _new_loan(loan: PlannedLoan, parties: Mapping[str, int]) -> NewLoan:
    return NewLoan(
        loan_number=loan.loan_number,
        side=loan.side,
        lender=parties[loan.lender],
        borrower=parties[loan.borrower],
        guarantor=parties[loan.guarantor] if loan.guarantor else None,
        terms=loan.terms,
        events=loan.events,
        purpose=loan.purpose[:200],
        product=loan.product[:100],
        agreement_number=loan.agreement_number[:60],
        external_status=loan.external_status[:60],
    )
