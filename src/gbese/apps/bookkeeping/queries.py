"""Reads about an entity's books, as typed rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from gbese.apps.bookkeeping import blocks as packing
from gbese.apps.bookkeeping.errors import BooksNotSetUp, EntryUnknown
from gbese.apps.bookkeeping.mapping import (
    FIRST_HASH,
    AccountRow,
    BookDayRow,
    EntityRow,
    EntryRow,
    LineRow,
    SidesKept,
    account_row,
    book_day_row,
    entity_row,
    entry_row,
    link_of,
)
from gbese.apps.bookkeeping.models import (
    Account,
    BookDay,
    BooksHead,
    DayCut,
    Entity,
    Entry,
    EntryBlock,
    EntryLine,
    FiscalPeriodState,
)
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.ledger import (
    AccountKey,
    BookingPoint,
    EntryKind,
    FiscalPeriod,
    JournalEntry,
    Line,
    TrialBalance,
    Turnover,
    fiscal_period_of,
    fiscal_year_start,
)
from gbese.core.ledger import booking_points as points_of
from gbese.core.ledger import (
    trial_balance as balance_of,
)
from gbese.core.money import Currency, Money
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import Component

__all__ = [
    "AccountCard",
    "AccountRow",
    "BlockRow",
    "BookDayRow",
    "BrokenEntry",
    "CardLine",
    "DayCutRow",
    "EntityRow",
    "EntryRow",
    "JournalHead",
    "LineRow",
    "PeriodRow",
    "SidesKept",
    "account_card",
    "accounts",
    "block_amounts",
    "blocks_of",
    "booked_to",
    "booking_points",
    "closed_periods",
    "cut_of",
    "cuts",
    "day_book",
    "day_book_length",
    "entity",
    "entries_of",
    "entry",
    "first_broken_entry",
    "fiscal_periods",
    "has_entity",
    "journal",
    "journal_entry_of",
    "journal_head",
    "late_entries",
    "late_entry_count",
    "ledger_totals",
    "ledger_totals_by_loan",
    "open_day",
    "reversal_of",
    "summaries",
    "trial_balance",
]

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class DayCutRow:
    """A day that was sealed."""

    number: int
    day: date
    recorded_at: datetime
    login: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A fiscal period of the books and whether it takes entries."""

    period: FiscalPeriod
    is_closed: bool


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The last entry: written down elsewhere, it proves that nothing before it changed."""

    number: int
    entry_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """What stands behind one part of a summary entry; `amount_sum` in minor units."""

    entry_number: int
    place: int
    side: Side
    term_class: TermClass
    currency: Currency
    component: Component | None
    cause: Cause
    loans: int
    amount_sum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One line of an account card; `balance` is the account's after it. Both are debit positive."""

    entry_number: int
    kind: EntryKind
    value_date: date
    posting_date: date
    loan_number: str
    component: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCard:
    """An account in one currency between two days: balances at both ends, and a page of lines."""

    account: AccountKey
    currency: Currency
    opening: Money
    closing: Money
    line_count: int
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """The first entry that is not as it was written.

    `code` is `number_missing`, `entry_unbalanced`, `previous_hash_differs`, `entry_hash_differs`,
    `recorded_at_decreases`, `lines_without_entry`, `block_differs` or `head_differs`.
    """

    number: int
    code: str


def has_entity() -> bool:
    """Whether books are kept here."""
    return Entity.objects.exists()


def entity() -> EntityRow:
    """Whose books these are.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    found = Entity.objects.order_by("pk").first()
    if found is None:
        raise BooksNotSetUp
    return entity_row(found)


def open_day() -> BookDayRow:
    """The day the books are open on: the business date.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    found = BookDay.objects.order_by("entity_id").first()
    if found is None:
        raise BooksNotSetUp
    return book_day_row(found)


