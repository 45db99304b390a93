"""Every operation by every role, against the shipped table: what it gives works, nothing else does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from gbese.apps.identity.permissions import Open, Right, Role, rights_of, table
from tests.api.conftest import Callers

pytestmark = pytest.mark.django_db


def document() -> dict[str, Any]:
    from gbese.interfaces.api.v1 import api

    return api.document


def operations() -> Iterator[tuple[str, str, str]]:
    """Id, method and path of every operation, its parameters filled with what does not exist."""
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            filled = re.sub(r"\{(\w+)\}", lambda name: _NOTHING.get(name[1], "999999"), path)
            yield told["operationId"], method.upper(), filled


_NOTHING = {"loan_number": "NONE-1", "period": "2020-01", "day": "2020-01-01"}


def test_the_table_lists_every_operation_and_no_other() -> None:
    assert sorted(name for name, _, _ in operations()) == sorted(table().operations)


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_the_table_gives_it_and_nothing_else(
    caller_of: Callers, role: Role
) -> None:
    program = caller_of(role)
    wrong = []
    for name, method, path in operations():
        asked = table().operations[name]
        may = isinstance(asked, Open) or asked in rights_of(role)
        answer = program.client.generic(method, path)
        is_json = answer.get("Content-Type", "").endswith("json")
        told = json.loads(answer.content) if is_json else {}
        is_refused = answer.status_code == 403 and told.get("code") == "right_missing"
        if is_refused is may or answer.status_code in {401, 405, 500}:
            wrong.append((name, answer.status_code, told.get("code")))
    assert wrong == []


@pytest.mark.usefixtures("books")
def test_nobody_may_do_anything_without_signing_in() -> None:
    client = Client()
    for name, method, path in operations():
        for headers in ({}, {"Authorization": "Bearer gbese_guess"}, {"Authorization": "Basic x"}):
            answer = client.generic(method, path, headers=headers)
            assert answer.status_code == 401, name
            assert answer["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/openapi.json").status_code == 401


@pytest.mark.parametrize("end", ["revoke", "keep out", "lower the role"])
def test_a_token_ends_with_what_it_rests_on(caller_of: Callers, end: str, acts: Any) -> None:
    from gbese.apps.identity import queries, services
    from gbese.config import clock

    program, act = caller_of("manager"), acts(recorded_at=clock.now())
    assert program.get("/users").status_code == 403
    assert program.get("/audit-head").status_code == 200
    match end:
        case "revoke":
            (token,) = queries.api_tokens("manager")
            services.revoke_api_token(pk=token.pk, act=act)
        case "keep out":
            services.set_active(login="manager", is_active=False, act=act)
        case _:
            services.change_role(login="manager", role="cashier", act=act)
    assert program.get("/audit-head").status_code == (403 if end == "lower the role" else 401)


@pytest.mark.usefixtures("books")
def test_a_session_needs_its_csrf_token_to_act_and_a_foreign_page_has_none() -> None:
    from django.contrib.auth import get_user_model

    from tests.conftest import RECORDED_AT

    user = get_user_model().objects.create(
        login="ada", full_name="Ada", role="loan_officer", created_at=RECORDED_AT
    )
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    assert browser.get("/api/v1/me").json()["is_token"] is False

    body = {"name": "A", "kind": "person"}
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}
    refused = browser.post("/api/v1/parties", body, **sent)  # type: ignore[arg-type]
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")

    page = browser.get("/api/v1/docs").content.decode()  # its own requests carry the token
    csrf = browser.cookies["csrf"].value
    assert 'data-api-csrf="true"' in page
    sent["headers"] = {"Idempotency-Key": "k", "X-CSRFToken": csrf}
    assert browser.post("/api/v1/parties", body, **sent).status_code == 201  # type: ignore[arg-type]


@pytest.mark.usefixtures("loans")
def test_reading_changes_nothing(caller_of: Callers) -> None:
    administrator = caller_of("administrator")
    heads = [administrator.get(path).content for path in ("/audit-head", "/journal-head")]
    for _, method, path in operations():
        if method == "GET":
            administrator.client.get(path)
        administrator.client.head(path)
        administrator.client.options(path)
    assert [administrator.get(path).content for path in ("/audit-head", "/journal-head")] == heads


def test_another_persons_tokens_are_for_whoever_manages_users(caller_of: Callers) -> None:
    cashier, administrator = caller_of("cashier"), caller_of("administrator")
    assert cashier.get("/tokens?login=administrator").status_code == 403
    (token,) = cashier.get("/tokens").json()["items"]  # type: ignore[attr-defined]
    (foreign,) = administrator.get("/tokens").json()["items"]  # type: ignore[attr-defined]
    assert cashier.delete(f"/tokens/{foreign['pk']}").status_code == 404
    assert administrator.delete(f"/tokens/{token['pk']}").status_code == 204
    assert cashier.get("/me").status_code == 401


def test_every_right_is_asked_for_by_some_operation() -> None:
    assert set(table().operations.values()) >= set(Right)
