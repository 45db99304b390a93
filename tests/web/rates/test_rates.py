"""The pages of rates, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gbese.apps.bookkeeping.charts import usual_chart
from gbese.apps.bookkeeping.services import BooksStart, set_up_entity
from gbese.apps.identity.acts import Act
from gbese.apps.rates.kinds import JumpPolicy, RateKind
from gbese.apps.rates.queries import (
    ExchangeRateMissing,
    exchange_rate,
    fixings,
    holidays_of,
    waiting_exchange_rates,
)
from gbese.apps.rates.services import NewExchangeRate, record_exchange_rates

pytestmark = pytest.mark.django_db

ClientOf = Callable[[str], Client]
OPEN_DAY = date(2025, 12, 31)
RATE = {
    "quantity": "1",
    "base": "usd",
    "rate": "1,537.79",
    "quote": "NGN",
    "valid_on": "2025-12-31",
    "kind": "official",
    "source": "cbn",
}
FIXING = {
    "series": "mpr",
    "unit": "yearly_rate",
    "value": "27.5",
    "valid_on": "2025-09-23",
    "source": "cbn",
    "holds": "on",
}


@pytest.fixture(autouse=True)
def books(db: None, acts: Callable[..., Act]) -> None:
    set_up_entity(
        name="Kaduna Mills",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        act=acts(),
        start=BooksStart(books_from=date(2025, 1, 1), open_day=OPEN_DAY, chart=usual_chart("NG")),
    )


@pytest.fixture
def accountant(client_of: ClientOf) -> Client:
    return client_of("accountant")


def naira(on: date = OPEN_DAY) -> str:
    found = exchange_rate("USD", "NGN", kind=RateKind.OFFICIAL, source="cbn", on=on, max_age_days=7)
    return f"{found.rate.numerator / found.rate.denominator:.2f}"


def test_a_rate_entered_by_hand_is_in_the_list(accountant: Client) -> None:
    answer = accountant.post(reverse("web:rate_new"), RATE, follow=True)
    assert "The rate is recorded." in answer.content.decode()
    assert naira() == "1537.79"
    shown = accountant.get(reverse("web:rates"), {"currency": "ngn"}).content.decode()
    assert "1537.79" in shown
    assert "Central Bank of Nigeria" in shown


def test_the_same_rate_again_is_recognised(accountant: Client) -> None:
    accountant.post(reverse("web:rate_new"), RATE)
    answer = accountant.post(reverse("web:rate_new"), RATE, follow=True)
    assert "recorded already" in answer.content.decode()


def test_a_rate_far_off_waits_for_a_second_person(accountant: Client, client_of: ClientOf) -> None:
    accountant.post(reverse("web:rate_new"), RATE | {"valid_on": "2025-12-30"})
    shown = accountant.post(
        reverse("web:rate_new"), RATE | {"rate": "153.779"}, follow=True
    ).content.decode()
    assert "more than a fifth off" in shown
    assert "Waiting for a second person" in shown
    assert naira() == "1537.79"  # of the day before
    (waiting,) = waiting_exchange_rates()
    confirm = reverse("web:rate_confirm", args=[waiting.pk])
    refused = accountant.post(confirm, follow=True).content.decode()
    assert naira() == "1537.79"
    assert "confirmed and in use" not in refused
    client_of("manager").post(confirm)
    assert naira() == "153.78"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rate": "0"}, "0"),
        ({"rate": "12a"}, "is not an amount"),
        ({"base": "US"}, "three letters"),
        ({"quote": "USD"}, "the same"),
        ({"valid_on": "31/12/2025"}, "year, month and day"),
        ({"quantity": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_wrong_rate_says_so_and_keeps_nothing(
    accountant: Client, wrong: dict[str, str], told: str
) -> None:
    answer = accountant.post(reverse("web:rate_new"), RATE | wrong)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    with pytest.raises(ExchangeRateMissing):
        naira()


def test_a_fixing_set_by_decision_holds_until_it_is_changed(accountant: Client) -> None:
    accountant.post(reverse("web:fixing_new"), FIXING)
    assert f"{fixings('MPR').rate_on(date(2026, 12, 31)).rate:f}" == "0.275"
    shown = accountant.get(reverse("web:reference_series", args=["MPR"])).content.decode()
    assert "27.5" in shown


def test_the_history_of_a_pair_is_paged(accountant: Client, acts: Callable[..., Act]) -> None:
    record_exchange_rates(
        rates=[
            NewExchangeRate(
                "EUR", "USD", RateKind.OFFICIAL, "ecb", OPEN_DAY - timedelta(days=back), "1.1593"
            )
            for back in range(150)
        ],
        jumps=JumpPolicy.RECORD,
        note="a table",
        act=acts(),
    )
    listed = accountant.get(reverse("web:rates")).content.decode()
    assert listed.count("/rates/pair/") == 1  # the last of the series only
    address = listed.split("/rates/pair/")[1].split('"')[0]
    first = accountant.get(f"/rates/pair/{address}").content.decode()
    assert first.count("1.1593") == 100
    second = accountant.get(f"/rates/pair/{address}?page=2").content.decode()
    assert second.count("1.1593") == 50
    assert "Source: European Central Bank" in second
    assert accountant.get("/rates/pair/999999").status_code == 404


def test_days_off_are_filled_in_and_corrected(accountant: Client) -> None:
    accountant.post(
        reverse("web:calendar_fill"), {"country": "ng", "first_year": 2025, "last_year": 2025}
    )
    assert date(2025, 10, 1) in {row.day for row in holidays_of("NG")}
    accountant.post(
        reverse("web:holiday_new"), {"code": "NG", "day": "2025-10-02", "name": "By decree"}
    )
    accountant.post(reverse("web:holiday_take_back"), {"code": "NG", "day": "2025-10-01"})
    days = {row.day for row in holidays_of("NG")}
    assert date(2025, 10, 2) in days
    assert date(2025, 10, 1) not in days
    shown = accountant.get(reverse("web:holidays"), {"code": "NG", "year": "2025"})
    assert "By decree" in shown.content.decode()


def test_an_unknown_country_is_refused(accountant: Client) -> None:
    answer = accountant.post(
        reverse("web:calendar_fill"), {"country": "XX", "first_year": 2025, "last_year": 2025}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("role", ["cashier", "auditor", "loan_officer"])
def test_who_may_only_look(client_of: ClientOf, role: str) -> None:
    client = client_of(role)
    shown = client.get(reverse("web:rates"))
    assert shown.status_code == 200
    assert "Enter an exchange rate" not in shown.content.decode()
    assert client.get(reverse("web:holidays")).status_code == 200
    for name in ("web:rate_new", "web:fixing_new", "web:calendar_fill", "web:holiday_new"):
        assert client.post(reverse(name), RATE).status_code == 403