def booked_to() -> date:
    """The last day that is sealed.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    return open_day().last_cut_day


def accounts() -> Mapping[AccountKey, AccountRow]:
    """The entity's code and name for each account key that has one."""
    return {row.key: row for row in map(account_row, Account.objects.filter(entity_id=entity().pk))}


def closed_periods() -> frozenset[FiscalPeriod]:
    """The fiscal periods that take no entries."""
    ends = FiscalPeriodState.objects.filter(is_closed=True).values_list("period_end", flat=True)
    return frozenset(fiscal_period_of(end) for end in ends)


def fiscal_periods() -> tuple[PeriodRow, ...]:
    """The fiscal periods from the first day of the books to the open day, newest first."""
    closed = closed_periods()
    first, period = entity().books_from, fiscal_period_of(open_day().open_day)
    rows: list[PeriodRow] = []
    while period.end >= first:
        rows.append(PeriodRow(period, period in closed))
        period = fiscal_period_of(date.fromordinal(period.start.toordinal() - 1))
    return tuple(rows)


def booking_points(value_date: date) -> tuple[BookingPoint, ...]:
    """The points at which a fact of a value date is booked; see `core.ledger.booking_points`.

    Raises:
        BooksNotSetUp: there is no entity yet.
        ValueDateAfterOpenDay: the fact waits for its day.
    """
    return points_of(
        value_date,
        open_day=open_day().open_day,
        books_from=entity().books_from,
        closed_periods=closed_periods(),
    )


def cuts(*, limit: int | None = None) -> tuple[DayCutRow, ...]:
    """The days that were sealed, newest first."""
    found = DayCut.objects.order_by("-number")[:limit]
    return tuple(DayCutRow(cut.number, cut.day, cut.recorded_at, cut.login) for cut in found)


def first_open_day() -> date:
    """The first day the books were open on.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    first = DayCut.objects.order_by("number").first()
    return first.day if first else open_day().open_day


def cut_of(day: date) -> DayCutRow | None:
    """The cut that sealed a day; None while it is open or was before the books."""
    cut = DayCut.objects.filter(day=day).first()
    return DayCutRow(cut.number, cut.day, cut.recorded_at, cut.login) if cut else None


def trial_balance(on: date, *, since: date | None = None) -> TrialBalance:
    """The trial balance at the end of a day.

    Args:
        on: the last posting date that counts.
        since: turnovers are counted from this day; None is the start of the fiscal year.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    owner = entity()
    start = since or fiscal_year_start(on, start_month=owner.fiscal_year_start_month)
    before, within = Q(posting_date__lt=start), Q(posting_date__gte=start)
    rows = (
        EntryLine.objects.filter(entity_id=owner.pk, posting_date__lte=on)
        .order_by()
        .values("account_key", "currency", "minor_digits")
        .annotate(
            debits_before=Sum("debit_minor", filter=before, default=0),
            credits_before=Sum("credit_minor", filter=before, default=0),
            debits=Sum("debit_minor", filter=within, default=0),
            credits=Sum("credit_minor", filter=within, default=0),
        )
    )
    return balance_of(
        Turnover(
            account=AccountKey(row["account_key"]),
            currency=Currency(row["currency"], row["minor_digits"]),
            opening=int(row["debits_before"]) - int(row["credits_before"]),
            debits=int(row["debits"]),
            credits=int(row["credits"]),
        )
        for row in rows
    )


