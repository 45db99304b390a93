from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from gbese.apps.identity.models import ChainHead
from gbese.config.sqlite.base import WriteGate

only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'")


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_database_in_use_is_durable() -> None:
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }

    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_writers_in_a_crowd_wait_their_turn_and_lose_nothing() -> None:
    def add_ten() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    head = ChainHead.objects.select_for_update().get(chain="audit")
                    head.number += 1
                    head.save()
        finally:
            connection.close()

    crowd = [threading.Thread(target=add_ten) for _ in range(8)]
    for writer in crowd:
        writer.start()
    for writer in crowd:
        writer.join()

    assert ChainHead.objects.get(chain="audit").number == 80


def test_who_waits_too_long_is_refused_and_the_next_may_enter(tmp_path: Path) -> None:
    database = str(tmp_path / "x.sqlite3")
    inside = WriteGate(database, wait_seconds=5)
    outside = WriteGate(database, wait_seconds=0.05)
    inside.enter()

    begun = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        outside.enter()
    assert time.monotonic() - begun < 2

    inside.leave()
    outside.enter()
    outside.leave()
    outside.leave()  # leaving twice is nothing


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_lets_the_next_one_in() -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            _write_and_fail()

    other = threading.Thread(target=_write_once)
    other.start()
    other.join(timeout=5)
    assert not other.is_alive()
    assert ChainHead.objects.get(chain="audit").number == 7


@transaction.atomic
def _write_and_fail() -> None:
    ChainHead.objects.update(number=5)
    raise ZeroDivisionError


def _write_once() -> None:
    try:
        with transaction.atomic():
            ChainHead.objects.update(number=7)
    finally:
        connection.close()


@only_sqlite
def test_the_library_can_do_what_the_product_asks_of_it() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)
