"""Every page against every role, as the shipped table says; and looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gbese.apps.bookkeeping.services import set_up_entity
from gbese.apps.identity import queries
from gbese.apps.identity.acts import Act
from gbese.apps.identity.permissions import Open, Right, Role, rights_of, table

SignIn = Callable[[str], Client]

# One value for each kind of part an address may have; nothing of that name is in the books.
PARTS = {"int": 999_999, "str": "none", "slug": "none", "uuid": "0" * 32, "path": "none"}


def addresses() -> Iterator[tuple[str, str]]:
    """(name, address) of every page."""
    yield from _addresses(get_resolver(), "", "/")


def _addresses(resolver: URLResolver, namespace: str, before: str) -> Iterator[tuple[str, str]]:
    for found in resolver.url_patterns:
        part = before + _filled(found)
        if isinstance(found, URLPattern):
            if namespace + str(found.name) in table().pages:
                yield namespace + str(found.name), part
        else:
            inner = f"{namespace}{found.namespace}:" if found.namespace else namespace
            yield from _addresses(found, inner, part)


def _filled(found: URLPattern | URLResolver) -> str:
    route = str(found.pattern)
    for name, converter in found.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().removeprefix("string")
        value = str(PARTS.get(kind or "str", "none"))
        route = route.replace(f"<{kind or 'str'}:{name}>", value).replace(f"<{name}>", value)
    return route


PAGES = sorted(set(addresses()))


def test_every_page_of_the_table_has_an_address() -> None:
    assert {name for name, _ in PAGES} == set(table().pages)
    assert not [address for _, address in PAGES if "<" in address]


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_looking_changes_nothing(
    role: Role, client_of: SignIn, act: Act
) -> None:
    set_up_entity(
        name="Ade & Sons",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        act=act,
    )
    client = client_of(role.value)
    client.raise_request_exception = False
    head = queries.audit_head()
    wrong = []
    for name, address in PAGES:
        asked = table().pages[name]
        is_allowed = isinstance(asked, Open) or asked in rights_of(role)
        for method in (client.get, client.head, client.options):
            answer = method(address)
            if answer.streaming:
                list(answer)  # which closes the file it is sent from
            status = answer.status_code
            if (status == 403) is is_allowed or status >= 500:
                wrong.append((name, method.__name__, status))

    assert wrong == []
    assert queries.audit_head() == head


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_from_everywhere_else(client_of: SignIn) -> None:
    client_of("auditor")  # so that the first start is over
    for name, address in PAGES:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            if isinstance(table().pages[name], Right) or table().pages[name] is Open.SIGNED_IN:
                assert answer.status_code == 302, name
                assert answer.headers["Location"].startswith("/sign-in?next="), name


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASHIER])
def test_what_a_role_may_not_open_it_may_not_send_either(role: Role, client_of: SignIn) -> None:
    client = client_of(role.value)
    head = queries.audit_head()
    for name, address in PAGES:
        asked = table().pages[name]
        if isinstance(asked, Right) and asked not in rights_of(role):
            assert client.post(address).status_code == 403, name

    assert queries.audit_head() == head
