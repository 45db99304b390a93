"""Language, light or dark, the offline shell, and the pages for what went wrong."""

from __future__ import annotations

import json
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from gbese.apps.identity import services as identity
from gbese.interfaces.requests import act_of, id_of

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
YEAR_SECONDS = 366 * 24 * 3600

# What the offline page needs, and nothing a person has entered.
SHELL = (
    "gbese/vendor/tabler.min.css",
    "gbese/fonts.css",
    "gbese/gbese.css",
    "gbese/theme.js",
    "gbese/gbese.js",
    "gbese/visits.js",
    "gbese/vendor/htmx.min.js",
    "gbese/vendor/noto-sans-latin.woff2",
    "gbese/logo.svg",
)


def way_back(request: HttpRequest) -> str:
    """The page a small form was sent from; the first page when that is not one of ours."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return "/"


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language at once; a signed-in person keeps it."""
    code = request.POST.get("language", "")
    response = HttpResponseRedirect(way_back(request))
    if code in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            identity.set_language(
                login=request.user.get_username(), language=code, act=act_of(request)
            )
        keep_language(response, code)
    return response


def keep_language(response: HttpResponse, code: str) -> None:
    """Let the browser remember the language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light or dark, or follow the system again."""
    response = HttpResponseRedirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """The manifest by which a phone or a desktop keeps Gbese as an application."""
    return JsonResponse(
        {
            "name": "Gbese",
            "short_name": "Gbese",
            "description": gettext("Loans and the books behind them"),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f5f7f9",
            "theme_color": "#0f5f57",
            "icons": [
                {"src": static("gbese/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("gbese/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {"src": static("gbese/logo.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
        },
        content_type="application/manifest+json",
    )


@require_GET
@cache_control(max_age=0, must_revalidate=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it must come from the root to watch over all pages."""
    shell = ["/offline", *(static(name) for name in SHELL)]
    return render(
        request,
        "web/service-worker.js",
        # Of the content, so that every worker process tells the same.
        {
            "shell": json.dumps(shell),
            "version": sha256(json.dumps(shell).encode()).hexdigest()[:16],
        },
        content_type="text/javascript",
    )


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown when the server cannot be reached."""
    return render(request, "web/offline.html")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return render(request, "web/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this person may not open the page."""
    return render(request, "web/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page, or no such thing."""
    return render(request, "web/errors/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, with the number under which the log tells it."""
    return render(request, "web/errors/500.html", {"request_id": str(id_of(request))}, status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of another kind: the form was too old, or came from somewhere else."""
    return render(request, "web/errors/csrf.html", status=403)
