"""What every template of the frame is given."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.bookkeeping.errors import BooksNotSetUp
from gbese.apps.identity.queries import may_open
from gbese.interfaces.web.frame.navigation import navigation
from gbese.interfaces.web.frame.views import THEME_COOKIE, THEMES


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation, business date and theme, for a person who is signed in; else the theme alone."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    told: dict[str, Any] = {"theme": chosen if chosen in THEMES else ""}
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return told
    told["navigation"] = navigation(request, person)
    told["business_date"] = _business_date()  # and moments in the time of the books
    if may_open(person, "web:loans"):
        try:
            told["search_url"] = reverse("web:loans")
        except NoReverseMatch:
            told["search_url"] = ""
    return told


def _business_date() -> date | None:
    try:
        timezone.activate(ZoneInfo(bookkeeping.entity().time_zone))
        return bookkeeping.open_day().open_day
    except BooksNotSetUp:
        return None
