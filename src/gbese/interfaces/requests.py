"""What every request has: an id, a line in the log, and an end to a session left alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from gbese.apps.identity.acts import Act
from gbese.config import clock

Handler = Callable[[HttpRequest], HttpResponse]

NOBODY = "nobody"

_SIGNED_IN_AT = "signed_in_at"
_SEEN_AT = "seen_at"
_SEEN_EVERY = timedelta(minutes=1)

_QUIET = frozenset({None, "health", "ready"})

_log = structlog.stdlib.get_logger("gbese.requests")


def login_of(request: HttpRequest) -> str:
    """The login of whoever asks; `nobody` before signing in."""
    return request.user.get_username() if request.user.is_authenticated else NOBODY


def act_of(request: HttpRequest, *, channel: str = "web", request_id: UUID | None = None) -> Act:
    """The act of this request: its person, the time now, and its id.

    Args:
        request: as it came.
        channel: through which door, see `Act`.
        request_id: of a form that may be sent twice, or of an Idempotency-Key; else a new one.
    """
    return Act(
        login=login_of(request),
        recorded_at=clock.now(),
        request_id=request_id or id_of(request),
        channel=channel,
    )


def id_of(request: HttpRequest) -> UUID:
    """The id this request has in the log."""
    found: UUID = request.META.setdefault("gbese.request_id", uuid4())
    return found


class RequestLog:
    """One line a request: route, status, time taken. Never the address: it may hold a secret.

    The answer carries the id as X-Request-Id, so that a person can name the request that failed.
    """

    def __init__(self, get_response: Handler) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(id_of(request))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        response = self._answer(request)
        response.headers["X-Request-Id"] = request_id
        matched = request.resolver_match
        route = matched.route if matched is not None else None  # None: a script, style or font
        is_quiet = response.status_code < 400 and route in _QUIET
        level = logging.DEBUG if is_quiet else logging.INFO
        user = getattr(request, "user", None)
        _log.log(
            level,
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - begun) * 1000),
            login=user.get_username() if user is not None and user.is_authenticated else NOBODY,
        )
        return response


class SoundRequests:
    """Refuse a method that no page takes, such as TRACE."""

    methods = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

    def __init__(self, get_response: Handler) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.methods:
            return HttpResponseNotAllowed(self.methods)
        return self._answer(request)


class SessionLimits:
    """End a session that was left alone, and any session after a working day."""

    def __init__(self, get_response: Handler) -> None:
        self._answer = get_response
        self._idle = timedelta(seconds=settings.ENVIRONMENT.idle_seconds)
        self._whole = timedelta(seconds=settings.ENVIRONMENT.session_seconds)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._keep_or_end(request)
        return self._answer(request)

    def _keep_or_end(self, request: HttpRequest) -> None:
        now = clock.now()
        session = request.session
        signed_in_at = datetime.fromisoformat(session.setdefault(_SIGNED_IN_AT, now.isoformat()))
        seen_at = datetime.fromisoformat(session.setdefault(_SEEN_AT, now.isoformat()))
        if now - signed_in_at > self._whole or now - seen_at > self._idle:
            logout(request)
        elif now - seen_at > _SEEN_EVERY:
            session[_SEEN_AT] = now.isoformat()
