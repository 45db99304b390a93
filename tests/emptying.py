"""Emptying the database after a test with real transactions, back to what migrations left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.test import TransactionTestCase

from gbese.apps.identity.append_only import lifted


def empty_as_migrated() -> Callable[[], None]:
    """Let Django's emptying pass append-only tables, and put the rows of migrations back.

    Call it when the database is fresh; it returns what undoes it.
    """
    rows = serializers.serialize("json", [row for model in _models() for row in _rows(model)])
    kept: Any = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in the stubs

    def teardown(case: TransactionTestCase) -> None:
        with lifted(connection):
            kept(case)
        with transaction.atomic():
            for row in serializers.deserialize("json", rows):
                row.save()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]

    def undo() -> None:
        TransactionTestCase._fixture_teardown = kept  # type: ignore[attr-defined]

    return undo


def _models() -> list[type[Model]]:
    tables = connection.introspection.table_names()
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("gbese.") and model._meta.db_table in tables
    ]


def _rows(model: type[Model]) -> QuerySet[Model]:
    return model._default_manager.order_by("pk")