def account_card(
    account: AccountKey, currency: Currency, *, since: date, until: date, offset: int, limit: int
) -> AccountCard:
    """What moved an account in one currency, in the order of posting, and its balance after each.

    Args:
        account: the account.
        currency: of the lines.
        since: the first posting date.
        until: the last posting date.
        offset: how many lines to leave out.
        limit: how many lines at most.
    """
    moved = EntryLine.objects.filter(
        entity_id=entity().pk, account_key=account, currency=currency.code, posting_date__lte=until
    )
    within = moved.filter(posting_date__gte=since).order_by("posting_date", "entry_number", "place")
    opening = _signed_sum(moved.filter(posting_date__lt=since))
    line_count = within.count()
    balance = opening + (_signed_sum(within[:offset]) if offset else 0)
    page = list(within[offset : offset + limit])
    found = Entry.objects.filter(number__in={line.entry_number for line in page})
    entries = {entry.number: entry for entry in found}
    lines: list[CardLine] = []
    for line in page:
        signed = line.debit_minor - line.credit_minor
        balance += signed
        of = entries[line.entry_number]
        lines.append(
            CardLine(
                entry_number=line.entry_number,
                kind=EntryKind(of.kind),
                value_date=of.value_date,
                posting_date=of.posting_date,
                loan_number=of.loan_number,
                component=line.component,
                amount=Money(signed, currency),
                balance=Money(balance, currency),
            )
        )
    return AccountCard(
        account=account,
        currency=currency,
        opening=Money(opening, currency),
        closing=Money(_signed_sum(moved), currency),
        line_count=line_count,
        lines=tuple(lines),
    )


def _signed_sum(lines: QuerySet[EntryLine]) -> int:
    sums = lines.aggregate(debits=Sum("debit_minor"), credits=Sum("credit_minor"))
    return int(sums["debits"] or 0) - int(sums["credits"] or 0)


def ledger_totals(loan_number: str) -> Mapping[tuple[AccountKey, str, str], int]:
    """What single entries booked of one loan: signed minor units by account, component, currency.

    What closes of days booked of it stands in packed blocks and is not in these.
    """
    numbers = Entry.objects.filter(loan_number=loan_number).values("number")
    rows = (
        EntryLine.objects.filter(entry_number__in=numbers)
        .order_by()
        .values("account_key", "component", "currency")
        .annotate(debits=Sum("debit_minor"), credits=Sum("credit_minor"))
    )
    return {
        (AccountKey(row["account_key"]), row["component"], row["currency"]): int(row["debits"])
        - int(row["credits"])
        for row in rows
    }


def ledger_totals_by_loan() -> Iterator[tuple[str, AccountKey, str, str, int]]:
    """What single entries booked, for every loan: its number, account, component, currency, sum.

    Sums are minor units, debit positive. What closes of days booked stands in packed blocks.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.loan_number, line.account_key, line.component, line.currency,
                   CAST(SUM(line.debit_minor - line.credit_minor) AS BIGINT)
            FROM bookkeeping_entryline line
            JOIN bookkeeping_entry entry
              ON entry.entity_id = line.entity_id AND entry.number = line.entry_number
            WHERE entry.loan_number <> ''
            GROUP BY entry.loan_number, line.account_key, line.component, line.currency
            """
        )
        while rows := cursor.fetchmany(_AT_ONCE):
            for loan_number, account, component, currency, minor in rows:
                yield loan_number, AccountKey(account), component, currency, int(minor)


def entry(number: int) -> EntryRow:
    """One entry with its lines.

    Raises:
        EntryUnknown: no entry has this number.
    """
    found = Entry.objects.filter(number=number).first()
    if found is None:
        raise EntryUnknown(number=number)
    return _with_lines([found])[0]


def reversal_of(number: int) -> int | None:
    """The number of the entry that turned this one round."""
    return Entry.objects.filter(reverses=number).values_list("number", flat=True).first()


def journal_entry_of(row: EntryRow) -> JournalEntry:
    """A stored entry as the ledger's value."""
    return JournalEntry(
        value_date=row.value_date,
        posting_date=row.posting_date,
        concerns=row.concerns,
        kind=row.kind,
        lines=tuple(
            Line(line.account, line.direction, line.amount, line.component) for line in row.lines
        ),
        subledger=row.loan_number,
        reverses=row.reverses,
    )


