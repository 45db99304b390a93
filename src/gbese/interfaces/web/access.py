"""Who may open a page: the shipped table of rights, asked before every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from gbese.apps.identity import queries
from gbese.core.errors import Refusal
from gbese.interfaces.web.wording import refusal_text

PAGES_NAMESPACE = "web"


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
        """Say in words what a page did not expect to be refused, such as books not set up yet."""
        if not isinstance(exception, Refusal):
            return None
        told = {"refusal": refusal_text(exception)}
        return render(request, "web/errors/refused.html", told, status=409)
