"""Who may read the document of the API: whoever may call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from gbese.core.errors import Refusal
from gbese.interfaces.api.callers import caller_of
from gbese.interfaces.api.errors import ProblemRaised, of_refusal, problem, unauthenticated


class OwnSwagger(Swagger):
    """The page of the document, from our own files; what it sends carries the session's token."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **given: Any) -> HttpResponse:  # noqa: ANN401
        """The page."""
        told = self.settings | {"url": self.get_openapi_url(api, given)}
        context = {"swagger_settings": json.dumps(told), "api": api, "add_csrf": True}
        return render(request, self.template, context)


View = Callable[..., HttpResponseBase]


def signed_in_only(view: View) -> View:
    """Let in who is signed in or has a token; send a browser to sign in."""

    @wraps(view)
    def shown(request: HttpRequest, **given: Any) -> HttpResponseBase:  # noqa: ANN401
        try:
            known = caller_of(request)
        except ProblemRaised as raised:
            return problem(raised.told)
        except Refusal as refused:
            return problem(of_refusal(refused))
        if known is not None:
            return view(request, **given)
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return redirect(f"/sign-in?next={request.path}")
        return problem(unauthenticated())

    return shown