def entries_of(loan_number: str, *, limit: int | None = None) -> tuple[EntryRow, ...]:
    """The single entries of one loan, newest first."""
    found = Entry.objects.filter(loan_number=loan_number).order_by("-number")
    return _with_lines(list(found[:limit]))


def day_book(on: date, *, offset: int = 0, limit: int | None = None) -> tuple[EntryRow, ...]:
    """The entries posted on a day, in order; from `offset`, at most `limit`."""
    found = Entry.objects.filter(posting_date=on).order_by("number")
    end = None if limit is None else offset + limit
    return _with_lines(list(found[offset:end]))


def late_entries(*, offset: int, limit: int) -> tuple[EntryRow, ...]:
    """Entries posted after the fiscal period they concern was closed, newest first."""
    return _with_lines(list(_late().order_by("-number")[offset : offset + limit]))


def late_entry_count() -> int:
    """How many entries were posted after the fiscal period they concern."""
    return _late().count()


def _late() -> QuerySet[Entry]:
    return Entry.objects.filter(posting_date__gt=F("concerns_period"))


def day_book_length(on: date) -> int:
    """How many entries are posted on a day."""
    return Entry.objects.filter(posting_date=on).count()


def journal() -> Iterator[EntryRow]:
    """The whole journal, oldest first, without holding it in memory."""
    for stretch in _stretches():
        yield from _with_lines(stretch)


def blocks_of(entry_number: int) -> tuple[BlockRow, ...]:
    """What stands behind the lines of a summary entry, without the loans; empty for others."""
    found = EntryBlock.objects.filter(entry_number=entry_number).defer("packed").order_by("place")
    return tuple(_block_row(block) for block in found)


def summaries() -> Iterator[tuple[BlockRow, Mapping[str, int]]]:
    """Every block of the journal with its amounts by loan number, oldest first."""
    found = EntryBlock.objects.order_by("entry_number", "place").iterator(chunk_size=20)
    for block in found:
        yield _block_row(block), _amounts(bytes(block.packed))


def block_amounts(entry_number: int, place: int) -> Mapping[str, int]:
    """The amount of every loan behind one part of a summary entry, in minor units.

    Raises:
        EntryUnknown: there is no such part.
        BlockDamaged: the packed bytes cannot be read.
    """
    block = EntryBlock.objects.filter(entry_number=entry_number, place=place).first()
    if block is None:
        raise EntryUnknown(number=entry_number, place=place)
    return _amounts(bytes(block.packed))


def journal_head() -> JournalHead:
    """The last entry of the journal."""
    head = BooksHead.objects.order_by("entity_id").first()
    return JournalHead(head.number, head.entry_hash) if head else JournalHead(0, FIRST_HASH)


def first_broken_entry() -> BrokenEntry | None:
    """Walk the journal from its first entry; None when every link, line and block holds."""
    last_hash, last_recorded, expected = FIRST_HASH, None, 1
    line_count = 0
    for stretch in _stretches():
        first, last = stretch[0].number, stretch[-1].number
        lines = _lines_by_entry(stretch, first, last)
        digests, damaged = _digests_by_entry(first, last)
        for entry in stretch:
            found = lines.get(entry.number, [])
            line_count += len(found)
            if entry.number != expected:
                return BrokenEntry(expected, "number_missing")
            if entry.previous_hash != last_hash:
                return BrokenEntry(entry.number, "previous_hash_differs")
            if last_recorded is not None and entry.recorded_at < last_recorded:
                return BrokenEntry(entry.number, "recorded_at_decreases")
            if not _is_balanced(found):
                return BrokenEntry(entry.number, "entry_unbalanced")
            if any(line.posting_date != entry.posting_date for line in found):
                return BrokenEntry(entry.number, "entry_hash_differs")
            if entry.number in damaged:
                return BrokenEntry(entry.number, "block_differs")
            link = link_of(entry, found, digests.get(entry.number, []))
            if link.hash() != entry.entry_hash:
                return BrokenEntry(entry.number, "entry_hash_differs")
            last_hash, last_recorded = entry.entry_hash, entry.recorded_at
            expected += 1
    return _broken_after(expected - 1, last_hash, line_count)


