"""The first start: open until there is a user, and then closed for ever."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any, Concatenate
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gbese.apps.bookkeeping import services as bookkeeping
from gbese.apps.bookkeeping.queries import has_entity
from gbese.apps.demonstration.services import make_demonstration
from gbese.apps.identity import queries
from gbese.apps.identity import services as identity
from gbese.apps.identity.acts import Act
from gbese.apps.identity.queries import UserRow
from gbese.core.errors import Refusal
from gbese.interfaces import sign_in as ways_in
from gbese.interfaces.requests import act_of
from gbese.interfaces.web import choices, wording
from gbese.interfaces.web.acts import form_act
from gbese.interfaces.web.first_start.forms import BooksForm, FirstStartForm
from gbese.interfaces.web.frame.views import keep_language

_KNOWS_SECRET = "knows_first_start_secret"  # noqa: S105 - the name of a mark, not a secret
_DEMONSTRATION = "gbese.apps.demonstration.services"

_View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def _until_there_is_a_user(view: _View) -> _View:
    """Keep the page for whoever sits at the machine, or knows the word it printed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        if queries.has_users():
            return redirect("web:sign_in")
        if not (_is_at_the_machine(request) or request.session.get(_KNOWS_SECRET)):
            return render(request, "web/first_start/elsewhere.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
@_until_there_is_a_user
def first_start(request: HttpRequest) -> HttpResponse:
    """Make the company and its administrator."""
    form = FirstStartForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, form.cleaned_data)
        except Refusal as refused:
            refusal = wording.refusal_text(refused)
    return render(
        request,
        "web/first_start/first_start.html",
        {
            "form": form,
            "refusal": refusal,
        },
        status=422 if form.errors or refusal else 200,
    )


def _made(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    language = get_language() or "en"
    act = act_of(request)
    with transaction.atomic():
        row = identity.create_first_user(
            login=asked["login"],
            full_name=asked["full_name"],
            password=asked["password"],
            language=language,
            act=act,
        )
        _open_books(asked, act)
    return _entered(request, row, language)


def _open_books(asked: dict[str, Any], act: Act) -> None:
    """Open the books; a currency that was not chosen is the country's."""
    currency = asked["currency"] or choices.currency_of_country(
        asked["country"], act.recorded_at.date()
    )
    bookkeeping.set_up_entity(
        name=asked["firm_name"],
        country=asked["country"],
        base_currency=currency,
        fiscal_year_start_month=asked["fiscal_year_start_month"],
        time_zone=asked["time_zone"],
        sides=asked["sides"],
        act=act,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Open the books where somebody can sign in already, and nobody has said whose they are."""
    if has_entity():
        return redirect("web:home")
    form = BooksForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            _open_books(form.cleaned_data, form_act(request))
        except Refusal as refused:
            refusal = wording.refusal_text(refused)
        else:
            messages.success(request, gettext("The books are open."))
            return redirect("web:home")
    told = {"form": form, "refusal": refusal, "request_id": uuid4()}
    status = 422 if form.errors or refusal else 200
    return render(request, "web/first_start/set_up.html", told, status=status)


@never_cache
@require_POST
@_until_there_is_a_user
def first_start_demonstration(request: HttpRequest) -> HttpResponse:
    """Make the demonstration company, and go in as its administrator."""
    login_name = make_demonstration(act=act_of(request))
    return _entered(request, queries.user(login_name), get_language() or "en")


@never_cache
@require_POST
def first_start_secret(request: HttpRequest) -> HttpResponse:
    """Take the word that `serve` printed."""
    if queries.has_users():
        return redirect("web:sign_in")
    expected = settings.FIRST_START_SECRET
    given = request.POST.get("secret", "").strip()
    if expected and hmac.compare_digest(expected.encode(), given.encode()):
        request.session[_KNOWS_SECRET] = True
        return redirect("web:first_start")
    refusal = gettext("That is not the word.")
    return render(request, "web/first_start/elsewhere.html", {"refusal": refusal}, status=422)


def _is_at_the_machine(request: HttpRequest) -> bool:
    address = ways_in.client_address(request)
    return bool(address) and ip_address(address).is_loopback


def _entered(request: HttpRequest, person: UserRow, language: str) -> HttpResponse:
    ways_in.sign_in_first_user(request, person)
    messages.success(
        request, gettext("All is ready. The tour shows what you can do; help is always at hand.")
    )
    response = redirect("web:home")
    keep_language(response, language)
    return response
