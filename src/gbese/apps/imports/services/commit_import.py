from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.imports import locks, storage
from gbese.apps.imports.errors import (
    PlanChanged,
    RunHasFaults,
    RunIsEmpty,
    RunNotPlanned,
    RunUnknown,
)
from gbese.apps.imports.mapping import to_stated_balance
from gbese.apps.imports.mappings import mapping_from_yaml
from gbese.apps.imports.models import ImportFile, ImportRun, RunCount, StatedBalance
from gbese.apps.imports.plans import Plan
from gbese.apps.imports.progress import Progress, ProgressFile, Stage
from gbese.apps.imports.services.loans import open_planned, prepared_plan, record_later
from gbese.apps.imports.services.plan_import import make_plan
from gbese.apps.imports.services.staging import counts, plan_sha256, would_change_something
from gbese.apps.lending.services import PreparedLoans, keep_days_off, take_fixings
from gbese.apps.parties.services import NewParty, find_or_add_parties
from gbese.apps.rates.kinds import JumpPolicy
from gbese.apps.rates.services import record_exchange_rates
from gbese.core.contracts.terms import Side

_BLOCK = 1_000
EXCHANGE_RATES, FIXINGS = "exchange rates", "fixings"


@dataclass(frozen=True, slots=True)
class CommittedRun:
    """An import that was carried out, and how much of what it brought."""

    run: int
    counts: Mapping[str, int]


def commit_import(
    *,
    run: int,
    act: Act,
    skip_faulty: bool = False,
    watch: Callable[[Progress], None] | None = None,
) -> CommittedRun:
    """Carry out a dry run in one step: all of it is in the books, or nothing.

    The files are read again and the plan is made again; it must be the one that was shown. Its
    progress is in a file beside the database. The same request again answers what it did.

    The loans are worked out before anything is held, so that others can write meanwhile; then one
    short transaction adds what is ready. Parties and days off are added before that: broken off
    in between, they stay, as they do when an import is undone, and are found the next time.

    Raises:
        RunUnknown, RunNotPlanned: there is nothing to carry out.
        RunHasFaults: rows have faults; `skip_faulty` agrees to leave them out.
        RunIsEmpty: it would change nothing.
        PlanChanged: since the dry run the books changed; make another.
        BooksMovedOn: a day was closed while it went on; carry it out again.
        FileMissing: a file is no longer in the store.
    """
    progress = ProgressFile(storage.progress_folder(), run, watch)
    progress.stage(Stage.READING)
    try:
        committed = _commit(run, act, progress, skip_faulty=skip_faulty)
    except BaseException:
        progress.stage(Stage.FAILED)
        raise
    progress.stage(Stage.DONE)
    return committed


def request_of(act: Act, what: str) -> Act:
    """The act under a request number of its own, for the rows of another app."""
    return replace(act, request_id=uuid5(act.request_id, what))


def importing(act: Act) -> Act:
    """The act as lending records it: what came by an import can be undone."""
    return replace(act, channel="import")


def _commit(number: int, act: Act, progress: ProgressFile, *, skip_faulty: bool) -> CommittedRun:
    run = ImportRun.objects.filter(pk=number).first()
    if run is None:
        raise RunUnknown(run=number)
    if (done := _done_before(run, act)) is not None:
        return done
    imports_before = _imports_so_far()
    plan = _plan_again(run)
    _require_as_shown(run, plan, skip_faulty=skip_faulty)
    parties = _add_parties(plan, act, progress)
    source = f"import:{number}"
    loans = [*plan.reopened, *plan.loans]
    progress.stage(Stage.LOANS, len(loans))
    with prepared_plan(
        loans, parties, act=importing(act), source=source, progress=progress
    ) as prepared:
        return _store(number, plan, prepared, imports_before, act, progress)


@transaction.atomic
def _store(
    number: int,
    plan: Plan,
    prepared: PreparedLoans,
    imports_before: int,
    act: Act,
    progress: ProgressFile,
) -> CommittedRun:
    """Add everything that is ready and close the run, in one transaction."""
    run = locks.run(number)
    if (done := _done_before(run, act)) is not None:
        return done
    if _imports_so_far() != imports_before:
        raise PlanChanged(run=number)
    _carry_out(run, plan, prepared, act, progress)
    run.state = ImportRun.State.COMMITTED
    run.committed_at, run.committed_by = act.recorded_at, act.login
    run.request_id, run.skips_faulty = act.request_id, bool(plan.faults)
    run.save()
    done_counts = counts(plan)
    record_audit(
        act=act,
        what="import.committed",
        subject=f"import:{number}",
        before={},
        after={
            **{what: str(count) for what, count in done_counts.items() if count},
            "files": ", ".join(_files(run)),
        },
    )
    return CommittedRun(number, done_counts)