def _broken_after(last_number: int, last_hash: str, line_count: int) -> BrokenEntry | None:
    head = journal_head()
    if head.number > last_number:
        return BrokenEntry(last_number + 1, "number_missing")
    if head != JournalHead(last_number, last_hash):
        return BrokenEntry(last_number, "head_differs")
    if EntryLine.objects.count() != line_count:
        stray = EntryLine.objects.exclude(
            entry_number__in=Entry.objects.values("number")
        ).values_list("entry_number", flat=True)
        return BrokenEntry(stray.first() or last_number, "lines_without_entry")
    return None


def _is_balanced(lines: Sequence[EntryLine]) -> bool:
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.currency] += line.debit_minor - line.credit_minor
    return bool(lines) and not any(sums.values())


def _stretches() -> Iterator[list[Entry]]:
    last = 0
    while stretch := list(Entry.objects.filter(number__gt=last).order_by("number")[:_AT_ONCE]):
        yield stretch
        last = stretch[-1].number


def _with_lines(entries: Sequence[Entry]) -> tuple[EntryRow, ...]:
    if not entries:
        return ()
    numbers = [entry.number for entry in entries]
    first, last = min(numbers), max(numbers)
    if last - first < 2 * len(numbers):
        lines = _lines_by_entry(entries, first, last)
    else:
        lines = {}
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            lines |= _grouped(_lines_of(entries).filter(entry_number__in=some))
    return tuple(entry_row(entry, lines.get(entry.number, [])) for entry in entries)


def _lines_by_entry(entries: Sequence[Entry], first: int, last: int) -> dict[int, list[EntryLine]]:
    lines = _lines_of(entries).filter(entry_number__gte=first, entry_number__lte=last)
    return _grouped(lines)


def _lines_of(entries: Sequence[Entry]) -> QuerySet[EntryLine]:
    """Lines by their entity first, as their index has them."""
    return EntryLine.objects.filter(entity__in={entry.entity_id for entry in entries})


def _grouped(lines: QuerySet[EntryLine]) -> dict[int, list[EntryLine]]:
    ordered = lines.order_by("entry_number", "place")
    return {number: list(group) for number, group in groupby(ordered, attrgetter("entry_number"))}


def _digests_by_entry(first: int, last: int) -> tuple[dict[int, list[str]], set[int]]:
    """The digests of the blocks of entries, and the entries with a block that is not as packed."""
    digests: dict[int, list[str]] = defaultdict(list)
    damaged: set[int] = set()
    found = EntryBlock.objects.filter(entry_number__gte=first, entry_number__lte=last)
    for block in found.order_by("entry_number", "place").iterator(chunk_size=20):
        digests[block.entry_number].append(block.digest)
        packed = bytes(block.packed)
        if packing.digest(packed) != block.digest or not _adds_up(packed, block):
            damaged.add(block.entry_number)
    return digests, damaged


def _adds_up(packed: bytes, block: EntryBlock) -> bool:
    amounts = packing.unpack(packed)
    return len(amounts) == block.loans and sum(amounts.values()) == block.amount_sum


def _amounts(packed: bytes) -> Mapping[str, int]:
    amounts = packing.unpack(packed)
    names = packing.subledger_names(set(amounts))
    return {names[number]: minor for number, minor in amounts.items()}


def _block_row(block: EntryBlock) -> BlockRow:
    return BlockRow(
        entry_number=block.entry_number,
        place=block.place,
        side=Side(block.side),
        term_class=TermClass(block.term_class),
        currency=Currency(block.currency, block.minor_digits),
        component=Component(block.component) if block.component else None,
        cause=Cause(block.cause),
        loans=block.loans,
        amount_sum=block.amount_sum,
    )
