"""The ways from any page to the main ones, for a person who may go there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gbese.apps.identity.queries import Person, may_open


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One way: `key` follows `g` on the keyboard."""

    label: str
    href: str
    icon: str
    key: str
    is_current: bool


_MAIN: tuple[tuple[str, str | Promise, str, str], ...] = (
    ("web:home", _("Dashboard"), "layout-dashboard", "d"),
    ("web:loans", _("Loans"), "list-details", "l"),
    ("web:debt_by_term", _("Debt by term"), "calendar-stats", "t"),
    ("web:imports", _("Import"), "file-import", "i"),
    ("web:rates", _("Rates"), "percentage", "r"),
    ("web:people", _("People"), "users", "p"),
    ("web:books", _("Books"), "book", "b"),
    ("web:audit", _("Audit trail"), "eye", "a"),
    ("web:help", _("Help"), "help", "h"),
)


def navigation(request: HttpRequest, person: Person) -> list[NavigationItem]:
    """The main ways this person may go, in their fixed order."""
    items = []
    for route, label, icon, key in _MAIN:
        if not may_open(person, route):
            continue
        try:
            href = reverse(route)
        except NoReverseMatch:  # an area that this build does not have
            continue
        is_current = request.path == href or (href != "/" and request.path.startswith(href))
        items.append(NavigationItem(str(label), href, icon, key, is_current))
    return items
