from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from gbese.apps.bookkeeping import charts, mapping
from gbese.apps.bookkeeping.errors import BooksAlreadySetUp, EntityFactInvalid
from gbese.apps.bookkeeping.mapping import FIRST_HASH, EntityRow, SidesKept
from gbese.apps.bookkeeping.models import Account, BookDay, BooksHead, Entity
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.core.ledger import fiscal_year_start

_FIRST_MONTH, _LAST_MONTH, HOURS = 1, 12, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksStart:
    """How the books begin.

    `books_from` is the first day of the books, the first of a month: what happened before is taken
    over as balances. `open_day` is the business date to begin with. `chart` names a shipped chart
    of accounts. `cut_off_hour` is the local hour at which a day is cut: 0 is the midnight it ends
    with, 1 to 23 an hour of the next day.
    """

    books_from: date
    open_day: date
    chart: str
    cut_off_hour: int = 0


def usual_start(
    *, country: str, time_zone: str, fiscal_year_start_month: int, recorded_at: datetime
) -> BooksStart:
    """Books of this fiscal year, open on the day it is where they are kept, in the usual chart.

    Raises:
        EntityFactInvalid: the time zone or the month is out of its range.
    """
    _require("time_zone", time_zone, is_valid=is_time_zone(time_zone))
    _require_month(fiscal_year_start_month)
    today = recorded_at.astimezone(ZoneInfo(time_zone)).date()
    return BooksStart(
        books_from=fiscal_year_start(today, start_month=fiscal_year_start_month),
        open_day=today,
        chart=charts.usual_chart(country),
    )


@transaction.atomic
def set_up_entity(
    *,
    name: str,
    country: str,
    base_currency: str,
    fiscal_year_start_month: int,
    time_zone: str,
    sides: SidesKept | str,
    act: Act,
    start: BooksStart | None = None,
) -> EntityRow:
    """Open the books of an entity: its accounts, its first day, an empty journal.

    Args:
        name: of the entity, as its papers say it.
        country: two letters, ISO 3166-1.
        base_currency: three letters, ISO 4217.
        fiscal_year_start_month: 1 to 12.
        time_zone: IANA, such as Africa/Lagos; a day ends in it.
        sides: which loans are kept: borrower, lender or both.
        act: who, when, in which request.
        start: how the books begin; without it, as `usual_start` says.

    Raises:
        BooksAlreadySetUp: this installation has its entity.
        EntityFactInvalid: a fact is out of its range.
        ChartUnknown: no chart of that name is shipped.
    """
    if Entity.objects.exists():
        raise BooksAlreadySetUp
    _require("name", name, is_valid=bool(name.strip()))
    _require("country", country, is_valid=_is_code(country, 2))
    _require("base_currency", base_currency, is_valid=_is_code(base_currency, 3))
    _require("sides", sides, is_valid=sides in tuple(SidesKept))
    _require("time_zone", time_zone, is_valid=is_time_zone(time_zone))
    _require_month(fiscal_year_start_month)
    begun = start or usual_start(
        country=country,
        time_zone=time_zone,
        fiscal_year_start_month=fiscal_year_start_month,
        recorded_at=act.recorded_at,
    )
    _require("books_from", begun.books_from, is_valid=begun.books_from.day == 1)
    _require("open_day", begun.open_day, is_valid=begun.open_day >= begun.books_from)
    _require("cut_off_hour", begun.cut_off_hour, is_valid=0 <= begun.cut_off_hour < HOURS)
    accounts = charts.chart(begun.chart).accounts
    entity = Entity.objects.create(
        name=name.strip(),
        country=country,
        base_currency=base_currency,
        fiscal_year_start_month=fiscal_year_start_month,
        time_zone=time_zone,
        cut_off_hour=begun.cut_off_hour,
        sides_kept=SidesKept(sides),
        books_from=begun.books_from,
    )
    Account.objects.bulk_create(
        [Account(entity=entity, key=row.key, code=row.code, name=row.name) for row in accounts]
    )
    BookDay.objects.create(entity=entity, open_day=begun.open_day, cut_number=0)
    BooksHead.objects.create(entity=entity, number=0, entry_hash=FIRST_HASH)
    row = mapping.entity_row(entity)
    _record(row, begun, act)
    return row


def _record(row: EntityRow, begun: BooksStart, act: Act) -> None:
    record_audit(
        act=act,
        what="entity.set_up",
        subject=f"entity:{row.name}",
        before={},
        after={
            "country": row.country,
            "base_currency": row.base_currency,
            "fiscal_year_start_month": str(row.fiscal_year_start_month),
            "time_zone": row.time_zone,
            "cut_off_hour": str(row.cut_off_hour),
            "sides_kept": row.sides_kept.value,
            "books_from": row.books_from.isoformat(),
            "open_day": begun.open_day.isoformat(),
            "chart": begun.chart,
        },
    )


def _require(fact: str, given: object, *, is_valid: bool) -> None:
    if not is_valid:
        raise EntityFactInvalid(fact=fact, given=given)


def _require_month(month: int) -> None:
    _require("fiscal_year_start_month", month, is_valid=_FIRST_MONTH <= month <= _LAST_MONTH)


def _is_code(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isalpha() and text.isupper()


def is_time_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)
