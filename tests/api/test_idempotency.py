"""A key makes a request one: sent twice it has one effect, and nobody else is answered with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Callers, naira
from tests.api.test_who_may import document

pytestmark = pytest.mark.django_db

REPAYMENT = {"amount": naira("1000.00"), "value_date": "2026-03-10"}


def events(caller: Any) -> int:
    return len(json.loads(caller.get("/loans/L/1/events").content)["items"])


@pytest.mark.usefixtures("loans")
def test_sent_twice_it_is_done_once_and_answered_the_same(caller_of: Callers) -> None:
    cashier = caller_of("cashier")
    first = cashier.post("/loans/L/1/repayments", REPAYMENT, key="till-1")
    second = cashier.post("/loans/L/1/repayments", REPAYMENT, key="till-1")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert events(cashier) == 2
    third = cashier.post("/loans/L/1/repayments", REPAYMENT, key="till-2")
    assert third.status_code == 201  # the same payment under a new key is another payment
    assert events(cashier) == 3


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/loans/L/1/repayments", REPAYMENT | {"amount": naira("1000.01")}),
        ("/loans/L/2/repayments", REPAYMENT),
        ("/loans/L/1/repayments", REPAYMENT | {"surplus": "keep_term"}),
    ],
)
def test_a_key_with_another_request_is_refused(
    caller_of: Callers, path: str, body: dict[str, Any]
) -> None:
    cashier = caller_of("cashier")
    cashier.post("/loans/L/1/repayments", REPAYMENT, key="till-1")
    refused = cashier.post(path, body, key="till-1")
    assert refused.status_code == 422
    told = json.loads(refused.content)
    assert (told["code"], told["where"]) == ("idempotency_key_reused", "header.Idempotency-Key")
    assert events(cashier) == 2


@pytest.mark.usefixtures("loans")
def test_two_people_may_use_one_key_and_do_not_see_each_others_answers(caller_of: Callers) -> None:
    cashier, other = caller_of("cashier"), caller_of("cashier", "second_cashier")
    first = cashier.post("/loans/L/1/repayments", REPAYMENT, key="1")
    second = other.post("/loans/L/1/repayments", REPAYMENT, key="1")
    assert second.status_code == 201
    assert "Idempotency-Replayed" not in second
    assert json.loads(first.content)["event_number"] == 2
    assert json.loads(second.content)["event_number"] == 3


@pytest.mark.usefixtures("loans")
def test_a_refused_request_may_be_corrected_under_its_key(caller_of: Callers) -> None:
    cashier = caller_of("cashier")
    wrong = REPAYMENT | {"value_date": "2025-12-31"}
    assert cashier.post("/loans/L/1/repayments", wrong, key="till-9").status_code == 422
    assert cashier.post("/loans/L/1/repayments", REPAYMENT, key="till-9").status_code == 201


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "nøkkel", "x" * 10_000])
def test_a_key_that_is_no_key_is_refused(caller_of: Callers, key: str) -> None:
    cashier = caller_of("cashier")
    answer = cashier.client.post(
        "/api/v1/loans/L/1/repayments",
        json.dumps(REPAYMENT),
        "application/json",
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 400
    assert answer.json()["code"] in {"idempotency_key_malformed", "idempotency_key_missing"}
    assert events(cashier) == 1


@pytest.mark.usefixtures("loans")
def test_a_request_that_is_still_worked_on_is_not_begun_again(
    caller_of: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gbese.apps.identity.services import idempotency, request_id_of

    route = "POST /loans/{path:loan_number}/repayments"
    running = request_id_of(login="cashier", route=route, key="till-1")
    monkeypatch.setattr(idempotency, "_running", {running})
    answer = caller_of("cashier").post("/loans/L/1/repayments", REPAYMENT, key="till-1")
    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "request_still_running"
    assert answer["Retry-After"]


@pytest.mark.usefixtures("books")
def test_a_day_asked_to_be_closed_twice_is_closed_once(caller_of: Callers) -> None:
    accountant = caller_of("accountant")
    answers = [accountant.post("/day-closes", {"day": "2026-03-10"}, key="c") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert json.loads(accountant.get("/books").content)["open_day"] == "2026-03-11"


def test_a_loan_is_opened_once(caller_of: Callers, new_loan: Callable[..., dict[str, Any]]) -> None:
    officer = caller_of("loan_officer")
    body = new_loan("N-1")
    assert officer.post("/loans", body, key="open").status_code == 201
    assert officer.post("/loans", body, key="open").status_code == 201
    again = officer.post("/loans", body, key="other")
    assert (again.status_code, json.loads(again.content)["code"]) == (409, "loan_number_taken")


def test_whatever_moves_money_makes_parties_or_starts_work_asks_for_a_key() -> None:
    without = {
        told["operationId"]
        for methods in document()["paths"].values()
        for method, told in methods.items()
        if method == "post"
        and not any(one["name"] == "Idempotency-Key" for one in told["parameters"])
    }
    calculations = {name for name in without if name.startswith("preview_")}
    # People, links and tokens: a login is there once, and a secret is not kept to be told again.
    assert without - calculations == {"create_user", "make_link", "make_token"}
