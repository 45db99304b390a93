"""Tokens of the API on their page: made once, seen once, revoked by whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from gbese.apps.identity import queries

pytestmark = pytest.mark.django_db

ClientOf = Callable[[str], Client]

ASKED = {"name": "till 9", "role": "cashier", "lives_days": "30"}


def made_by(client: Client) -> str:
    told = client.post("/tokens", ASKED).content.decode()
    found = re.search(r'value="(gbese_[\w-]+)"', told)
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_and_opens_the_api_with_its_role(client_of: ClientOf) -> None:
    client = client_of("accountant")
    token = made_by(client)
    told = client.get("/tokens").content.decode()
    assert token not in told
    for words in ("till 9", "Cashier", f"{token[:10]}…", "In force"):
        assert words in told, words

    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/calendars", headers=headers).status_code == 200
    assert Client().get("/api/v1/audit-records", headers=headers).status_code == 403
    assert queries.api_tokens("accountant")[0].last_used_at is not None
    assert (
        "API token made" in client_of("auditor").get("/audit?what=api_token.made").content.decode()
    )


def test_a_revoked_token_opens_nothing(client_of: ClientOf) -> None:
    client = client_of("accountant")
    token = made_by(client)
    pk = queries.api_tokens("accountant")[0].pk
    assert client_of("cashier").post(f"/tokens/{pk}/revoke").status_code == 404
    assert client.post(f"/tokens/{pk}/revoke")["Location"] == "/tokens"
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/calendars", headers=headers).status_code == 401
    assert "Revoked" in client.get("/tokens").content.decode()


def test_who_manages_people_sees_and_revokes_the_tokens_of_all(client_of: ClientOf) -> None:
    made_by(client_of("accountant"))
    assert "till 9" not in client_of("cashier").get("/tokens").content.decode()
    administrator = client_of("administrator")
    assert "Accountant" in administrator.get("/tokens").content.decode()
    pk = queries.api_tokens("accountant")[0].pk
    administrator.post(f"/tokens/{pk}/revoke")
    assert queries.api_tokens("accountant")[0].revoked_at is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"role": "administrator"},
        {"lives_days": "0"},
        {"lives_days": str(settings.ENVIRONMENT.token_days + 1)},
        {"lives_days": "9" * 12},  # more days than a calendar has
    ],
)
def test_a_token_that_may_not_be_is_refused(client_of: ClientOf, changed: dict[str, str]) -> None:
    assert client_of("cashier").post("/tokens", ASKED | changed).status_code == 422
    assert queries.api_tokens() == ()
