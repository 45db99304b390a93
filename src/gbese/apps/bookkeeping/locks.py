"""Rows held to the end of the transaction: the book's day first, the head of its journal last."""

from __future__ import annotations

from django.db import connection, transaction

from gbese.apps.bookkeeping.errors import BooksNotSetUp
from gbese.apps.bookkeeping.mapping import BookDayRow, book_day_row
from gbese.apps.bookkeeping.models import BookDay, BooksHead


def book_day_shared() -> BookDayRow:
    """Hold the book's day with others who record facts; a cut waits for all of them.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    _require_transaction()
    if connection.vendor != "postgresql":
        return _read()  # SQLite: the transaction itself is the only one that writes
    found = BookDay.objects.raw(
        "SELECT * FROM bookkeeping_bookday ORDER BY entity_id LIMIT 1 FOR SHARE"
    )
    for day in found:
        return book_day_row(day)
    raise BooksNotSetUp


def book_day_exclusive() -> BookDayRow:
    """Hold the book's day alone: for a cut.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    _require_transaction()
    held = BookDay.objects.select_for_update().order_by("entity_id").first()
    if held is None:
        raise BooksNotSetUp
    return book_day_row(held)


def books_head(entity: int) -> BooksHead:
    """Hold the last entry of the journal; whoever posts next waits for this transaction."""
    _require_transaction()
    return BooksHead.objects.select_for_update().get(entity_id=entity)


def _read() -> BookDayRow:
    day = BookDay.objects.order_by("entity_id").first()
    if day is None:
        raise BooksNotSetUp
    return book_day_row(day)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A row is held to the end of a transaction, and there is none."
        )
