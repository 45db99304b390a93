"""Rows of the database ↔ values of the core, and the one text whose hash chains the entries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gbese.apps.bookkeeping.models import Account, BookDay, Entity, Entry, EntryLine
from gbese.core.contracts.terms import Side
from gbese.core.ledger import AccountKey, Direction, EntryKind, FiscalPeriod, fiscal_period_of
from gbese.core.money import Currency, Money

FIRST_HASH = "0" * 64


class SidesKept(StrEnum):
    """Which loans an entity keeps."""

    BORROWER = "borrower"
    LENDER = "lender"
    BOTH = "both"

    def includes(self, side: Side) -> bool:
        """Whether loans of this side are kept."""
        return self is SidesKept.BOTH or self.value == side.value


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRow:
    """Whose books these are."""

    pk: int
    name: str
    country: str
    base_currency: str
    fiscal_year_start_month: int
    time_zone: str
    cut_off_hour: int
    sides_kept: SidesKept
    books_from: date


@dataclass(frozen=True, slots=True)
class BookDayRow:
    """The day the books are open on. `cut_number` is the last cut's; 0 before the first."""

    entity: int
    open_day: date
    cut_number: int

    @property
    def last_cut_day(self) -> date:
        """The last day that is sealed, or was over before the books were first opened."""
        return self.open_day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What an entity calls a part accounts play."""

    key: AccountKey
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of an entry as it is read."""

    place: int
    account: AccountKey
    component: str
    direction: Direction
    amount: Money

    @property
    def signed_minor(self) -> int:
        """Minor units, debit positive."""
        return self.direction.sign * self.amount.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry as it is read, with its lines in order. A summary has no loan number."""

    number: int
    kind: EntryKind
    value_date: date
    posting_date: date
    concerns: FiscalPeriod
    loan_number: str
    source: str
    reverses: int | None
    recorded_at: datetime
    login: str
    request_id: UUID
    entry_hash: str
    lines: tuple[LineRow, ...]

    @property
    def is_late(self) -> bool:
        """Whether it concerns an earlier fiscal period than the one it is posted in."""
        return self.posting_date not in self.concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What one entry says; its hash covers every word of it, its lines and its blocks."""

    entity: int
    number: int
    kind: str
    value_date: date
    posting_date: date
    concerns_period: date
    loan_number: str
    source: str
    reverses: int | None
    recorded_at: datetime
    login: str
    request_id: UUID
    lines: Sequence[tuple[str, str, str, int, int]]  # account, component, currency, digits, signed
    block_digests: Sequence[str]
    previous_hash: str

    def hash(self) -> str:
        """SHA-256, in hexadecimal, of the fields in this order as one JSON array."""
        told = [
            str(self.entity),
            str(self.number),
            self.kind,
            self.value_date.isoformat(),
            self.posting_date.isoformat(),
            self.concerns_period.isoformat(),
            self.loan_number,
            self.source,
            "" if self.reverses is None else str(self.reverses),
            self.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.login,
            str(self.request_id),
            [[str(part) for part in line] for line in self.lines],
            list(self.block_digests),
            self.previous_hash,
        ]
        return hashlib.sha256(
            json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        ).hexdigest()


def entity_row(entity: Entity) -> EntityRow:
    return EntityRow(
        pk=entity.pk,
        name=entity.name,
        country=entity.country,
        base_currency=entity.base_currency,
        fiscal_year_start_month=entity.fiscal_year_start_month,
        time_zone=entity.time_zone,
        cut_off_hour=entity.cut_off_hour,
        sides_kept=SidesKept(entity.sides_kept),
        books_from=entity.books_from,
    )


def book_day_row(day: BookDay) -> BookDayRow:
    return BookDayRow(day.entity_id, day.open_day, day.cut_number)


def account_row(account: Account) -> AccountRow:
    return AccountRow(AccountKey(account.key), account.code, account.name)


def line_row(line: EntryLine) -> LineRow:
    is_debit = line.debit_minor > 0
    return LineRow(
        place=line.place,
        account=AccountKey(line.account_key),
        component=line.component,
        direction=Direction.DEBIT if is_debit else Direction.CREDIT,
        amount=Money(
            line.debit_minor if is_debit else line.credit_minor,
            Currency(line.currency, line.minor_digits),
        ),
    )


def entry_row(entry: Entry, lines: Sequence[EntryLine]) -> EntryRow:
    return EntryRow(
        number=entry.number,
        kind=EntryKind(entry.kind),
        value_date=entry.value_date,
        posting_date=entry.posting_date,
        concerns=fiscal_period_of(entry.concerns_period),
        loan_number=entry.loan_number,
        source=entry.source,
        reverses=entry.reverses,
        recorded_at=entry.recorded_at,
        login=entry.login,
        request_id=entry.request_id,
        entry_hash=entry.entry_hash,
        lines=tuple(line_row(line) for line in lines),
    )


def link_of(entry: Entry, lines: Sequence[EntryLine], block_digests: Sequence[str]) -> Link:
    """What the stored rows say, to be hashed again."""
    return Link(
        entity=entry.entity_id,
        number=entry.number,
        kind=entry.kind,
        value_date=entry.value_date,
        posting_date=entry.posting_date,
        concerns_period=entry.concerns_period,
        loan_number=entry.loan_number,
        source=entry.source,
        reverses=entry.reverses,
        recorded_at=entry.recorded_at,
        login=entry.login,
        request_id=entry.request_id,
        lines=[
            (
                line.account_key,
                line.component,
                line.currency,
                line.minor_digits,
                line.debit_minor - line.credit_minor,
            )
            for line in lines
        ],
        block_digests=block_digests,
        previous_hash=entry.previous_hash,
    )