def _done_before(run: ImportRun, act: Act) -> CommittedRun | None:
    """What the same request did the first time; a run that is no longer planned is refused."""
    if run.request_id == act.request_id and run.state == ImportRun.State.COMMITTED:
        stored = RunCount.objects.filter(run=run).values_list("what", "count")
        return CommittedRun(run.pk, dict(stored))
    if run.state != ImportRun.State.PLANNED:
        raise RunNotPlanned(run=run.pk, state=run.state)
    return None


def _imports_so_far() -> int:
    """How many imports were carried out or undone: what a plan knows of the loans rests on them."""
    return ImportRun.objects.exclude(state=ImportRun.State.PLANNED).count()


def _require_as_shown(run: ImportRun, plan: Plan, *, skip_faulty: bool) -> None:
    if plan.faults and not skip_faulty:
        raise RunHasFaults(run=run.pk, faults=len(plan.faults))
    if not would_change_something(plan):
        raise RunIsEmpty(run=run.pk)
    if plan_sha256(plan) != run.plan_sha256:
        raise PlanChanged(run=run.pk)


def _plan_again(run: ImportRun) -> Plan:
    files = [
        storage.kept(file.name, file.sha256)
        for file in ImportFile.objects.filter(run=run).order_by("pk")
    ]
    return make_plan(
        files,
        mapping=run.mapping_name,
        own_mapping=mapping_from_yaml(run.mapping_text) if run.mapping_text else None,
        side=Side(run.side) if run.side else None,
        currency=run.currency,
    )


def _keep_calendars(plan: Plan, act: Act) -> None:
    """The days off that the terms of the loans count with are kept, for all their years."""
    years: dict[str, set[int]] = {}
    for loan in (*plan.loans, *plan.reopened):
        if code := loan.terms.calendar_code:
            last = loan.terms.maturity_date or loan.terms.first_due_date
            years.setdefault(code, set()).update(range(loan.terms.signed_on.year, last.year + 1))
    for code, needed in sorted(years.items()):
        keep_days_off(code=code, years=sorted(needed), act=act)


@transaction.atomic
def _add_parties(plan: Plan, act: Act, progress: ProgressFile) -> Mapping[str, int]:
    """Find or add the parties of a plan, with the days off its loans count with: keys by key."""
    progress.stage(Stage.PARTIES, len(plan.parties))
    found = find_or_add_parties(
        parties=[
            NewParty(
                name=party.name,
                kind=party.kind,
                country=party.country,
                identifiers=party.identifiers,
            )
            for party in plan.parties
        ],
        act=act,
    )
    _keep_calendars(plan, act)
    return {planned.key: ref.pk for planned, ref in zip(plan.parties, found, strict=True)}


def _carry_out(
    run: ImportRun, plan: Plan, prepared: PreparedLoans, act: Act, progress: ProgressFile
) -> None:
    open_planned(plan.reopened, prepared, act=importing(act))
    progress.stage(Stage.EVENTS, len(plan.later_events))
    record_later(plan.later_events, act=importing(act), progress=progress)
    progress.stage(Stage.STATEMENTS, len(plan.statements))
    _store_statements(run, plan, progress)
    progress.stage(Stage.RATES, len(plan.exchange_rates) + len(plan.fixings))
    note = ", ".join(_files(run))[:200]
    if plan.exchange_rates:
        record_exchange_rates(
            rates=plan.exchange_rates,
            jumps=JumpPolicy.RECORD,
            note=note,
            act=request_of(act, EXCHANGE_RATES),
        )
    if plan.fixings:
        take_fixings(series=plan.fixings, note=note, act=request_of(act, FIXINGS))


def _store_statements(run: ImportRun, plan: Plan, progress: ProgressFile) -> None:
    for start in range(0, len(plan.statements), _BLOCK):
        StatedBalance.objects.bulk_create(
            [
                to_stated_balance(place, statement, run=run.pk, mapping_name=run.mapping_name)
                for place, statement in plan.statements[start : start + _BLOCK]
            ]
        )
        progress(start + _BLOCK)


def _files(run: ImportRun) -> list[str]:
    return list(ImportFile.objects.filter(run=run).order_by("pk").values_list("name", flat=True))


def rates_request(run: ImportRun, what: str) -> UUID:
    """The request number under which a run recorded rates."""
    if run.request_id is None:
        raise AssertionError
    return uuid5(run.request_id, what)
