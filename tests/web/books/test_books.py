"""The pages of the books, as an accountant, an auditor and a cashier find them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from gbese.apps.bookkeeping import queries
from gbese.apps.bookkeeping import services as bookkeeping
from gbese.apps.closing import services as closing
from gbese.apps.identity.services import create_user
from gbese.apps.lending.models import ProjectionVersion
from gbese.core.ledger import AccountKey
from tests.apps.closing.conftest import act_on, books, open_loan  # noqa: F401 - fixtures
from tests.apps.closing.test_close import spoil

if TYPE_CHECKING:
    from django.test import Client

    from gbese.apps.bookkeeping.queries import EntityRow
    from gbese.apps.identity.acts import Act

pytestmark = pytest.mark.django_db
OPEN_DAY = date(2026, 3, 16)
NEXT_DAY = OPEN_DAY + timedelta(days=1)
ClientOf = Callable[[str], "Client"]
PAGES = [
    ("web:books", ()),
    ("web:trial_balance", ()),
    ("web:trial_balance_csv", ()),
    ("web:trial_balance_xlsx", ()),
    ("web:account_card", ("ln_int", "NGN")),
    ("web:day_book", ()),
    ("web:entry", (1,)),
    ("web:chart", ()),
    ("web:late_entries", ()),
    ("web:verify", ()),
]


@pytest.fixture
def closed(open_loan: Callable[..., str], act_on: Callable[[date], Act]) -> date:  # noqa: F811
    """A loan of 1,000,000.00 drawn on the open day, and a night of 1,000.00 booked."""
    open_loan("L-1")
    closing.close_to(day=NEXT_DAY, act=act_on(NEXT_DAY), progress=lambda _: None)
    return NEXT_DAY


@pytest.mark.parametrize("role", ["accountant", "manager", "auditor", "administrator"])
@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_who_keeps_or_checks_the_books_opens_them(
    closed: date, client_of: ClientOf, name: str, arguments: tuple[object, ...], role: str
) -> None:
    answer = client_of(role).get(reverse(name, args=arguments))
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize("role", ["cashier", "loan_officer"])
@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_others_do_not(
    closed: date, client_of: ClientOf, name: str, arguments: tuple[object, ...], role: str
) -> None:
    assert client_of(role).get(reverse(name, args=arguments)).status_code == 403


def test_the_trial_balance_shows_both_sides(closed: date, client_of: ClientOf) -> None:
    page = client_of("accountant").get(f"/books/trial-balance?on={closed}").content.decode()
    # Dr loans 1,000,000.00 and interest 1,000.00; Cr cash and interest income.
    for told in ("Loans issued, short-term", "1,000,000.00", "Interest income", "1,001,000.00"):
        assert told in page
    csv = b"".join(
        client_of("accountant").get(f"/books/trial-balance.csv?on={closed}").streaming_content
    ).decode()
    assert "1220,Interest receivable,NGN,0.00,1000.00,0.00,1000.00,0.00" in csv


def test_a_line_opens_down_to_the_loan(closed: date, client_of: ClientOf) -> None:
    client = client_of("accountant")
    card = client.get(f"/books/account/ln_int/NGN?on={closed}").content.decode()
    number = queries.journal_head().number
    assert f"/books/entry/{number}" in card
    entry = client.get(f"/books/entry/{number}").content.decode()
    assert "Interest, accrued" in entry
    loans = client.get(f"/books/entry/{number}/loans/1").content.decode()
    assert "L-1" in loans
    assert "1,000.00" in loans


def test_the_account_card_runs_its_balance_across_pages(closed: date) -> None:
    currency = queries.trial_balance(closed).rows[0].currency
    card = queries.account_card(
        AccountKey.CASH, currency, since=OPEN_DAY, until=closed, offset=0, limit=10
    )
    assert [(line.amount.minor, line.balance.minor) for line in card.lines] == [
        (-1_000_000_00, -1_000_000_00)
    ]
    beyond = queries.account_card(
        AccountKey.CASH, currency, since=closed, until=closed, offset=0, limit=10
    )
    assert (beyond.opening.minor, beyond.closing.minor, beyond.line_count) == (
        -1_000_000_00, -1_000_000_00, 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/books/entry/999", "/books/account/ln_int/USD", "/books/account/none/NGN"]
)
def test_what_is_not_there_is_not_found(closed: date, client_of: ClientOf, address: str) -> None:
    assert client_of("accountant").get(address).status_code == 404


def test_the_button_closes_the_day_once(books: EntityRow, client_of: ClientOf) -> None:  # noqa: F811
    client = client_of("accountant")
    form = {"day": OPEN_DAY.isoformat()}
    for _ in range(2):
        answer = client.post("/books/close", form, follow=True)
        assert "Closed to" in answer.content.decode()
    assert queries.open_day().open_day == NEXT_DAY


def test_the_button_says_why_not(books: EntityRow, client_of: ClientOf) -> None:  # noqa: F811
    far = (datetime.now(tz=UTC) + timedelta(days=40)).date()
    answer = client_of("accountant").post("/books/close", {"day": far}, follow=True)
    assert "is after tomorrow" in answer.content.decode()
    assert queries.open_day().open_day == OPEN_DAY


def test_only_who_may_closes(books: EntityRow, client_of: ClientOf) -> None:  # noqa: F811
    form = {"day": OPEN_DAY.isoformat()}
    assert client_of("auditor").post("/books/close", form).status_code == 403
    assert client_of("auditor").post("/books/period", form).status_code == 403
    assert queries.open_day().open_day == OPEN_DAY


def test_a_period_closes_and_opens_again(books: EntityRow, client_of: ClientOf) -> None:  # noqa: F811
    client = client_of("accountant")
    january = {"day": "2026-01-31"}
    client.post("/books/period", january)
    assert [str(period) for period in queries.closed_periods()] == ["2026-01"]
    client.post("/books/period", january | {"what": "reopen", "reason": "an invoice came late"})
    assert not queries.closed_periods()
    answer = client.post("/books/period", {"day": "2026-03-31"}, follow=True)
    assert not queries.closed_periods()
    assert "toast-error" in answer.content.decode()


def test_what_the_close_found_is_shown(
    closed: date,
    act_on: Callable[[date], Act],  # noqa: F811
    client_of: ClientOf,
) -> None:
    spoil(ProjectionVersion.objects.get(loan__number="L-1"), b"nonsense")
    day = closed + timedelta(days=1)
    closing.close_to(day=day, act=act_on(day), progress=lambda _: None)
    page = client_of("auditor").get("/books").content.decode()
    assert "To be looked at" in page
    assert "cannot be read" in page


def test_the_check_can_be_printed(
    closed: date,
    act_on: Callable[[date], Act],  # noqa: F811
    client_of: ClientOf,
) -> None:
    # Let in as people are: whoever came past the audit trail is a finding of the check.
    create_user(login="auditor", full_name="Auditor", role="auditor", act=act_on(closed))
    page = client_of("auditor").post("/books/check").content.decode()
    assert "Everything is as it must be" in page
    assert queries.journal_head().entry_hash in page


def test_an_administrator_gives_accounts_other_codes(books: EntityRow, client_of: ClientOf) -> None:  # noqa: F811
    form = {"code-cash": "1030", "name-cash": "Bank", "code-ln_st": "1210", "name-ln_st": ""}
    refused = client_of("administrator").post("/books/chart", form, follow=True)
    assert "toast-error" in refused.content.decode()
    assert queries.accounts()[AccountKey.CASH].code == "1010"  # all or nothing
    form["name-ln_st"] = "Loans issued, short-term"
    assert client_of("accountant").post("/books/chart", form).status_code == 403
    client_of("administrator").post("/books/chart", form)
    cash = queries.accounts()[AccountKey.CASH]
    assert (cash.code, cash.name) == ("1030", "Bank")


def test_what_came_late_is_listed(
    open_loan: Callable[..., str],  # noqa: F811
    act_on: Callable[[date], Act],  # noqa: F811
    client_of: ClientOf,
) -> None:
    bookkeeping.close_fiscal_period(day=date(2026, 1, 1), act=act_on(OPEN_DAY))
    assert "Nothing came late" in client_of("auditor").get("/books/late-entries").content.decode()
    open_loan("L-1", drawn_on=date(2026, 1, 21))  # ten nights of a closed month
    page = client_of("auditor").get("/books/late-entries").content.decode()
    assert "10,000.00" in page
    assert "January 2026" in page
