from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.db import transaction

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.identity.acts import Act
from gbese.apps.imports import context as books
from gbese.apps.imports import storage
from gbese.apps.imports.errors import AlreadyImported, FilesMissing
from gbese.apps.imports.mappings import FileMapping, mapping_to_yaml
from gbese.apps.imports.models import ImportFile, ImportRun
from gbese.apps.imports.plans import Fault, Finding, Plan
from gbese.apps.imports.reading import SourceFile, read_tables
from gbese.apps.imports.recognition import BY_MAPPING, recognised
from gbese.apps.imports.services.staging import plan_sha256, store_rows
from gbese.apps.imports.soundness import sound
from gbese.apps.imports.tables import Table
from gbese.core.contracts.terms import Side


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A dry run: its number, and what it would do."""

    run: int
    plan: Plan = field(repr=False)


def plan_import(
    *,
    files: Sequence[SourceFile],
    act: Act,
    mapping: str = "",
    own_mapping: FileMapping | None = None,
    side: Side | None = None,
    currency: str = "",
) -> PlannedRun:
    """Read files and work out what importing them would do; only the run and its rows are kept.

    Args:
        files: all of one import; a recipe may need several together.
        act: who asks.
        mapping: the name of a mapping, where the one that fits by itself is not meant.
        own_mapping: a mapping made for these files, instead of a named one.
        side: whose books, where the files do not say.
        currency: of the amounts, where the files do not say.

    Raises:
        FilesMissing: there is nothing to read.
        AlreadyImported: an import of the same bytes stands.
        FileTooLarge, FileKindUnknown, WorkbookBroken and others of `reading`: a file is refused.
        MappingNotRecognised, MappingUnknown, ColumnsMissing: no way to read them.
    """
    if not files:
        raise FilesMissing
    _refuse_imported_before(files)
    plan = make_plan(files, mapping=mapping, own_mapping=own_mapping, side=side, currency=currency)
    for file in files:
        storage.keep(file)
    with transaction.atomic():
        run = ImportRun.objects.create(
            state=ImportRun.State.PLANNED,
            recipe=plan.recipe,
            mapping_name=own_mapping.name if own_mapping else (plan.mapping or mapping),
            mapping_text=mapping_to_yaml(own_mapping) if own_mapping else "",
            side=side or "",
            currency=currency,
            plan_sha256=plan_sha256(plan),
            planned_at=act.recorded_at,
            planned_by=act.login,
        )
        ImportFile.objects.bulk_create(
            [
                ImportFile(
                    run=run, name=file.name, sha256=file.sha256, size_bytes=len(file.content)
                )
                for file in files
            ]
        )
        store_rows(run.pk, plan)
    return PlannedRun(run.pk, plan)


def make_plan(
    files: Sequence[SourceFile],
    *,
    mapping: str,
    own_mapping: FileMapping | None,
    side: Side | None,
    currency: str,
) -> Plan:
    """The plan for these files and the books as they are now."""
    limits = storage.limits()
    tables = [table for file in files for table in read_tables(file, limits)]
    if own_mapping is not None:
        recipe = BY_MAPPING[own_mapping.recipe](own_mapping)
        chosen: Sequence[Table] = [table for table in tables if own_mapping.fits(table)] or tables
    else:
        recipe, chosen = recognised(tables, books.known_mappings(), mapping=mapping)
    context = books.context(side=side, currency=currency, mapping=mapping)
    plan = sound(recipe.plan(chosen, context), books.limits_of_books())
    return replace(
        plan,
        faults=list(_each_once(plan.faults)),
        findings=[*plan.findings, *_not_read(tables, chosen)],
    )


def _each_once(faults: Iterable[Fault]) -> Iterator[Fault]:
    """What is wrong with a cell, told once, however many facts are read from it."""
    told = set()
    for fault in faults:
        key = (fault.place, fault.column, fault.text, fault.code)
        if key not in told:
            told.add(key)
            yield fault


def _not_read(tables: Sequence[Table], chosen: Sequence[Table]) -> list[Finding]:
    """Sheets that stand beside the loans in a workbook and are something else."""
    return [
        Finding(table.place(table.header_line), table.sheet, "sheet_not_read")
        for table in tables
        if not any(table is one for one in chosen)
    ]


def _refuse_imported_before(files: Sequence[SourceFile]) -> None:
    """Refuse when every file is part of an import that stands; a new one beside them is welcome."""
    standing = {
        file.sha256: file.run
        for file in ImportFile.objects.filter(
            sha256__in=[file.sha256 for file in files], run__state=ImportRun.State.COMMITTED
        ).select_related("run")
    }
    if files and all(file.sha256 in standing for file in files):
        run = standing[files[0].sha256]
        committed_at = run.committed_at
        if committed_at is None:
            raise AssertionError
        raise AlreadyImported(
            file=files[0].name,
            run=run.pk,
            on=committed_at.astimezone(ZoneInfo(bookkeeping.entity().time_zone)).date(),
            login=run.committed_by,
        )
