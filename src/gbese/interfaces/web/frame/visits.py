"""What `visits.js` asks for: pages whose main part is exchanged in a frame that stands."""

from __future__ import annotations

from django.http import HttpRequest

VISIT_HEADER = "Gbese-Visit"


def is_visit(request: HttpRequest) -> bool:
    """Whether the script asks that exchanges pages; it needs no second request to show one."""
    return VISIT_HEADER in request.headers
