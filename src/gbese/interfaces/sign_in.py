"""Ways in and out: by password, by a one-time link, by a token."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from datetime import timedelta
from typing import cast

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login, logout
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest

from gbese.apps.identity import services
from gbese.apps.identity.errors import SignInPaused, SignInRefused
from gbese.apps.identity.queries import UserRow
from gbese.apps.identity.queries import user as user_row
from gbese.config import clock
from gbese.interfaces.requests import act_of

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in_by_password(request: HttpRequest, *, login_name: str, password: str) -> UserRow:
    """Sign a person in. An unknown login takes as long as a wrong password, and is told the same.

    Raises:
        SignInRefused: the login or the password is wrong, or the person is kept out.
        SignInPaused: too many wrong passwords from this address, for this login or for many.
    """
    login_name = login_name.strip().casefold()
    pause = SignInPaused(pause_seconds=settings.ENVIRONMENT.sign_in_pause_seconds)
    if _has_guessed_too_often(client_address(request)):
        raise pause
    person = authenticate(request, username=login_name, password=password)
    if person is None:
        raise pause if getattr(request, "axes_locked_out", False) else SignInRefused
    login(request, person)
    return _signed_in(request, login_name, "user.signed_in")


def sign_in_by_link(request: HttpRequest, *, secret: str) -> UserRow:
    """Sign a person in by the secret of a one-time link, and spend it.

    Raises:
        SignInLinkInvalid: it was used, is too old, or was never made.
    """
    user = services.use_sign_in_link(secret=secret, act=act_of(request))
    login(request, get_user_model().objects.get(pk=user.pk), backend=_BACKEND)
    return _signed_in(request, user.login, "user.signed_in")


def sign_in_first_user(request: HttpRequest, user: UserRow) -> None:
    """Sign in the administrator whom the first start has just made."""
    login(request, get_user_model().objects.get(pk=user.pk), backend=_BACKEND)


def sign_out(request: HttpRequest) -> None:
    """End this session."""
    if request.user.is_authenticated:
        with transaction.atomic():
            services.record_audit(
                act=act_of(request),
                what="user.signed_out",
                subject=f"user:{request.user.get_username()}",
                before={},
                after={},
            )
    logout(request)


def make_sign_in_link(request: HttpRequest, *, login_name: str) -> str:
    """The whole address of a one-time link for this person, as their administrator passes it on.

    Raises:
        UserUnknown: nobody has this login.
    """
    secret = services.make_sign_in_link(
        login=login_name,
        lives_for=timedelta(seconds=settings.ENVIRONMENT.sign_in_link_seconds),
        act=act_of(request),
    )
    return request.build_absolute_uri(link_path(secret))


def link_path(secret: str) -> str:
    """The path of the page that a one-time link opens."""
    return f"/sign-in/{secret}"


def client_address(request: HttpRequest) -> str:
    """The address a request came from: behind a proxy, the one the proxy saw."""
    address = cast("str", request.META.get("REMOTE_ADDR", ""))
    if settings.ENVIRONMENT.behind_proxy:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def _has_guessed_too_often(address: str) -> bool:
    """Whether an address tries one password on many logins, which no count by login would see."""
    since = clock.now() - timedelta(seconds=settings.ENVIRONMENT.sign_in_pause_seconds)
    found = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    failures: int = found.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
    return failures >= settings.ENVIRONMENT.sign_in_failures_address


def _signed_in(request: HttpRequest, login_name: str, what: str) -> UserRow:
    act = replace(act_of(request), login=login_name)
    with transaction.atomic():
        services.record_audit(act=act, what=what, subject=f"user:{login_name}", before={}, after={})
    return user_row(login_name)
