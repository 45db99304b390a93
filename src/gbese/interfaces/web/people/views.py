"""People with a login, one's own password, and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.bookkeeping.errors import BooksNotSetUp
from gbese.apps.identity import queries
from gbese.apps.identity import services as identity
from gbese.apps.identity.permissions import Right, Role, rights_of
from gbese.apps.identity.queries import may
from gbese.core.errors import Refusal
from gbese.interfaces import sign_in as ways_in
from gbese.interfaces.requests import act_of
from gbese.interfaces.web import exports, wording
from gbese.interfaces.web.addresses import choice_asked, span_asked, text_asked, whole_asked
from gbese.interfaces.web.people import trail
from gbese.interfaces.web.people.forms import NewPersonForm, PasswordForm

_RECORDS_SHOWN = 100
_RECORDS_READ_AT_ONCE = 2000


@never_cache
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a login; a new person gets a link that signs them in once."""
    form = NewPersonForm(request.POST or None)
    refusal, link = "", ""
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            row = identity.create_user(
                login=asked["login"],
                full_name=asked["full_name"],
                role=asked["role"],
                language=asked["language"],
                act=act_of(request),
            )
            link = ways_in.make_sign_in_link(request, login_name=row.login)
        except Refusal as refused:
            refusal = wording.refusal_text(refused)
        else:
            form = NewPersonForm()
    told = {
        "people": queries.users(),
        "roles": [
            (role.value, wording.word("role", role), sorted(rights_of(role))) for role in Role
        ],
        "rights": [(right.value, wording.word("right", right)) for right in Right],
        "form": form,
        "refusal": refusal,
        "link": link,
        "may_audit": may(request.user, Right.AUDIT_VIEW),
    }
    status = 422 if refusal or (form.is_bound and form.errors) else 200
    return render(request, "web/people/people.html", told, status=status)


@require_POST
def person_role(request: HttpRequest, login: str) -> HttpResponse:
    """Give a person another role; their sessions end."""
    try:
        identity.change_role(login=login, role=request.POST.get("role", ""), act=act_of(request))
    except Refusal as refused:
        messages.error(request, wording.refusal_text(refused))
    else:
        messages.success(request, gettext("The role is changed; their sessions have ended."))
    return redirect("web:people")


@require_POST
def person_active(request: HttpRequest, login: str) -> HttpResponse:
    """Let a person in again, or keep them out."""
    is_active = request.POST.get("active") == "yes"
    try:
        identity.set_active(login=login, is_active=is_active, act=act_of(request))
    except Refusal as refused:
        messages.error(request, wording.refusal_text(refused))
    else:
        messages.success(
            request,
            gettext("They may sign in again.")
            if is_active
            else gettext("They are kept out; their sessions and tokens have ended."),
        )
    return redirect("web:people")


@never_cache
@require_POST
def person_link(request: HttpRequest, login: str) -> HttpResponse:
    """Make a link that signs a person in once, to be passed on."""
    try:
        link = ways_in.make_sign_in_link(request, login_name=login)
        row = queries.user(login)
    except Refusal as unknown:
        raise Http404 from unknown
    return render(request, "web/people/link.html", {"link": link, "person": row})


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; one's other sessions end."""
    form = PasswordForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        login = request.user.get_username()
        try:
            identity.set_password(
                login=login, password=form.cleaned_data["password"], act=act_of(request)
            )
        except Refusal as refused:
            refusal = wording.refusal_text(refused)
        else:
            ways_in.sign_in_first_user(request, queries.user(login))  # the old session has ended
            messages.success(request, gettext("The password is changed."))
            return redirect("web:home")
    status = 422 if refusal or (form.is_bound and form.errors) else 200
    return render(
        request, "web/people/password.html", {"form": form, "refusal": refusal}, status=status
    )


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The audit trail in words, newest first: who did what to which thing, old and new."""
    chosen = _audit_asked(request)
    rows = queries.audit_records(
        chosen=chosen, before_number=whole_asked(request.GET, "before"), limit=_RECORDS_SHOWN + 1
    )
    people = queries.users()
    with timezone.override(_zone()):
        shown = trail.told(rows[:_RECORDS_SHOWN], _names(people))
    told = {
        "rows": shown,
        "older": rows[_RECORDS_SHOWN - 1].number if len(rows) > _RECORDS_SHOWN else None,
        "is_older": "before" in request.GET,
        "head": queries.audit_head(),
        "people": people,
        "whats": sorted(
            ((code, str(word)) for code, word in trail.WHAT.items()), key=lambda one: one[1]
        ),
        "is_filtering": chosen != queries.AuditFilter(),
    }
    return render(request, "web/people/audit.html", told)


@require_GET
def audit_csv(request: HttpRequest) -> HttpResponseBase:
    """The audit trail as filtered, whole, as CSV."""
    headings = (
        gettext("No."),
        gettext("When"),
        gettext("Who"),
        gettext("Login"),
        gettext("Through"),
        gettext("What"),
        gettext("About"),
        gettext("Values"),
        gettext("Seal of the record"),
    )
    return exports.csv_file("audit-trail", headings, _audit_rows(_audit_asked(request)))


def _audit_rows(chosen: queries.AuditFilter) -> Iterator[tuple[exports.Cell, ...]]:
    names = _names(queries.users())
    zone = _zone()
    before: int | None = None
    while rows := queries.audit_records(
        chosen=chosen, before_number=before, limit=_RECORDS_READ_AT_ONCE
    ):
        with timezone.override(zone):
            shown = trail.told(rows, names)
        for record in shown:
            row = record.row
            yield (
                row.number,
                row.recorded_at.astimezone(zone).isoformat(timespec="seconds"),
                record.who,
                row.login,
                wording.word("channel", row.channel),
                record.what,
                f"{record.subject.kind} {record.subject.name}".strip(),
                record.values_text(),
                row.record_hash,
            )
        before = rows[-1].number


def _audit_asked(request: HttpRequest) -> queries.AuditFilter:
    """The filter of an address; its days are those of the books' time zone."""
    since, until = span_asked(request.GET, "since", "until")
    zone = _zone()
    return queries.AuditFilter(
        subjects=trail.subjects_named(text_asked(request.GET, "subject")),
        login=text_asked(request.GET, "login"),
        what=choice_asked(request.GET, "what", tuple(trail.WHAT)),
        recorded_from=datetime.combine(since, time.min, zone) if since else None,
        recorded_before=datetime.combine(until + timedelta(days=1), time.min, zone)
        if until
        else None,
    )


def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(bookkeeping.entity().time_zone)
    except BooksNotSetUp:
        return ZoneInfo("UTC")


def _names(people: Iterable[queries.UserRow]) -> dict[str, str]:
    return {person.login: person.full_name for person in people}
