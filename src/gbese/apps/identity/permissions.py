"""Who may do what: rights, roles, and the shipped table that joins them.

The table is `gbese/data/permissions.yaml`. It says which rights a role has, and which right each
page and each operation of the API asks for. A route that it does not list is open to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, cast

import yaml

EVERYBODY: Final = "everybody"
SIGNED_IN: Final = "signed_in"


class Right(StrEnum):
    """One thing a person may be allowed to do."""

    LOANS_VIEW = "loans.view"
    LOANS_ENTER = "loans.enter"
    LOANS_RECORD = "loans.record"
    LOANS_REVERSE = "loans.reverse"
    LOANS_WRITE_OFF = "loans.write_off"
    LOANS_IMPORT = "loans.import"
    LOANS_EXPORT = "loans.export"
    RATES_VIEW = "rates.view"
    RATES_ENTER = "rates.enter"
    PARTIES_VIEW = "parties.view"
    PARTIES_ENTER = "parties.enter"
    BOOKS_VIEW = "books.view"
    BOOKS_CLOSE = "books.close"
    REPORTS_VIEW = "reports.view"
    USERS_MANAGE = "users.manage"
    AUDIT_VIEW = "audit.view"
    SETTINGS_MANAGE = "settings.manage"


class Role(StrEnum):
    """What a person is in the firm; it decides their rights."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    ACCOUNTANT = "accountant"
    LOAN_OFFICER = "loan_officer"
    CASHIER = "cashier"
    AUDITOR = "auditor"


class Open(StrEnum):
    """A route that asks for no right."""

    EVERYBODY = EVERYBODY
    SIGNED_IN = SIGNED_IN


@dataclass(frozen=True, slots=True)
class PermissionTable:
    """The shipped table: rights by role, and what each page and operation asks for."""

    roles: Mapping[Role, frozenset[Right]]
    pages: Mapping[str, Right | Open]
    operations: Mapping[str, Right | Open]


@cache
def table() -> PermissionTable:
    """The shipped table, checked as it is read: an unknown role or right stops the start."""
    text = files("gbese").joinpath("data", "permissions.yaml").read_text(encoding="utf-8")
    read = cast("dict[str, dict[str, object]]", yaml.safe_load(text))
    roles = {
        Role(role): frozenset(Right(right) for right in cast("list[str]", rights))
        for role, rights in read["roles"].items()
    }
    return PermissionTable(
        roles=MappingProxyType({role: roles[role] for role in Role}),
        pages=MappingProxyType({name: _asked(right) for name, right in read["pages"].items()}),
        operations=MappingProxyType(
            {name: _asked(right) for name, right in read["operations"].items()}
        ),
    )


def rights_of(role: str) -> frozenset[Right]:
    """What a role may do; a role nobody knows may do nothing."""
    try:
        return table().roles[Role(role)]
    except ValueError:
        return frozenset()


def _asked(right: object) -> Right | Open:
    return Open(right) if right in (EVERYBODY, SIGNED_IN) else Right(cast("str", right))
