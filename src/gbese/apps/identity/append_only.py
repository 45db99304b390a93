"""Tables whose rows are added and never changed: the database itself refuses, on both engines.

A migration protects a table with `AppendOnly("books_line")`. SQLite drops the triggers with the
table when a later migration remakes it, so such a migration ends with `AppendOnly` again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

PREFIX = "append_only_"

_SQLITE_TRIGGER = """
CREATE TRIGGER {name} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001'; END $$
"""
_POSTGRESQL_TRIGGERS = (
    """
CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION append_only()
""",
    """
CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION append_only()
""",
)


class AppendOnly(RunPython):
    """A step of a migration: from here on the database refuses to change or remove these rows."""

    reduces_to_sql = False

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(self._protect, self._lift)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return (self.__class__.__name__, (self.table,), {})

    def describe(self) -> str:
        return f"Rows of {self.table} are only ever added"

    def _protect(self, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        protect(schema_editor.connection, self.table)

    def _lift(self, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        lift(schema_editor.connection, self.table)


def protect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Refuse every change to rows of `table`; protecting it twice is the same as once."""
    lift(connection, table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for act in ("UPDATE", "DELETE"):
                name = f"{PREFIX}{act.lower()}_{table}"
                cursor.execute(_SQLITE_TRIGGER.format(name=name, act=act, table=table))
            return
        cursor.execute(_POSTGRESQL_FUNCTION)
        for trigger in _POSTGRESQL_TRIGGERS:
            cursor.execute(trigger.format(name=f"{PREFIX}{table}", table=table))


def lift(connection: BaseDatabaseWrapper, table: str) -> None:
    """Allow changes to rows of `table` again: for undoing a migration, and for `lifted`."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for act in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {PREFIX}{act}_{table}")
            return
        for name in (f"{PREFIX}{table}", f"{PREFIX}{table}_all"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def protected_tables(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The tables the database protects now."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT DISTINCT tbl_name FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'append_only_delete_%' ORDER BY tbl_name"
            )
        else:
            cursor.execute(
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE t.tgname LIKE 'append_only_%' AND t.tgenabled <> 'D' "
                "AND pg_table_is_visible(c.oid) ORDER BY c.relname"
            )
        return tuple(row[0] for row in cursor.fetchall())


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Empty or fill a whole database: a restore, a move, a test between two cases."""
    tables = protected_tables(connection)
    for table in tables:
        lift(connection, table)
    try:
        yield
    finally:
        for table in tables:
            protect(connection, table)
