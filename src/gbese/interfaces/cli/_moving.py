"""Moving everything from SQLite to PostgreSQL: every table, exact, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction

from gbese.apps.identity.append_only import lifted
from gbese.config.environment import Environment
from gbese.interfaces.cli import _installation as installation
from gbese.interfaces.cli._errors import (
    MoveDiffers,
    MoveFromElsewhere,
    TargetHasData,
    TargetMalformed,
)

SOURCE = "default"
TARGET = "target"

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Moved:
    """One table: how many rows, and the digest that is the same on both sides."""

    table: str
    rows: int
    digest: str


def move(target_url: str, *, progress: Callable[[Moved], None]) -> tuple[Moved, ...]:
    """Copy every row into an empty PostgreSQL database, compare, and only then keep it.

    Raises:
        MoveFromElsewhere: the data are not in SQLite.
        TargetHasData: somebody can sign in there already.
        MoveDiffers: a table is not the same on both sides; nothing is kept.
        ProductRunning: the product runs on the data.
    """
    source = connections[SOURCE]
    if source.vendor != "sqlite":
        raise MoveFromElsewhere
    _connect(target_url)
    target = connections[TARGET]
    with installation.at_rest(), transaction.atomic(using=SOURCE):
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        if _count(apps.get_model("identity", "User"), TARGET):
            raise TargetHasData
        tables = _tables()
        with transaction.atomic(using=TARGET):
            with lifted(target):
                _empty(tables)
                for model in tables:
                    _copy(model)
            moved = []
            for model in tables:
                moved.append(_compared(model))
                progress(moved[-1])
            with target.cursor() as cursor:
                for statement in target.ops.sequence_reset_sql(no_style(), tables):
                    cursor.execute(statement)
    return tuple(moved)


def _connect(url: str) -> None:
    try:
        described = Environment(database_url=url).database()
    except ValueError as wrong:
        raise TargetMalformed(address=url.rsplit("@", 1)[-1]) from wrong
    if "postgresql" not in str(described["ENGINE"]):
        raise TargetMalformed(address=url)
    connections.settings[TARGET] = connections.configure_settings({SOURCE: described})[SOURCE]


def _tables() -> list[type[models.Model]]:
    """Every model with a table of its own; foreign keys are checked at the end, so in any order."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy  # noqa: SLF001 - Django's public way
    ]


def _empty(tables: list[type[models.Model]]) -> None:
    """Remove what migrations put there: the same rows come from the source."""
    target = connections[TARGET]
    names = ", ".join(target.ops.quote_name(_table(model)) for model in tables)
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def _copy(model: type[models.Model]) -> None:
    target = connections[TARGET]
    fields = _fields(model)
    columns = ", ".join(target.ops.quote_name(str(field.column)) for field in fields)
    into = f"COPY {target.ops.quote_name(_table(model))} ({columns}) FROM STDIN"
    with target.cursor() as cursor, cursor.cursor.copy(into) as copying:
        for row in _rows(model, SOURCE):
            copying.write_row(
                [
                    field.get_db_prep_save(value, target)
                    for field, value in zip(fields, row, strict=True)
                ]
            )


def _compared(model: type[models.Model]) -> Moved:
    before, after = _digest(model, SOURCE), _digest(model, TARGET)
    if before != after:
        raise MoveDiffers(table=_table(model), rows=before[0], rows_there=after[0])
    return Moved(_table(model), *before)


def _digest(model: type[models.Model], using: str) -> tuple[int, str]:
    """How many rows there are, and a digest of them that does not depend on their order.

    The engines sort texts differently, so the digests of the rows are added up.
    """
    rows, total = 0, 0
    for row in _rows(model, using):
        told = repr([_plain(value) for value in row]).encode()
        total += int.from_bytes(hashlib.sha256(told).digest(), "big")
        rows += 1
    return rows, f"{total % 2**256:064x}"


def _plain(value: object) -> object:
    """A value as both engines give it back."""
    if isinstance(value, memoryview | bytearray):
        return bytes(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value


def _rows(model: type[models.Model], using: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in _fields(model)]
    found = model._base_manager.using(using).order_by("pk")  # noqa: SLF001
    return found.values_list(*names).iterator(chunk_size=_AT_ONCE)


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return list(model._meta.concrete_fields)  # noqa: SLF001


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001


def _count(model: type[models.Model], using: str) -> int:
    return model._base_manager.using(using).count()  # noqa: SLF001
