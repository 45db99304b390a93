"""Who calls the API: a program by its token, or a person by the session of their browser."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from gbese.apps.identity import queries, services
from gbese.apps.identity.permissions import Open, Right, table
from gbese.apps.identity.queries import Caller
from gbese.config import clock
from gbese.core.errors import Refusal
from gbese.interfaces.api.errors import ProblemRaised, Told

_BEARER: Final = "Bearer "
_TOKEN_LETTERS_MAX = 200
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_NOTED = {True: timedelta(days=1), False: timedelta(minutes=1)}  # by whether it reads
_MINUTE_SECONDS = 60
_CALLERS_REMEMBERED = 10_000


class RightMissing(Refusal):
    """The caller's role may not do this. Facts: `right`."""

    code = "right_missing"


@dataclass(frozen=True, slots=True)
class Program:
    """The person a token acts for, as the log and the audit trail name them."""

    login: str
    role: str
    is_active: bool = True
    is_authenticated: bool = True

    def get_username(self) -> str:
        """The login of the token's owner."""
        return self.login


class RequestCount:
    """Requests by caller in the running minute; counted by each process for itself."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def seconds_to_wait(self, caller: str, *, most: int) -> int:
        """Count one more request; how long to wait where it is too many, else 0."""
        now = int(time.monotonic())
        minute = now // _MINUTE_SECONDS
        with self._lock:
            last, count = self._counts.pop(caller, (minute, 0))
            count = count + 1 if last == minute else 1
            self._counts[caller] = (minute, count)
            while len(self._counts) > _CALLERS_REMEMBERED:
                self._counts.popitem(last=False)
        return _MINUTE_SECONDS - now % _MINUTE_SECONDS if count > most else 0


_requests = RequestCount()


def caller_of(request: HttpRequest) -> Caller | None:
    """Who calls, or None. A session must prove by its CSRF token that the browser meant it.

    Raises:
        ProblemRaised: a session without its CSRF token, or too many requests in a minute.
    """
    written = request.headers.get("Authorization")
    caller = _of_token(request, written) if written is not None else _of_session(request)
    if caller is None:
        return None
    wait = _requests.seconds_to_wait(caller.login, most=settings.ENVIRONMENT.api_requests_a_minute)
    if wait:
        raise ProblemRaised(Told(429, "too_many_requests", headers={"Retry-After": str(wait)}))
    return caller


def require_right(caller: Caller, operation: str) -> None:
    """Refuse what the shipped table does not give the caller; an unlisted operation is nobody's.

    Raises:
        RightMissing: the right the operation asks for.
    """
    asked = table().operations.get(operation)
    if asked is Open.SIGNED_IN or asked is Open.EVERYBODY:
        return
    if asked is None or Right(asked) not in caller.rights:
        raise RightMissing(right=asked or operation)


def _of_token(request: HttpRequest, written: str) -> Caller | None:
    token = written.removeprefix(_BEARER)
    if token == written or len(token) > _TOKEN_LETTERS_MAX or not token.isascii():
        return None
    caller = services.caller_of_token(
        token=token, at=clock.now(), noted_every=_NOTED[request.method in _READS]
    )
    if caller is not None:
        request.user = Program(caller.login, caller.role)  # type: ignore[assignment]
    return caller


def _of_session(request: HttpRequest) -> Caller | None:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    if check_csrf(request) is not None:
        raise ProblemRaised(Told(403, "csrf_failed"))
    return Caller(
        user_pk=user.pk,
        login=user.get_username(),
        role=str(getattr(user, "role", "")),
        rights=queries.rights(user),
        token_pk=None,
    )
