"""Who may open a page: the right a view asks for, checked before it runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from gbese.apps.identity import queries
from gbese.apps.identity.permissions import Open, Right

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def requires(right: Right | Open) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let only those open the page who have this right; others sign in, or are refused.

    The same right stands beside the page's route in `permissions.yaml`; a test compares the two.
    """

    def guard(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            if right is Open.EVERYBODY:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if isinstance(right, Right) and not queries.may(request.user, right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.asks_for = right  # type: ignore[attr-defined]
        return guarded

    return guard


def right_of(view: object) -> Right | Open | None:
    """The right a view was guarded with; None when it was not."""
    found: Right | Open | None = getattr(view, "asks_for", None)
    return found


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; a part of a page fetched by script sends the whole page there."""
    if request.headers.get("HX-Request"):
        here = request.headers.get("HX-Current-URL", "/")
        address = redirect_to_login(here).url
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect_to_login(request.get_full_path())
