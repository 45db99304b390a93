"""Who may open a page: the shipped table of rights, asked before every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from gbese.apps.bookkeeping.errors import BooksNotSetUp
from gbese.apps.identity import queries
from gbese.apps.identity.permissions import Right
from gbese.core.errors import Refusal
from gbese.interfaces.sizes import MEGABYTE
from gbese.interfaces.web.addresses import AddressWrong, without_part
from gbese.interfaces.web.wording import refusal_text

PAGES_NAMESPACE = "web"
API_ADDRESSES = "/api/"


class BodySizes:
    """Refuse what is sent to a page and is larger than any form, before anything reads it.

    A file that is too large by itself still gets to its page, which names it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.file_bytes = settings.ENVIRONMENT.upload_bytes
        self.most_bytes = settings.ENVIRONMENT.files_at_once * self.file_bytes

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _stated_bytes(request) <= self.most_bytes or request.path.startswith(API_ADDRESSES):
            return self.get_response(request)  # operations of the API have limits of their own
        told = {
            "file_megabytes": self.file_bytes // MEGABYTE,
            "most_megabytes": self.most_bytes // MEGABYTE,
        }
        return render(request, "web/errors/too_large.html", told, status=413)


def _stated_bytes(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isdecimal() else 0


class PagePermissions:
    """Send strangers to sign in, and refuse pages outside a person's role.

    A page that the table does not list is open to nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        found = request.resolver_match
        if found is None or not found.namespaces or found.namespaces[0] != PAGES_NAMESPACE:
            return None  # the API asks for its own tokens
        if queries.may_open(request.user, found.view_name):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied
        if not queries.has_users():
            return redirect("web:first_start")
        where = f"{reverse('web:sign_in')}?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):  # a part of a page: the whole page goes to sign in
            response = HttpResponse(status=204)
            response["HX-Redirect"] = where
            return response
        return redirect(where)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say in words what a page did not expect to be refused, and where to go on."""
        match exception:
            case AddressWrong():
                way_on, status = _without(request, exception), 400
            case Refusal():
                way_on, status = "", 409
            case _:
                return None
        told = {
            "refusal": refusal_text(exception),
            "way_on": way_on,
            "may_set_up": isinstance(exception, BooksNotSetUp)
            and queries.may(request.user, Right.SETTINGS_MANAGE),
        }
        return render(request, "web/errors/refused.html", told, status=status)


def _without(request: HttpRequest, wrong: AddressWrong) -> str:
    """The address a person meant, without the part of it that is not understood."""
    if request.method != "GET":
        return ""
    query = without_part(request.GET, str(wrong.facts["part"]))
    return f"{request.path}?{query}" if query else request.path
