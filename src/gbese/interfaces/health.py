"""Whether the product runs, told to anyone and telling nothing else."""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def health(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables of this version."""
    if _is_ready():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "unavailable"}, status=503)


def _is_ready() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _has_todays_tables() is None
    except (DatabaseError, _TablesMissing):
        return False


class _TablesMissing(Exception):
    """The database is of an earlier version."""


@cache
def _has_todays_tables() -> None:
    """Look once: a database never loses tables, and looking reads every migration.

    Raises:
        _TablesMissing: it has not got them yet; the next call looks again.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _TablesMissing


urlpatterns = [
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
]
