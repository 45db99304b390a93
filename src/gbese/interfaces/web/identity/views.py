"""Signing in and out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gbese.apps.identity import queries
from gbese.apps.identity import services as identity
from gbese.apps.identity.errors import SignInLinkInvalid, SignInPaused, SignInRefused
from gbese.config import clock
from gbese.interfaces import sign_in as ways_in
from gbese.interfaces.web import wording
from gbese.interfaces.web.frame.views import keep_language, way_back
from gbese.interfaces.web.identity.forms import SignInForm


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let in whoever knows the password; it is not said which part was wrong."""
    if not queries.has_users():
        return redirect("web:first_start")
    if request.user.is_authenticated:
        return HttpResponseRedirect(way_back(request))
    form = SignInForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            row = ways_in.sign_in_by_password(
                request,
                login_name=form.cleaned_data["login"],
                password=form.cleaned_data["password"],
            )
        except (SignInRefused, SignInPaused) as refused:
            refusal = wording.refusal_text(refused)
        else:
            return _entered(row.language, way_back(request))
    told = {
        "form": form,
        "refusal": refusal,
        "next": request.POST.get("next") or request.GET.get("next", "/"),
    }
    return render(request, "web/identity/sign_in.html", told, status=422 if refusal else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in once by a link.

    Opening it spends nothing, so that a mail program that looks at links first does not use it up.
    """
    if request.method == "POST":
        try:
            row = ways_in.sign_in_by_link(request, secret=secret)
        except SignInLinkInvalid:
            return render(request, "web/identity/link.html", {"is_good": False}, status=410)
        return _entered(row.language, "/")
    is_good = identity.is_sign_in_link_good(secret=secret, at=clock.now())
    return render(
        request, "web/identity/link.html", {"is_good": is_good}, status=200 if is_good else 410
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    ways_in.sign_out(request)
    return redirect("web:sign_in")


def _entered(language: str, where: str) -> HttpResponse:
    response = HttpResponseRedirect(where)
    keep_language(response, language)
    return response
