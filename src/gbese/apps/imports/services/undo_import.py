from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.imports import locks, storage
from gbese.apps.imports.context import known_mappings, known_statements
from gbese.apps.imports.errors import (
    LoansChangedSince,
    RunNotCommitted,
    RunRestsUnderLater,
)
from gbese.apps.imports.mappings import mapping_from_yaml
from gbese.apps.imports.models import ImportRun, RunRow, StatedBalance
from gbese.apps.imports.plans import PlannedLoan
from gbese.apps.imports.progress import ProgressFile
from gbese.apps.imports.recipes.lender_statements import (
    Source,
    parties_of,
    reopened_from_statements,
)
from gbese.apps.imports.services.commit_import import (
    EXCHANGE_RATES,
    FIXINGS,
    importing,
    rates_request,
    request_of,
)
from gbese.apps.imports.services.loans import reopen_planned
from gbese.apps.lending import queries as lending_queries
from gbese.apps.lending import services as lending
from gbese.apps.lending.services import drop_fixings
from gbese.apps.parties.services import NewParty, find_or_add_parties
from gbese.apps.rates.services import withdraw_exchange_rates
from gbese.core.contracts.terms import Side

_SHOWN = 20
_KINDS = (RunRow.Kind.LOAN, RunRow.Kind.REOPENED, RunRow.Kind.EVENTS)


@dataclass(frozen=True, slots=True)
class UndoneRun:
    """An import that was undone: loans taken out, and loans put back as they were before."""

    run: int
    removed: int
    put_back: int


@transaction.atomic
def undo_import(*, run: int, act: Act) -> UndoneRun:
    """Take back an import, as long as nothing else was recorded on its loans.

    Loans it opened are taken out; loans it only continued go back to the history they had before.
    Its rates are withdrawn. Parties stay: others may know them by now.

    Raises:
        RunUnknown, RunNotCommitted: there is nothing to undo.
        RunRestsUnderLater: later imports continue its loans; undo those first.
        LoansChangedSince: something else was recorded on loans of the import.
    """
    found = locks.run(run)
    if found.state != ImportRun.State.COMMITTED:
        raise RunNotCommitted(run=run, state=found.state)
    touched: dict[str, list[str]] = defaultdict(list)
    rows = RunRow.objects.filter(run=found, kind__in=_KINDS).order_by("pk")
    for kind, subject in rows.values_list("kind", "subject"):
        touched[kind].append(subject)
    opened = touched[RunRow.Kind.LOAN]
    continued = [*touched[RunRow.Kind.REOPENED], *touched[RunRow.Kind.EVENTS]]
    _refuse_later(found, {*opened, *continued})
    _refuse_changed({*opened, *continued})
    if opened:
        lending.remove_loans(loan_numbers=opened, act=importing(act))
    StatedBalance.objects.filter(run=found).delete()
    if continued:
        _put_back(found, continued, act)
    _withdraw_rates(found, act)
    found.state = ImportRun.State.UNDONE
    found.undone_at, found.undone_by = act.recorded_at, act.login
    found.save()
    record_audit(
        act=act,
        what="import.undone",
        subject=f"import:{run}",
        before={"loans": str(len(opened)), "continued": str(len(continued))},
        after={},
    )
    return UndoneRun(run, len(opened), len(continued))


def _refuse_later(run: ImportRun, loans: set[str]) -> None:
    later = (
        RunRow.objects.filter(
            run__state=ImportRun.State.COMMITTED, run__pk__gt=run.pk, kind__in=_KINDS
        )
        .values_list("run_id", "subject")
        .iterator()
    )
    resting = [(number, subject) for number, subject in later if subject in loans]
    if resting:
        raise RunRestsUnderLater(
            run=run.pk,
            runs=", ".join(str(number) for number in sorted({each[0] for each in resting})),
            loans=", ".join(sorted({each[1] for each in resting})[:_SHOWN]),
        )


def _refuse_changed(loans: set[str]) -> None:
    changed = sorted(lending_queries.recorded_upon(loans))
    if changed:
        raise LoansChangedSince(count=len(changed), loans=", ".join(changed[:_SHOWN]))


def _put_back(run: ImportRun, numbers: list[str], act: Act) -> None:
    """Loans of statements follow from the statements that are left."""
    statements = known_statements()
    mapping = (
        mapping_from_yaml(run.mapping_text)
        if run.mapping_text
        else known_mappings().named(run.mapping_name)
    )
    if mapping is None:
        raise AssertionError
    source = Source.of(mapping)
    side = Side(run.side or mapping.side)
    loans: list[PlannedLoan] = [
        reopened_from_statements(statements[number], source, side) for number in numbers
    ]
    planned = parties_of(
        [statement for number in numbers for statement in statements[number]], source
    )
    found = find_or_add_parties(
        parties=[
            NewParty(
                name=party.name,
                kind=party.kind,
                country=party.country,
                identifiers=party.identifiers,
            )
            for party in planned
        ],
        act=act,
    )
    parties = {party.key: ref.pk for party, ref in zip(planned, found, strict=True)}
    progress = ProgressFile(storage.progress_folder(), run.pk)
    source_name = f"undo-import:{run.pk}"
    reopen_planned(loans, parties, act=importing(act), source=source_name, progress=progress)


def _withdraw_rates(run: ImportRun, act: Act) -> None:
    note = f"import {run.pk} undone"
    withdraw_exchange_rates(
        recorded_by=rates_request(run, EXCHANGE_RATES),
        note=note,
        act=request_of(act, EXCHANGE_RATES),
    )
    drop_fixings(recorded_by=rates_request(run, FIXINGS), note=note, act=request_of(act, FIXINGS))
