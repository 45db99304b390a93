"""The frame around every page: languages, light and dark, the shell, errors."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

ClientOf = Callable[[str], Client]


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client_of: ClientOf) -> None:
    client_of("cashier")
    answer = Client().get("/help?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=%2Fhelp%3Fx%3D1"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client_of: ClientOf) -> None:
    client_of("cashier")
    answer = Client().get("/help", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/sign-in?next=")


def test_without_users_every_way_leads_to_the_first_start() -> None:
    assert Client().get("/")["Location"] == "/first-start"
    assert Client().get("/sign-in")["Location"] == "/first-start"


@pytest.mark.parametrize("address", ["/", "/help", "/help/keyboard", "/help/tour"])
def test_pages_open(client_of: ClientOf, address: str) -> None:
    answer = client_of("administrator").get(address)
    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "leads"), [("auditor", True), ("manager", True), ("cashier", False)]
)
def test_who_reads_the_audit_trail_is_led_there_from_any_page(
    client_of: ClientOf, role: str, leads: bool
) -> None:
    page = client_of(role).get("/help").content.decode()
    assert ('<a href="/audit" class="nav-item-link"' in page) is leads


def test_the_language_changes_at_once_and_is_kept(client_of: ClientOf) -> None:
    client = client_of("cashier")
    answer = client.post("/language", {"language": "yo", "next": "/help"})
    assert answer["Location"] == "/help"
    assert '<html lang="yo" dir="ltr"' in client.get("/help").content.decode()


def test_a_language_form_sends_nobody_to_another_site(client_of: ClientOf) -> None:
    answer = client_of("cashier").post(
        "/language", {"language": "yo", "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_dark_is_kept_and_the_system_followed_again(client_of: ClientOf) -> None:
    client = client_of("cashier")
    client.post("/theme", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in client.get("/help").content.decode()
    client.post("/theme", {"theme": ""})
    assert "data-bs-theme" not in client.get("/help").content.decode()


def test_the_shell_is_served_to_everybody_from_the_root() -> None:
    manifest = json.loads(Client().get("/manifest.webmanifest").content)
    assert manifest["start_url"] == "/"
    worker = Client().get("/service-worker.js")
    assert worker["Content-Type"] == "text/javascript"
    assert "/offline" in worker.content.decode()
    assert Client().get("/offline").status_code == 200


def test_pages_allow_no_script_or_style_of_others(client_of: ClientOf) -> None:
    answer = client_of("cashier").get("/help")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    text = answer.content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_an_unknown_address_is_told_in_words(client_of: ClientOf) -> None:
    answer = client_of("cashier").get("/nothing-here")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
