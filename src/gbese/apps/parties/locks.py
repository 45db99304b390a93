"""One at a time adds parties, so that two imports of one bank make one bank."""

from __future__ import annotations

from django.db import connection

_ADDING = 4_707_301


def adding() -> None:
    """Hold the right to add parties to the end of the transaction.

    On SQLite a writing transaction is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADDING])
