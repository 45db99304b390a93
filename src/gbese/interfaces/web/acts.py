"""The act behind a form: sending the same form twice is one act."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from gbese.apps.identity.acts import Act
from gbese.interfaces.requests import act_of

REQUEST_FIELD = "request_id"


def form_act(request: HttpRequest) -> Act:
    """The act of the signed-in person, under the number its form carries."""
    return act_of(request, request_id=_form_number(request))


def _form_number(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(REQUEST_FIELD, ""))
    except ValueError:
        return None
