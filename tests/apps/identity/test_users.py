from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from gbese.apps.identity import queries, services
from gbese.apps.identity.acts import Act
from gbese.apps.identity.errors import (
    AlreadySetUp,
    LastAdministrator,
    LoginMalformed,
    LoginTaken,
    PasswordWeak,
    RoleUnknown,
    UserUnknown,
)

Acts = Callable[..., Act]
PASSWORD = "seven goats on a hill"
pytestmark = pytest.mark.django_db


def amina(acts: Acts, role: str = "administrator") -> queries.UserRow:
    return services.create_user(
        login="Amina", full_name="Amina Bello", role=role, password=PASSWORD, act=acts()
    )


def signed_in_client(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(login=login))
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/help").status_code == 200


def test_a_person_is_let_in_and_it_is_recorded(acts: Acts) -> None:
    row = amina(acts)

    assert (row.login, row.role, row.has_password) == ("amina", "administrator", True)
    assert queries.user("AMINA") == row
    [record] = queries.audit_records(limit=None)
    assert (record.what, record.subject) == ("user.created", "user:amina")
    assert PASSWORD not in record.after


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"login": "amina"}, LoginTaken),
        ({"login": "AMINA"}, LoginTaken),
        ({"login": "a"}, LoginMalformed),
        ({"login": "a b"}, LoginMalformed),
        ({"login": "амина"}, LoginMalformed),
        ({"role": "king"}, RoleUnknown),
        ({"password": "short"}, PasswordWeak),
        ({"password": "12345678901"}, PasswordWeak),
        ({"password": "timur.omarov"}, PasswordWeak),
    ],
)
def test_who_cannot_be_let_in(
    acts: Acts, changed: dict[str, str], refusal: type[Exception]
) -> None:
    amina(acts)
    asked = {
        "login": "timur.omarov",
        "full_name": "Timur Omarov",
        "role": "cashier",
        "password": PASSWORD,
        **changed,
    }

    with pytest.raises(refusal):
        services.create_user(**asked, act=acts())

    assert len(queries.users()) == 1
    assert queries.audit_head().number == 1


def test_the_first_start_closes_for_ever(acts: Acts) -> None:
    assert not queries.has_users()
    services.create_first_user(login="amina", full_name="", act=acts())
    assert queries.has_users()

    with pytest.raises(AlreadySetUp):
        services.create_first_user(login="thief", full_name="", act=acts())


def test_a_deactivated_user_is_out_at_the_next_request(acts: Acts) -> None:
    amina(acts)
    services.create_user(
        login="timur", full_name="Timur", role="cashier", password=PASSWORD, act=acts()
    )
    client = signed_in_client("timur")
    assert is_signed_in(client)

    services.set_active(login="timur", is_active=False, act=acts())
    assert not is_signed_in(client)

    services.set_active(login="timur", is_active=True, act=acts())
    assert not is_signed_in(client)  # an old session does not come back to life


@pytest.mark.parametrize(
    "change",
    [
        lambda act: services.change_role(login="timur", role="auditor", act=act),
        lambda act: services.set_password(login="timur", password="nine hats, no cat", act=act),
    ],
)
def test_sessions_end_when_the_role_or_the_password_changes(
    acts: Acts, change: Callable[[Act], object]
) -> None:
    services.create_user(login="timur", full_name="Timur", role="cashier", act=acts())
    client = signed_in_client("timur")
    assert is_signed_in(client)

    change(acts())

    assert not is_signed_in(client)


def test_somebody_can_always_manage_users(acts: Acts) -> None:
    amina(acts)

    with pytest.raises(LastAdministrator):
        services.set_active(login="amina", is_active=False, act=acts())
    with pytest.raises(LastAdministrator):
        services.change_role(login="amina", role="auditor", act=acts())

    services.create_user(login="timur", full_name="Timur", role="administrator", act=acts())
    assert services.change_role(login="amina", role="auditor", act=acts()).role == "auditor"


def test_nobody_is_refused_by_name(acts: Acts) -> None:
    with pytest.raises(UserUnknown):
        services.set_language(login="ghost", language="yo", act=acts())


def test_language_is_remembered(acts: Acts) -> None:
    amina(acts)
    assert services.set_language(login="amina", language="yo", act=acts()).language == "yo"
    assert queries.audit_records(limit=1)[0].what == "user.language_set"
