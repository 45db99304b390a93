from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver, get_resolver

from gbese.apps.identity import queries
from gbese.apps.identity.permissions import Open, Right, Role, rights_of, table


def pages(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The full name of every route; a route without one is told by its pattern."""
    for found in resolver.url_patterns:
        if str(found.pattern) == "^api/":
            continue  # what answers an address of the API that is none; its operations have their own table
        if isinstance(found, URLPattern):
            yield namespace + (found.name or f"(unnamed {found.pattern})")
        elif not (found.namespace or "").startswith("api"):
            yield from pages(
                found, f"{namespace}{found.namespace}:" if found.namespace else namespace
            )


def test_every_page_is_in_the_table_and_the_table_has_no_other() -> None:
    assert sorted(set(pages(get_resolver()))) == sorted(table().pages)


def test_every_role_is_in_the_table() -> None:
    assert set(table().roles) == set(Role)


def test_an_administrator_may_do_everything() -> None:
    assert rights_of("administrator") == set(Right)


@pytest.mark.parametrize(
    ("role", "right", "is_allowed"),
    [
        (Role.AUDITOR, Right.AUDIT_VIEW, True),
        (Role.AUDITOR, Right.LOANS_RECORD, False),
        (Role.AUDITOR, Right.LOANS_ENTER, False),
        (Role.CASHIER, Right.LOANS_RECORD, True),
        (Role.CASHIER, Right.LOANS_REVERSE, False),
        (Role.CASHIER, Right.REPORTS_VIEW, False),
        (Role.LOAN_OFFICER, Right.LOANS_ENTER, True),
        (Role.LOAN_OFFICER, Right.LOANS_WRITE_OFF, False),
        (Role.ACCOUNTANT, Right.BOOKS_CLOSE, True),
        (Role.ACCOUNTANT, Right.USERS_MANAGE, False),
        (Role.MANAGER, Right.LOANS_WRITE_OFF, True),
        (Role.MANAGER, Right.SETTINGS_MANAGE, False),
    ],
)
def test_who_may_do_what(role: Role, right: Right, *, is_allowed: bool) -> None:
    person = SimpleNamespace(is_active=True, role=role.value)
    assert queries.may(person, right) is is_allowed


@pytest.mark.parametrize(
    "person",
    [
        AnonymousUser(),
        SimpleNamespace(is_active=False, role="administrator"),
        SimpleNamespace(is_active=True, role="king"),
    ],
)
def test_nobody_may_do_anything(person: queries.Person) -> None:
    assert queries.rights(person) == frozenset()
    assert not queries.may_open(person, "a page nobody listed")
    assert queries.may_open(person, "health")


def test_rights_and_openness_are_two_things() -> None:
    asked = {*table().pages.values(), *table().operations.values()}
    assert asked <= {*Right, *Open}
