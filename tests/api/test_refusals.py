"""What is wrong with a request is told by a stable code, in one shape, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.api.conftest import Callers, naira, terms

pytestmark = pytest.mark.django_db

SHAPE = {"type", "title", "status", "code", "detail", "facts", "where", "errors"}


def problem(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    told: dict[str, Any] = json.loads(answer.content)
    assert set(told) == SHAPE
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:gbese:problem:{told['code']}"
    assert told["detail"]
    assert "%(" not in told["detail"]
    return told


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("changed", "code", "where"),
    [
        ({"value_date": "2026-02-30"}, "not_date", "body.value_date"),
        ({"value_date": "10.03.2026"}, "not_date", "body.value_date"),
        ({"value_date": 20260310}, "not_date", "body.value_date"),
        ({"value_date": "2026-03-10T00:00:00"}, "not_date", "body.value_date"),
        ({"amount": naira("1.234")}, "amount_too_fine", "body.amount"),
        ({"amount": naira("1_000")}, "not_amount", "body.amount"),
        ({"amount": naira("٣")}, "not_amount", "body.amount"),
        ({"amount": naira(" 5 ")}, "not_amount", "body.amount"),
        ({"amount": naira("5.")}, "not_amount", "body.amount"),
        ({"amount": naira("1e3")}, "not_amount", "body.amount"),
        ({"amount": naira("1,000.00")}, "not_amount", "body.amount"),
        ({"amount": naira("5\n")}, "not_amount", "body.amount"),
        ({"amount": naira("123456789012345")}, "not_amount", "body.amount"),
        ({"amount": {"amount": 5, "currency": "NGN"}}, "not_amount", "body.amount"),
        ({"amount": {"amount": 5.5, "currency": "NGN"}}, "not_amount", "body.amount"),
        ({"amount": "5.00"}, "not_object", "body.amount"),
        ({"amount": {"amount": "5.00"}}, "field_missing", "body.amount.currency"),
        (
            {"amount": {"amount": "5", "currency": "ZZZ"}},
            "currency_unknown",
            "body.amount.currency",
        ),
        (
            {"amount": {"amount": "5", "currency": "USD"}},
            "currency_mismatch",
            "body.amount.currency",
        ),
        ({"amount": naira("-5.00")}, "amount_not_positive", "body.amount"),
        ({"amount": naira("0.00")}, "amount_not_positive", "body.amount"),
        ({"value_date": "2026-03-11"}, "value_date_after_open_day", "body.value_date"),
        ({"value_date": "2025-12-31"}, "value_date_before_drawdown", "body.value_date"),
        ({"surplus": "keep"}, "word_unknown", "body.surplus"),
        ({"status": "settled"}, "field_unknown", "body.status"),
        ({"recorded_by": "me", "id": 7}, "field_unknown", "body.recorded_by"),
    ],
)
def test_a_wrong_repayment_is_told_what_and_where(
    caller_of: Callers, changed: dict[str, Any], code: str, where: str
) -> None:
    cashier = caller_of("cashier")
    body = {"amount": naira("5.00"), "value_date": "2026-03-10"} | changed
    for path in ("/loans/L/1/repayments", "/loans/L/1/repayments/preview"):
        told = problem(cashier.post(path, body))
        assert (told["status"], told["code"], told["where"]) == (422, code, where)
    assert len(json.loads(cashier.get("/loans/L/1/events").content)["items"]) == 1


@pytest.mark.usefixtures("loans")
def test_a_drawdown_above_the_limit_tells_the_limit(caller_of: Callers) -> None:
    body = {"amount": naira("0.01"), "value_date": "2026-03-10"}
    told = problem(caller_of("cashier").post("/loans/L/1/drawdowns", body))
    assert told["code"] == "drawdown_above_limit"
    assert told["facts"]["limit"] == "1200000.00 NGN"


@pytest.mark.usefixtures("loans")
def test_all_that_is_wrong_is_named_at_once(caller_of: Callers) -> None:
    told = problem(caller_of("cashier").post("/loans/L/1/repayments", {"a": 1, "b": 2}))
    assert {fault["where"]: fault["code"] for fault in told["errors"]} == {
        "body.a": "field_unknown",
        "body.b": "field_unknown",
        "body.amount": "field_missing",
        "body.value_date": "field_missing",
    }


@pytest.mark.parametrize(
    ("changed", "code", "where"),
    [
        ({"lender": 999_999}, "party_unknown", "body.lender"),
        ({"lender": "1"}, "not_whole_number", "body.lender"),
        ({"loan_number": "a\x00b"}, "text_malformed", "body.loan_number"),
        ({"loan_number": " x"}, "text_malformed", "body.loan_number"),
        ({"loan_number": ""}, "text_malformed", "body.loan_number"),
        ({"purpose": "\x00"}, "text_malformed", "body.purpose"),
        ({"terms": terms(maturity_date="2025-01-01")}, "terms_refused", "body.terms.maturity_date"),
        ({"terms": terms(rate={})}, "one_of_two", "body.terms.rate"),
        ({"terms": terms(rate={"fixed": 0.12})}, "not_rate", "body.terms.rate.fixed"),
        ({"terms": terms(rate={"fixed": "12%"})}, "not_rate", "body.terms.rate.fixed"),
        ({"terms": terms(rate={"reference": "X"})}, "reference_series_unknown", ""),
        ({"terms": terms(calendar_code="XX")}, "calendar_unknown", ""),
        ({"terms": terms(frequency={"unit": "day"}, maturity_date="2199-01-01")},
         "too_many_periods", "body.terms"),
        ({"terms": terms(balloon={"amount": "1.00", "currency": "USD"})},
         "currencies_differ", "body.terms"),
        ({"drawn_on": "2027-06-01"}, "value_date_after_open_day", "body.value_date"),
    ],
)  # fmt: skip
def test_a_wrong_loan_is_told_what_and_where(
    caller_of: Callers,
    new_loan: Callable[..., dict[str, Any]],
    changed: dict[str, Any],
    code: str,
    where: str,
) -> None:
    officer = caller_of("loan_officer")
    told = problem(officer.post("/loans", new_loan("N-1", **changed)))
    assert told["code"] == code
    assert told["status"] in {404, 422}
    if where:
        assert told["where"] == where
    assert officer.get("/loans/N-1").status_code == 404


@pytest.mark.parametrize(
    ("changed", "code", "where"),
    [
        ({"lender": "us"}, "lender_is_borrower", "body.borrower"),
        ({"side": "lender"}, "entity_on_other_side", "body.side"),
        ({"borrower": "bola"}, "entity_not_party", "body.side"),
    ],
)
def test_a_loan_of_the_wrong_parties_is_told_what_and_where(
    caller_of: Callers,
    new_loan: Callable[..., dict[str, Any]],
    parties: dict[str, int],
    changed: dict[str, str],
    code: str,
    where: str,
) -> None:
    officer = caller_of("loan_officer")
    body = new_loan("N-1", **{name: parties.get(word, word) for name, word in changed.items()})
    told = problem(officer.post("/loans", body))
    assert (told["code"], told["where"], told["status"]) == (code, where, 422)
    assert officer.get("/loans/N-1").status_code == 404


def test_a_branch_is_declared_by_who_manages_the_settings(
    caller_of: Callers, new_loan: Callable[..., dict[str, Any]], parties: dict[str, int]
) -> None:
    received = new_loan("N-1", borrower=parties["bola"])
    declared = {"belongs_to_entity": True}
    address = f"/parties/{parties['bola']}/belonging"
    assert problem(caller_of("manager").post(address, declared))["status"] == 403
    assert caller_of("administrator").post(address, declared).json()["belongs_to_entity"]
    assert caller_of("loan_officer").post("/loans", received).status_code == 201


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("query", "code", "where"),
    [
        ("limit=201", "number_too_large", "query.limit"),
        ("limit=0", "number_too_small", "query.limit"),
        ("limit=1_0", "not_whole_number", "query.limit"),
        ("limit=٣", "not_whole_number", "query.limit"),
        ("limit=%2010", "not_whole_number", "query.limit"),
        ("offset=-1", "not_whole_number", "query.offset"),
        ("offset=99999999999999999999", "not_whole_number", "query.offset"),
        ("limit=1&limit=2", "given_twice", "query.limit"),
        ("order=user__password", "word_unknown", "query.order"),
        ("owner__password__startswith=a", "field_unknown", "query.owner__password__startswith"),
        ("_connector=OR", "field_unknown", "query._connector"),
        ("status=late", "word_unknown", "query.status.0"),
        ("side[]=lender", "field_unknown", "query.side[]"),
        ("text=%00", "text_malformed", "query.text"),
        ("lender=1%20OR%201=1", "not_whole_number", "query.lender"),
    ],
)
def test_a_parameter_nobody_documented_is_refused(
    caller_of: Callers, query: str, code: str, where: str
) -> None:
    told = problem(caller_of("auditor").get(f"/loans?{query}"))
    assert (told["status"], told["code"], told["where"]) == (400, code, where)


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "%", "_", "\\", "L/1'; DROP TABLE x", "🂡", "x" * 200]
)
def test_a_search_is_text_whatever_it_says(caller_of: Callers, text: str) -> None:
    answer = caller_of("auditor").client.get("/api/v1/loans", {"text": text})
    assert answer.json()["items"] == []


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "body_unreadable"),
        (b'{"name": "a", "name": "b"}', "application/json", 400, "body_unreadable"),
        (b'{"name": NaN}', "application/json", 400, "body_unreadable"),
        (b"\xff", "application/json", 400, "body_unreadable"),
        (b"[" * 100_000, "application/json", 400, "body_unreadable"),
        (b"1" * 10_000, "application/json", 400, "body_unreadable"),
        (b"", "application/json", 415, "media_type_unsupported"),
        (b"[]", "application/json", 422, "not_object"),
        (b"null", "application/json", 422, "not_object"),
        (b'{"name": "\\ud800", "kind": "person"}', "application/json", 422, "text_malformed"),
        (b"name=a", "application/x-www-form-urlencoded", 415, "media_type_unsupported"),
        (b"{}", "text/plain", 415, "media_type_unsupported"),
        (b" " * (6 * 1024 * 1024), "application/json", 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_as_such(
    caller_of: Callers, content: bytes, media_type: str, status: int, code: str
) -> None:
    answer = caller_of("manager").client.post(
        "/api/v1/parties", content, media_type, headers={"Idempotency-Key": "k"}
    )
    told = problem(answer)
    assert (told["status"], told["code"]) == (status, code)


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("name", "content", "code", "status"),
    [
        ("a.csv", b"", "file_empty", 422),
        ("a.xlsx", b"PK\x03\x04broken", "workbook_broken", 422),
        ("a.pdf", b"%PDF-1.4", "file_kind_unknown", 422),
        ("a.csv", b"Colour,Shape\nred,round\n", "mapping_not_recognised", 422),
        ("a.csv", b"a" * 3_000_000, "file_too_large", 413),
    ],
)
def test_a_wrong_file_is_refused_whole(
    caller_of: Callers, name: str, content: bytes, code: str, status: int
) -> None:
    from django.conf import settings

    small = settings.ENVIRONMENT.model_copy(update={"upload_bytes": 2_500_000})
    accountant = caller_of("accountant")
    with override_settings(ENVIRONMENT=small):
        told = problem(accountant.send("/imports", content, name=name))
    assert (told["code"], told["status"]) == (code, status)
    assert json.loads(accountant.get("/imports").content)["items"] == []


@pytest.mark.usefixtures("books")
def test_a_form_has_no_other_fields(caller_of: Callers) -> None:
    told = problem(caller_of("accountant").send("/imports", b"a,b\n1,2\n", owner="me"))
    assert (told["code"], told["where"]) == ("field_unknown", "form.owner")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/nothing", 404, "not_found"),
        ("GET", "/loans/L%0A1", 404, "not_found"),
        ("GET", "/loans/X-404", 404, "loan_unknown"),
        ("GET", "/entries/1", 404, "entry_unknown"),
        ("GET", "/entries/abc", 400, "not_whole_number"),
        ("GET", "/parties/7", 404, "party_unknown"),
        ("GET", "/imports/7", 404, "import_unknown"),
        ("GET", "/imports/7/rows", 404, "import_unknown"),
        ("GET", "/users/nobody", 404, "user_unknown"),
        ("GET", "/calendars/XX", 404, "calendar_unknown"),
        ("GET", "/day-closes/2026-03-10", 409, "day_not_open"),
        ("GET", "/day-closes/yesterday", 400, "not_date"),
        ("DELETE", "/tokens/7777777", 404, "token_unknown"),
        ("PUT", "/loans", 405, "method_not_allowed"),
        ("DELETE", "/loans/L/1", 405, "method_not_allowed"),
    ],
)
@pytest.mark.usefixtures("books")
def test_what_is_not_there_is_told_in_the_same_shape(
    caller_of: Callers, method: str, path: str, status: int, code: str
) -> None:
    answer = caller_of("administrator").client.generic(method, f"/api/v1{path}")
    told = problem(answer)
    assert (told["status"], told["code"]) == (status, code)


def test_without_books_there_is_nothing_to_read_and_it_is_said(caller_of: Callers) -> None:
    manager = caller_of("manager")
    for path in ("/books", "/loans", "/trial-balance", "/debt-by-term"):
        assert problem(manager.get(path))["code"] == "books_not_set_up", path


@pytest.mark.usefixtures("books")
def test_too_many_requests_in_a_minute_are_told_to_wait(
    caller_of: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from gbese.interfaces.api import callers

    monkeypatch.setattr(callers, "_requests", callers.RequestCount())
    monkeypatch.setattr(callers.time, "monotonic", lambda: 30)
    few = settings.ENVIRONMENT.model_copy(update={"api_requests_a_minute": 2})
    cashier = caller_of("cashier")
    with override_settings(ENVIRONMENT=few):
        assert [cashier.get("/me").status_code for _ in range(3)] == [200, 200, 429]
        answer = cashier.get("/me")
        assert problem(answer)["code"] == "too_many_requests"
        assert answer["Retry-After"] == "30"


@pytest.mark.usefixtures("books")
def test_a_fault_of_ours_is_told_by_its_number_alone(
    caller_of: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gbese.interfaces.api.v1 import books

    monkeypatch.setattr(books.queries, "journal_head", lambda: 1 // 0)
    told = problem(caller_of("manager").get("/journal-head"))
    assert told["code"] == "failed"
    assert "division" not in json.dumps(told)
    assert told["facts"]["request_id"] in told["detail"]


@pytest.mark.usefixtures("loans")
def test_a_sentence_is_in_the_language_asked_for(caller_of: Callers) -> None:
    cashier = caller_of("cashier")
    english = problem(cashier.get("/loans/X-1", **{"Accept-Language": "en"}))
    yoruba = problem(cashier.get("/loans/X-1", **{"Accept-Language": "yo"}))
    assert english["code"] == yoruba["code"]
    assert "X-1" in english["detail"]
    assert "X-1" in yoruba["detail"]


def test_the_docs_page_is_for_who_may_call_and_asks_no_other_host(
    caller_of: Callers, client_of: Callable[[str], Client]
) -> None:
    browser = client_of("auditor")
    page = browser.get("/api/v1/docs").content.decode()
    assert "https://" not in page
    assert "/static/" in page
    document = browser.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert Client().get("/api/v1/docs", headers={"Accept": "text/html"}).status_code == 302
    assert caller_of("cashier").get("/openapi.json").status_code == 200


def test_every_answer_of_every_operation_is_declared() -> None:
    from tests.api.test_who_may import document

    for path, methods in document()["paths"].items():
        for told in methods.values():
            statuses = set(told["responses"])
            wanted = {"400", "401", "403", "405", "409", "422", "429", "500", "503"}
            assert wanted <= statuses, path
            assert ("404" in statuses) is ("{" in path)
            assert ({"413", "415"} <= statuses) is ("requestBody" in told)


def test_the_page_about_the_api_lists_every_operation_with_its_right() -> None:
    from gbese.apps.identity.permissions import table
    from tests.api.test_who_may import document
    from tests.conftest import REPOSITORY

    page = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    listed = [line for line in page.splitlines() if line.startswith("| `") and " /" in line]
    wanted = [
        f"| `{method.upper()} {path.removeprefix('/api/v1')}` | {told['summary']} "
        f"| `{table().operations[told['operationId']]}` |"
        for path, methods in document()["paths"].items()
        for method, told in methods.items()
    ]
    assert listed == wanted
