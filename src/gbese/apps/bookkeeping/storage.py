"""Adding many rows at once: the one place where the engines differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def add_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of `columns`, in order, without an object for each.

    PostgreSQL copies; SQLite runs one prepared statement. Constraints hold as for any insert.
    """
    concrete = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001 - documented
    fields = [concrete[column] for column in columns]
    names = ", ".join(f'"{field.column}"' for field in fields)
    prepares = [field.get_db_prep_save for field in fields]
    table = model._meta.db_table  # noqa: SLF001
    prepared = (
        tuple(prepare(value, connection) for prepare, value in zip(prepares, row, strict=True))
        for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in prepared:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(fields))
        cursor.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({places})',  # noqa: S608 - names are the model's
            list(prepared),
        )
