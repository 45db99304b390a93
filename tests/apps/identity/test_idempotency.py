from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from gbese.apps.identity import queries, services
from gbese.apps.identity.acts import Act
from gbese.apps.identity.errors import IdempotencyKeyReused, LoginTaken, RequestStillRunning
from gbese.apps.identity.models import IdempotentRequest
from gbese.apps.identity.services import Answer

Acts = Callable[..., Act]
NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def send(
    work: Callable[[], Answer], *, key: str = "k1", body: bytes = b"{}", login: str = "amina"
) -> Answer:
    return services.answer_once(
        login=login, route="POST /users", key=key, body=body, recorded_at=NOW, work=work
    )


@pytest.fixture
def make_user(acts: Acts) -> Callable[[], Answer]:
    numbers = iter(range(100))

    def work() -> Answer:
        login = f"user{next(numbers)}"
        services.create_user(login=login, full_name="", role="cashier", act=acts())
        return Answer(201, "application/json", login.encode())

    return work


@pytest.mark.django_db
def test_sent_twice_it_is_done_once(make_user: Callable[[], Answer]) -> None:
    first, again = send(make_user), send(make_user)

    assert (first.body, first.is_repeated) == (b"user0", False)
    assert (again.status, again.body, again.is_repeated) == (201, b"user0", True)
    assert [user.login for user in queries.users()] == ["user0"]


@pytest.mark.django_db
def test_another_key_or_another_person_is_another_request(
    make_user: Callable[[], Answer],
) -> None:
    send(make_user)
    send(make_user, key="k2")
    send(make_user, login="timur")

    assert len(queries.users()) == 3
    assert services.request_id_of(login="a", route="r", key="k") != services.request_id_of(
        login="b", route="r", key="k"
    )


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused(make_user: Callable[[], Answer]) -> None:
    send(make_user)

    with pytest.raises(IdempotencyKeyReused):
        send(make_user, body=b"[]")

    assert len(queries.users()) == 1


@pytest.mark.django_db
def test_a_refusal_keeps_nothing_so_the_key_is_free_again(
    acts: Acts, make_user: Callable[[], Answer]
) -> None:
    def refused() -> Answer:
        make_user()
        raise LoginTaken(login="user0")

    with pytest.raises(LoginTaken):
        send(refused)
    assert queries.users() == ()
    assert not IdempotentRequest.objects.exists()

    assert send(make_user, body=b"corrected").status == 201


@pytest.mark.django_db(transaction=True)
def test_while_it_is_worked_on_the_same_request_is_refused(
    make_user: Callable[[], Answer],
) -> None:
    begun, may_end = threading.Event(), threading.Event()
    answers: list[Answer] = []

    def slow() -> Answer:
        begun.set()
        assert may_end.wait(20)
        return make_user()

    def in_thread() -> None:
        try:
            answers.append(send(slow))
        finally:
            connection.close()

    thread = threading.Thread(target=in_thread)
    thread.start()
    assert begun.wait(20)
    with pytest.raises(RequestStillRunning):
        send(make_user)
    may_end.set()
    thread.join()

    assert [answer.body for answer in answers] == [b"user0"]
    assert send(make_user).body == b"user0"
    assert len(queries.users()) == 1
