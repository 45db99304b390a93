from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from gbese.config import clock

SignIn = Callable[[str], Client]
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOON)
    return set_clock


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_anyone_may_ask_whether_it_runs_and_learns_nothing_else(path: str) -> None:
    answer = Client().get(path)

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert Client().post(path).status_code == 405


@pytest.mark.django_db
def test_every_answer_has_an_id_and_closed_headers() -> None:
    headers = Client().get("/sign-in", follow=True).headers

    assert UUID(headers["X-Request-Id"])
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_methods_that_no_page_has(method: str) -> None:
    assert Client().generic(method, "/").status_code == 405


def test_a_huge_body_is_refused_before_it_is_read() -> None:
    answer = Client().generic("POST", "/imports/upload", CONTENT_LENGTH=str(10**9))

    assert answer.status_code == 413
    assert "A file may have" in answer.content.decode()
    assert ">50<" in answer.content.decode()


@pytest.mark.django_db
def test_a_foreign_name_is_refused() -> None:
    assert Client().get("/health", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_a_session_ends_when_left_alone(client_of: SignIn, at: Callable[[datetime], None]) -> None:
    client = client_of("auditor")
    idle = timedelta(seconds=settings.ENVIRONMENT.idle_seconds)
    assert client.get("/help").status_code == 200

    at(NOON + idle - timedelta(minutes=1))
    assert client.get("/help").status_code == 200
    at(NOON + 2 * idle - timedelta(minutes=2))
    assert client.get("/help").status_code == 200
    at(NOON + 3 * idle)
    assert client.get("/help").status_code == 302


@pytest.mark.django_db
def test_a_session_ends_after_a_working_day_however_busy(
    client_of: SignIn, at: Callable[[datetime], None]
) -> None:
    client = client_of("auditor")
    whole = timedelta(seconds=settings.ENVIRONMENT.session_seconds)
    moment = NOON
    while moment - NOON <= whole:
        at(moment)
        assert client.get("/help").status_code == 200
        moment += timedelta(minutes=25)

    at(moment)
    assert client.get("/help").status_code == 302


@pytest.mark.django_db
def test_a_refusal_no_page_expected_is_told_in_words(client_of: SignIn) -> None:
    answer = client_of("administrator").get("/books")  # there are no books yet

    assert answer.status_code == 409
    assert "There are no books yet" in answer.content.decode()


@pytest.mark.django_db
def test_every_process_tells_the_same_service_worker() -> None:
    script = Client().get("/service-worker.js").content.decode()

    assert re.search(r'"gbese-shell-[0-9a-f]{16}"', script)
