"""An address that asks for what there is not is refused in words, with a way on, on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from gbese.apps.bookkeeping.services import set_up_entity
from gbese.apps.bookkeeping.services.set_up import BooksStart
from gbese.apps.identity.acts import Act
from gbese.interfaces.days import day_of

ClientOf = Callable[[str], Client]


@pytest.fixture
def books(db: None, act: Act) -> None:
    """Books of borrowing alone, open on 2 March 2026."""
    set_up_entity(
        name="Ilé Ìṣura Ltd",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="borrower",
        act=act,
        start=BooksStart(books_from=date(2026, 1, 1), open_day=date(2026, 3, 2), chart="ng"),
    )


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("address", "way_on", "told"),
    [
        ("/loans?status=nonsense", "/loans", "none of the choices of “status”: set_aside, "),
        ("/loans?side=nobody&text=a", "/loans?text=a", "none of the choices of “side”: borrower"),
        ("/loans?order=-beauty", "/loans", "“beauty”"),
        ("/loans?currency=XQQ", "/loans", "“XQQ” in this address (“currency”) names nothing"),
        ("/loans?lender=x", "/loans", "“x” in this address is not a whole number"),
        ("/loans?lender=999", "/loans", "names nothing that is here"),
        ("/loans?page=0", "/loans", "no page 0; its pages count from 1 to 1"),
        ("/loans?page=9", "/loans", "no page 9"),
        ("/loans?page=one", "/loans", "“one” in this address is not a whole number"),
        ("/loans.csv?status=nonsense", "/loans.csv", "“nonsense”"),
        ("/?side=lender", "/", "none of the choices of “side”: borrower"),
        ("/ladder?side=lender", "/ladder", "“lender”"),
        ("/debt-by-term?on=2026-13-45", "/debt-by-term", "“2026-13-45” in this address is not"),
        ("/debt-by-term?on=20260301", "/debt-by-term", "not a day"),
        ("/debt-by-term?policy=mine&on=2026-03-01", "/debt-by-term?on=2026-03-01", "“mine”"),
        ("/debt-by-term?by=luck", "/debt-by-term", "lender and borrower"),
        ("/debt-by-term.csv?on=never", "/debt-by-term.csv", "“never”"),
        ("/books/day-book?on=2026-02-30", "/books/day-book", "“2026-02-30”"),
        ("/books/day-book?page=2", "/books/day-book", "no page 2"),
        ("/books/trial-balance?on=x", "/books/trial-balance", "“x”"),
        (
            "/books/trial-balance?since=2026-03-01&on=2026-02-01",
            "/books/trial-balance?on=2026-02-01",
            "The first day, 1 Mar 2026, comes after the last, 1 Feb 2026.",
        ),
        ("/books/trial-balance.csv?since=x", "/books/trial-balance.csv", "“x”"),
        ("/books/late-entries?page=x", "/books/late-entries", "“x”"),
        ("/rates?on=x", "/rates", "“x”"),
        ("/rates?currency=euro", "/rates", "“EURO”"),
        ("/rates?source=hearsay", "/rates", "“hearsay”"),
        ("/rates/holidays?year=12", "/rates/holidays", "“12”"),
        ("/rates/holidays?code=ZZ", "/rates/holidays", "“ZZ”"),
        ("/statements?lender=nobody", "/statements", "“nobody”"),
        ("/statements?group=x", "/statements", "“x”"),
        ("/audit?before=x", "/audit", "“x”"),
    ],
)
def test_a_part_that_is_not_understood(
    client_of: ClientOf, address: str, way_on: str, told: str
) -> None:
    answer = client_of("administrator").get(address)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert told in text
    assert f'href="{way_on.replace("&", "&amp;")}"' in text


@pytest.mark.usefixtures("books")
def test_what_is_empty_asks_for_the_usual(client_of: ClientOf) -> None:
    client = client_of("administrator")
    for address in (
        "/loans?status=&side=&page=&lender=",
        "/debt-by-term?on=&policy=",
        "/rates?on=",
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.usefixtures("books")
def test_a_day_that_is_none_closes_nothing(client_of: ClientOf) -> None:
    answer = client_of("administrator").post("/books/close", {"day": "2026-13-01"})
    assert answer.status_code == 400
    assert "“2026-13-01”" in answer.content.decode()


@pytest.mark.usefixtures("books")
def test_the_last_day_of_the_calendar_has_no_next(client_of: ClientOf) -> None:
    for day in ("1900-01-01", "2200-12-31"):
        assert client_of("accountant").get(f"/books/day-book?on={day}").status_code == 200


@pytest.mark.django_db
def test_without_books_a_list_is_refused_before_it_is_on_its_way(client_of: ClientOf) -> None:
    for address in ("/loans.csv", "/loans.xlsx", "/debt-by-term.csv", "/books"):
        answer = client_of("administrator").get(address)
        assert answer.status_code == 409, address
        assert 'href="/set-up"' in answer.content.decode()
        assert 'href="/set-up"' not in client_of("manager").get(address).content.decode()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2023-02-29", None),
        ("1899-12-31", None),
        ("2201-01-01", None),
        ("2026-W10-1", None),
        ("٢٠٢٦-٠٣-٠١", None),
        ("2026-03-01 ", None),
    ],
)
def test_a_day_is_read_as_iso_writes_it(text: str, day: date | None) -> None:
    assert day_of(text) == day
