"""The first start, signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.identity import queries as identity
from gbese.apps.identity import services
from gbese.apps.identity.acts import Act
from gbese.config import clock

pytestmark = pytest.mark.django_db

PASSWORD = "five green ladders"
START = {
    "firm_name": "Ilé Ìṣura Ltd",
    "sides": "both",
    "country": "NG",
    "currency": "",
    "fiscal_year_start_month": "1",
    "time_zone": "Africa/Lagos",
    "full_name": "Amina Bello",
    "login": "amina",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


def test_the_first_start_makes_the_books_and_lets_its_maker_in() -> None:
    client = Client()
    assert "Welcome to Gbese" in client.get("/first-start").content.decode()
    answer = client.post("/first-start", START)
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200
    assert identity.user("amina").role == "administrator"
    entity = bookkeeping.entity()
    assert (entity.name, entity.base_currency) == ("Ilé Ìṣura Ltd", "NGN")


def test_the_first_start_happens_once() -> None:
    Client().post("/first-start", START)
    again = Client().post("/first-start", START | {"login": "eve"})
    assert again["Location"] == "/sign-in"
    assert len(identity.users()) == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"password_again": "five green ladder"}, "The two passwords differ."),
        ({"password": "short", "password_again": "short"}, "easy to guess"),
        ({"login": "Амина"}, "small Latin letters"),
        ({"country": "QQ"}, "Select a valid choice"),
    ],
)
def test_a_wrong_first_start_says_why_and_leaves_nothing(
    changed: dict[str, str], told: str
) -> None:
    answer = Client().post("/first-start", START | changed)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not identity.has_users()
    assert not bookkeeping.has_entity()


def test_the_first_start_from_another_machine_asks_for_the_word(settings: object) -> None:
    settings.FIRST_START_SECRET = "blue-heron"  # type: ignore[attr-defined]
    elsewhere = Client(REMOTE_ADDR="192.168.1.20")
    assert elsewhere.get("/first-start").status_code == 403
    assert elsewhere.post("/first-start", START).status_code == 403
    assert not identity.has_users()
    assert elsewhere.post("/first-start/secret", {"secret": "red-heron"}).status_code == 422
    assert elsewhere.post("/first-start/secret", {"secret": "blue-heron"}).status_code == 302
    assert elsewhere.post("/first-start", START)["Location"] == "/"


def test_without_a_word_no_other_machine_can_make_the_first_start() -> None:
    elsewhere = Client(REMOTE_ADDR="192.168.1.20")
    assert elsewhere.post("/first-start/secret", {"secret": ""}).status_code == 422
    assert elsewhere.get("/first-start").status_code == 403


def test_books_are_set_up_where_somebody_can_sign_in_already(
    client_of: Callable[[str], Client],
) -> None:
    client = client_of("administrator")
    assert 'href="/set-up"' in client.get("/").content.decode()
    asked = {
        "firm_name": "Ilé Ìṣura Ltd",
        "sides": "both",
        "country": "NG",
        "currency": "",
        "fiscal_year_start_month": "1",
        "time_zone": "Africa/Lagos",
    }
    assert client.post("/set-up", asked | {"country": ""}).status_code == 422
    assert client_of("manager").post("/set-up", asked).status_code == 403
    assert client.post("/set-up", asked)["Location"] == "/"
    assert bookkeeping.entity().base_currency == "NGN"
    assert client.get("/set-up")["Location"] == "/"


def test_a_form_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/first-start", START)
    assert answer.status_code == 403
    assert "The form was too old" in answer.content.decode()
    assert not identity.has_users()


def test_a_password_lets_in_and_a_wrong_one_does_not_say_which(act: Act) -> None:
    services.create_first_user(login="amina", full_name="Amina", password=PASSWORD, act=act)
    client = Client()
    wrong = client.post("/sign-in", {"login": "amina", "password": "no"})
    unknown = client.post("/sign-in", {"login": "nobody", "password": "no"})
    assert wrong.status_code == unknown.status_code == 422
    assert "The login or the password is not right." in wrong.content.decode()
    assert "The login or the password is not right." in unknown.content.decode()
    right = client.post(
        "/sign-in", {"login": " Amina ", "password": PASSWORD, "next": "/help/tour"}
    )
    assert right["Location"] == "/help/tour"
    client.post("/sign-out")
    assert client.get("/help")["Location"].startswith("/sign-in")


def test_signing_in_leads_to_no_other_site(act: Act) -> None:
    services.create_first_user(login="amina", full_name="Amina", password=PASSWORD, act=act)
    answer = Client().post(
        "/sign-in", {"login": "amina", "password": PASSWORD, "next": "//evil.example"}
    )
    assert answer["Location"] == "/"


def test_a_link_signs_in_once_and_looking_at_it_spends_nothing(
    client_of: Callable[[str], Client], act: Act
) -> None:
    client_of("cashier")
    now = Act("amina", clock.now(), act.request_id, "cli")
    secret = services.make_sign_in_link(login="cashier", lives_for=timedelta(hours=1), act=now)
    client = Client()
    assert "signs you in once" in client.get(f"/sign-in/{secret}").content.decode()
    assert client.post(f"/sign-in/{secret}")["Location"] == "/"
    assert client.get("/help").status_code == 200
    assert Client().get(f"/sign-in/{secret}").status_code == 410
    assert Client().post(f"/sign-in/{secret}").status_code == 410
