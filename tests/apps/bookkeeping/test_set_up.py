"""An entity is set up once, with a chart that has a code for every part accounts play."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from gbese.apps.bookkeeping import charts, queries, services
from gbese.apps.identity import queries as identity
from gbese.core.ledger import AccountKey

if TYPE_CHECKING:
    from gbese.apps.bookkeeping.queries import EntityRow
    from gbese.apps.identity.acts import Act

pytestmark = pytest.mark.django_db


def set_up(act: Act, **facts: object) -> EntityRow:
    given = {
        "name": "Ayo Lending",
        "country": "NG",
        "base_currency": "NGN",
        "fiscal_year_start_month": 4,
        "time_zone": "Africa/Lagos",
        "sides": "lender",
        "act": act,
    }
    return services.set_up_entity(**(given | facts))  # type: ignore[arg-type]


def test_without_more_the_books_begin_with_this_fiscal_year_on_this_day(
    acts: Callable[..., Act],
) -> None:
    # 23:30 in Greenwich is already the next day in Lagos.
    row = set_up(acts(recorded_at=datetime(2026, 1, 15, 23, 30, tzinfo=UTC)))
    assert row.books_from == date(2025, 4, 1)
    assert queries.entity() == row
    day = queries.open_day()
    assert (day.open_day, day.cut_number) == (date(2026, 1, 16), 0)
    assert queries.booked_to() == date(2026, 1, 15)
    assert queries.accounts()[AccountKey.LOANS_SHORT].code == "1210"  # the Nigerian example chart
    assert identity.audit_records(limit=1)[0].what == "entity.set_up"


def test_there_is_one_entity(acts: Callable[..., Act]) -> None:
    set_up(acts())
    with pytest.raises(services.BooksAlreadySetUp):
        set_up(acts(), name="Another")


@pytest.mark.parametrize(
    ("fact", "given"),
    [
        ("name", " "),
        ("country", "Nigeria"),
        ("base_currency", "ngn"),
        ("fiscal_year_start_month", 13),
        ("time_zone", "Africa/Nowhere"),
        ("sides", "all"),
    ],
)
def test_a_fact_out_of_range_is_refused_and_leaves_nothing(
    fact: str, given: object, acts: Callable[..., Act]
) -> None:
    with pytest.raises(services.EntityFactInvalid) as refused:
        set_up(acts(), **{fact: given})
    assert refused.value.facts == {"fact": fact, "given": given}
    assert not queries.has_entity()
    assert not identity.audit_records(limit=1)


def test_the_start_is_checked(acts: Callable[..., Act]) -> None:
    for start in (
        services.BooksStart(books_from=date(2026, 1, 2), open_day=date(2026, 3, 1), chart="kz"),
        services.BooksStart(books_from=date(2026, 4, 1), open_day=date(2026, 3, 1), chart="kz"),
    ):
        with pytest.raises(services.EntityFactInvalid):
            set_up(acts(), start=start)
    with pytest.raises(services.ChartUnknown):
        set_up(
            acts(),
            start=services.BooksStart(
                books_from=date(2026, 1, 1), open_day=date(2026, 3, 1), chart="mars"
            ),
        )


def test_before_set_up_there_are_no_books() -> None:
    with pytest.raises(services.BooksNotSetUp):
        queries.open_day()


@pytest.mark.parametrize("name", ["ifrs", "kz", "ng", "ru"])
def test_every_chart_has_every_account_once(name: str) -> None:
    accounts = charts.chart(name).accounts
    assert [row.key for row in accounts] == list(AccountKey)
    assert len({row.code for row in accounts}) == len(accounts)


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("kz", AccountKey.BORROWINGS_LONG, "4010"),
        ("kz", AccountKey.INTEREST_INCOME, "6110"),
        ("ru", AccountKey.BORROWINGS_SHORT, "66"),
        ("ru", AccountKey.LOANS_SHORT, "58-3"),
        ("ng", AccountKey.IMPAIRMENT, "7210"),
    ],
)
def test_charts_have_the_codes_of_their_source(name: str, key: AccountKey, code: str) -> None:
    assert {row.key: row.code for row in charts.chart(name).accounts}[key] == code


def test_an_account_gets_another_code(acts: Callable[..., Act]) -> None:
    set_up(acts())
    act = acts()
    for _ in range(2):  # sent again, it changes nothing more
        services.set_account_code(key=AccountKey.CASH, code="1020", name="Bank", act=act)
    assert queries.accounts()[AccountKey.CASH].code == "1020"
    told = identity.audit_records(subject="account:cash", limit=None)
    assert len(told) == 1
    with pytest.raises(services.EntityFactInvalid):
        services.set_account_code(key=AccountKey.CASH, code="", name="Bank", act=acts())
