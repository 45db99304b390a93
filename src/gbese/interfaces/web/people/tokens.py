"""Tokens of the API: made by their owner, shown once, revoked by whoever may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gbese.apps.identity import queries
from gbese.apps.identity import services as identity
from gbese.apps.identity.errors import TokenUnknown
from gbese.apps.identity.permissions import Right
from gbese.apps.identity.queries import may
from gbese.config import clock
from gbese.core.errors import Refusal
from gbese.interfaces.requests import act_of
from gbese.interfaces.web import wording
from gbese.interfaces.web.people.forms import TokenForm


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token in a list: whose it is, and whether it still opens anything."""

    row: queries.TokenRow
    owner: str
    state: str

    @property
    def is_in_force(self) -> bool:
        return self.state == "in_force"


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and everybody's for who manages people; a new one is shown this once."""
    own = queries.user(request.user.get_username())
    form = TokenForm(own.role, request.POST or None)
    refusal, made = "", None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = identity.make_api_token(
                login=own.login,
                name=asked["name"],
                role=asked["role"],
                lives_for=timedelta(days=asked["lives_days"]),
                most_days=settings.ENVIRONMENT.token_days,
                act=act_of(request),
            )
        except Refusal as refused:
            refusal = wording.refusal_text(refused)
        else:
            form = TokenForm(own.role)
    manages = may(request.user, Right.USERS_MANAGE)
    told = {
        "form": form,
        "refusal": refusal,
        "made": made,
        "tokens": _shown(None if manages else own.login),
        "manages": manages,
    }
    status = 422 if refusal or (form.is_bound and form.errors) else 200
    return render(request, "web/people/tokens.html", told, status=status)


@require_POST
def token_revoke(request: HttpRequest, token: int) -> HttpResponse:
    """End a token at once: one's own, or anybody's for who manages people."""
    manages = may(request.user, Right.USERS_MANAGE)
    owner = None if manages else request.user.get_username()
    try:
        identity.revoke_api_token(pk=token, login=owner, act=act_of(request))
    except TokenUnknown as unknown:
        raise Http404 from unknown
    messages.success(request, gettext("The token is revoked; it opens nothing any more."))
    return redirect("web:tokens")


def _shown(login: str | None) -> list[TokenShown]:
    names = {person.login: person.full_name for person in queries.users()}
    now = clock.now()
    shown = []
    for row in queries.api_tokens(login):
        state = "revoked" if row.revoked_at else "expired" if row.expires_at <= now else "in_force"
        shown.append(TokenShown(row, names.get(row.login, row.login), state))
    return shown
