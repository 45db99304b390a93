"""Books open on 10 March 2026 with a loan of each side, and callers by role."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.conftest import RECORDED_AT

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gbese.apps.identity.acts import Act

OPEN_DAY = date(2026, 3, 10)


class Caller:
    """A program with a token: `caller.post("/loans", body)`; keys are new unless one is given."""

    def __init__(self, token: str, login: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})
        self.token, self.login = token, login

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", headers=headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> HttpResponse:
        return self.client.post(
            f"/api/v1{path}",
            data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Idempotency-Key": key or str(uuid4()), **headers},
        )

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.client.patch(
            f"/api/v1{path}", json.dumps(body).encode(), "application/json", headers=headers
        )

    def send(self, path: str, content: bytes, *, name: str = "loans.csv", **form: str) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        return self.client.post(
            f"/api/v1{path}",
            {"files": SimpleUploadedFile(name, content), **form},
            headers={"Idempotency-Key": str(uuid4())},
        )

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(f"/api/v1{path}")


Callers = Callable[..., Caller]


@pytest.fixture
def caller_of(db: None, acts: Callable[..., Act]) -> Callers:
    """A caller by role: `caller_of("cashier")`; the login is the role's name unless one is given."""
    from gbese.apps.identity import queries, services
    from gbese.config import clock

    def made(role: str, login: str = "") -> Caller:
        login = login or role
        act = acts(recorded_at=clock.now())
        if login not in {user.login for user in queries.users()}:
            services.create_user(login=login, full_name=login.title(), role=role, act=act)
        token = services.make_api_token(
            login=login,
            name="tests",
            role=role,
            lives_for=timedelta(days=1),
            most_days=365,
            act=act,
        )
        return Caller(token.token, login)

    return made


@pytest.fixture
def books(db: None, acts: Callable[..., Act]) -> None:
    from gbese.apps.bookkeeping import services

    services.set_up_entity(
        name="Ilé Owó Limited",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        start=services.BooksStart(books_from=date(2026, 1, 1), open_day=OPEN_DAY, chart="ng"),
        act=acts(recorded_at=RECORDED_AT),
    )


@pytest.fixture
def parties(books: None, acts: Callable[..., Act]) -> dict[str, int]:
    """Us and a person who borrows, a bank that lends: their keys."""
    from gbese.apps.parties.services import find_or_add_party

    return {
        name: find_or_add_party(name=full, country="NG", kind=kind, act=acts()).pk
        for name, full, kind in (
            ("us", "Ilé Owó Limited", "organisation"),
            ("bank", "Ọ̀yọ́ Bank", "organisation"),
            ("bola", "Bọ́lá Adé", "person"),
        )
    }


def naira(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "NGN"}


def terms(**changed: Any) -> dict[str, Any]:
    """1,200,000 naira at 12 per cent from 1 January 2026, equal principal on the 1st."""
    return {
        "principal": naira("1200000.00"),
        "signed_on": "2026-01-01",
        "interest_from": "2026-01-01",
        "first_due_date": "2026-02-01",
        "maturity_date": "2027-01-01",
        "frequency": {"count": 1, "unit": "month"},
        "schedule_kind": "linear",
        "rate": {"fixed": "0.12"},
        "day_count": "thirty_e_360",
    } | changed


@pytest.fixture
def new_loan(parties: dict[str, int]) -> Callable[..., dict[str, Any]]:
    """The body of a request that opens a loan: `new_loan("L/3", side="lender")`."""

    def made(number: str, **changed: Any) -> dict[str, Any]:
        return {
            "loan_number": number,
            "side": "borrower",
            "lender": parties["bank"],
            "borrower": parties["us"],
            "terms": terms(),
            "drawn_on": "2026-01-01",
        } | changed

    return made


@pytest.fixture
def loans(
    new_loan: Callable[..., dict[str, Any]], parties: dict[str, int], caller_of: Callers
) -> None:
    """L/1 received from the bank, L/2 issued to Bọ́lá; both drawn in full, nothing paid."""
    manager = caller_of("manager")
    issued = {"side": "lender", "lender": parties["us"], "borrower": parties["bola"]}
    for body in (new_loan("L/1"), new_loan("L/2", **issued)):
        answer = manager.post("/loans", body)
        assert answer.status_code == 201, answer.content
