"""Adding many rows at once: the one place where the engines differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_PREPARED = (models.DateField, models.UUIDField)  # a moment is a DateField to Django


def add_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of `columns`, in order, without an object for each.

    PostgreSQL copies; SQLite runs one prepared statement. Constraints hold as for any insert.
    """
    connection = connections["default"]
    concrete = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001 - documented
    fields = [concrete[column] for column in columns]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table  # noqa: SLF001
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(fields))
        cursor.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({places})',  # noqa: S608 - names are the model's
            list(_prepared(rows, fields, connection)),
        )


def take_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys for rows that are about to be added with them; nobody else gets these.

    Only inside the transaction that adds the rows, the first of which is added with one of them.
    """
    connection = connections["default"]
    table = model._meta.db_table  # noqa: SLF001
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # SQLite: this transaction is the only one that writes.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
    return range(last + 1, last + 1 + count)


def _prepared(
    rows: Iterable[Sequence[Any]],
    fields: Sequence[models.Field[Any, Any]],
    connection: BaseDatabaseWrapper,
) -> Iterator[list[Any]]:
    """Rows with dates, moments and identifiers as the engine stores them."""
    preparing = [
        (place, _preparer(field, connection))
        for place, field in enumerate(fields)
        if isinstance(field, _PREPARED)
    ]
    for row in rows:
        prepared = list(row)
        for place, prepare in preparing:
            prepared[place] = prepare(prepared[place])
        yield prepared


def _preparer(
    field: models.Field[Any, Any], connection: BaseDatabaseWrapper
) -> Callable[[Any], Any]:
    @cache
    def prepare(value: object) -> object:
        return field.get_db_prep_save(value, connection)

    return prepare
