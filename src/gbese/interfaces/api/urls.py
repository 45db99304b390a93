"""The addresses of the API; whatever else is asked for under them is told in its shape too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from gbese.interfaces.api.errors import Told, problem
from gbese.interfaces.api.v1 import api

View = Callable[..., HttpResponseBase]


def _shaped(view: View) -> View:
    """A view whose plain "method not allowed" becomes a problem."""

    @wraps(view)
    def shaped(request: HttpRequest, *args: object, **given: object) -> HttpResponseBase:
        answer = view(request, *args, **given)
        if isinstance(answer, HttpResponseNotAllowed):
            facts = {"method": request.method or ""}
            told = Told(405, "method_not_allowed", facts=facts, headers={"Allow": answer["Allow"]})
            return problem(told)
        return answer

    return shaped


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponseBase:
    """An address of the API that has nothing behind it."""
    return problem(Told(404, "not_found"))


def _patterns() -> tuple[list[URLPattern | URLResolver], str]:
    patterns, _application, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _shaped(pattern.callback)
    return patterns, namespace


_found, _namespace = _patterns()
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include((_found, _namespace))),
    # An address may hold a line break, which `path` does not match: this has no end.
    re_path("^api/", nothing_here),
]
