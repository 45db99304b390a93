from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gbese.apps.bookkeeping import locks, queries
from gbese.apps.bookkeeping.blocks import PackedBlock
from gbese.apps.bookkeeping.errors import (
    AccountUnmapped,
    AlreadyReversed,
    PeriodClosed,
    PostedOutsideBooks,
)
from gbese.apps.bookkeeping.mapping import BookDayRow, Link
from gbese.apps.bookkeeping.models import BooksHead, Entry, EntryBlock, EntryLine
from gbese.apps.identity.acts import Act
from gbese.apps.identity.bulk_rows import add_rows
from gbese.core.ledger import JournalEntry, fiscal_period_of, reversal

_ENTRY_COLUMNS = (
    "entity", "number", "kind", "value_date", "posting_date", "concerns_period", "loan_number",
    "source", "reverses", "recorded_at", "login", "request_id", "previous_hash", "entry_hash",
)  # fmt: skip
_LINE_COLUMNS = (
    "entity", "entry_number", "place", "posting_date", "account_key", "component", "currency",
    "minor_digits", "debit_minor", "credit_minor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """An entry for many loans, with the exact amount of each behind its lines."""

    entry: JournalEntry
    blocks: tuple[PackedBlock, ...]


@transaction.atomic
def post(*, entries: Sequence[JournalEntry], source: str, act: Act) -> tuple[int, ...]:
    """Append entries to the journal, all or none.

    Args:
        entries: balanced; any number of them.
        source: the act behind them as kind and name, `repayment:L-17/4`.
        act: who, when, in which request.

    Returns:
        The number of each entry, in their order; numbers have no gap.

    Raises:
        BooksNotSetUp: there is no entity yet.
        PostedOutsideBooks: a posting date is before the books or after the open day.
        PeriodClosed: a posting date is in a fiscal period that takes no entries.
        AccountUnmapped: an account has no code in the chart.
    """
    return _append([Summary(entry, ()) for entry in entries], source=source, act=act)


@transaction.atomic
def post_summaries(*, summaries: Sequence[Summary], source: str, act: Act) -> tuple[int, ...]:
    """Append entries for many loans and the packed amounts behind them, all or none.

    Raises:
        BooksNotSetUp, PostedOutsideBooks, PeriodClosed, AccountUnmapped: as `post`.
    """
    return _append(summaries, source=source, act=act)


@transaction.atomic
def reverse_entry(*, number: int, reason: str, act: Act) -> int:
    """Turn an entry round on the open day, once; the value date stays.

    Entries of loans are corrected by reversing what happened to the loan; this is for the others.

    Args:
        number: of the entry.
        reason: told in the source of the reversal.
        act: who, when, in which request.

    Returns:
        The number of the reversal.

    Raises:
        EntryUnknown: no entry has this number.
        AlreadyReversed: it was turned round before.
    """
    day = locks.book_day_shared()
    locks.books_head(day.entity)
    row = queries.entry(number)
    if (earlier := queries.reversal_of(number)) is not None:
        raise AlreadyReversed(number=number, reversed_by=earlier)
    turned = reversal(queries.journal_entry_of(row), number=number, posting_date=day.open_day)
    (made,) = _append([Summary(turned, ())], source=f"reversal:{reason}", act=act)
    return made


def _append(items: Sequence[Summary], *, source: str, act: Act) -> tuple[int, ...]:
    day = locks.book_day_shared()
    if not items:
        return ()
    _require_postable([item.entry for item in items], day)
    head = locks.books_head(day.entity)
    writing = _Writing(head, source=source, act=act)
    for item in items:
        writing.add(item)
    add_rows(Entry, _ENTRY_COLUMNS, writing.entries)
    add_rows(EntryLine, _LINE_COLUMNS, writing.lines)
    EntryBlock.objects.bulk_create(writing.blocks, batch_size=50)
    head.save(update_fields=["number", "entry_hash", "recorded_at"])
    return tuple(row[1] for row in writing.entries)


def _require_postable(entries: Sequence[JournalEntry], day: BookDayRow) -> None:
    books_from = queries.entity().books_from
    closed = queries.closed_periods()
    for posting_date in {entry.posting_date for entry in entries}:
        if not books_from <= posting_date <= day.open_day:
            raise PostedOutsideBooks(
                posting_date=posting_date, books_from=books_from, open_day=day.open_day
            )
        if (period := fiscal_period_of(posting_date)) in closed:
            raise PeriodClosed(period=str(period), posting_date=posting_date)
    mapped = queries.accounts().keys()
    unmapped = {line.account for entry in entries for line in entry.lines} - mapped
    if unmapped:
        raise AccountUnmapped(account=min(unmapped))


class _Writing:
    """Rows to be written, and the head of the chain as they make it."""

    def __init__(self, head: BooksHead, *, source: str, act: Act) -> None:
        self.head = head
        self.source = source
        self.act = act
        self.recorded_at = _not_before(act.recorded_at, head.recorded_at)
        self.head.recorded_at = self.recorded_at
        self.entries: list[tuple[Any, ...]] = []
        self.lines: list[tuple[Any, ...]] = []
        self.blocks: list[EntryBlock] = []

    def add(self, item: Summary) -> None:
        entry, entity, number = item.entry, self.head.entity_id, self.head.number + 1
        blocks = [
            self._block(number, place, block) for place, block in enumerate(item.blocks, start=1)
        ]
        link = Link(
            entity=entity,
            number=number,
            kind=entry.kind.value,
            value_date=entry.value_date,
            posting_date=entry.posting_date,
            concerns_period=entry.concerns.end,
            loan_number=entry.subledger,
            source=self.source,
            reverses=entry.reverses,
            recorded_at=self.recorded_at,
            login=self.act.login,
            request_id=self.act.request_id,
            lines=[
                (
                    line.account.value,
                    line.component,
                    line.amount.currency.code,
                    line.amount.currency.exponent,
                    line.signed_minor,
                )
                for line in entry.lines
            ],
            block_digests=[block.digest for block in blocks],
            previous_hash=self.head.entry_hash,
        )
        entry_hash = link.hash()
        self.entries.append(
            (
                entity, number, link.kind, link.value_date, link.posting_date,
                link.concerns_period, link.loan_number, link.source, link.reverses,
                link.recorded_at, link.login, link.request_id, link.previous_hash, entry_hash,
            )
        )  # fmt: skip
        self.lines.extend(self._lines(number, link))
        self.blocks.extend(blocks)
        self.head.number, self.head.entry_hash = number, entry_hash

    def _lines(self, number: int, link: Link) -> Iterator[tuple[Any, ...]]:
        for place, (account, component, currency, digits, signed) in enumerate(link.lines, start=1):
            yield (
                link.entity, number, place, link.posting_date, account, component, currency,
                digits, max(signed, 0), max(-signed, 0),
            )  # fmt: skip

    def _block(self, number: int, place: int, block: PackedBlock) -> EntryBlock:
        return EntryBlock(
            entity_id=self.head.entity_id,
            entry_number=number,
            place=place,
            side=block.side,
            term_class=block.term_class,
            currency=block.currency.code,
            minor_digits=block.currency.exponent,
            component=block.component or "",
            cause=block.cause,
            loans=block.loans,
            amount_sum=block.amount_sum,
            packed=block.packed,
            digest=block.digest,
        )


def _not_before(recorded_at: datetime, last: datetime | None) -> datetime:
    """Acts that wait for each other may be recorded in another order than they began."""
    return recorded_at if last is None else max(recorded_at, last)
