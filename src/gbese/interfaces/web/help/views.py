"""Help: the tour, the keys, what the statuses mean."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Where help is."""
    return render(request, "web/help/overview.html")


@require_GET
def keyboard(request: HttpRequest) -> HttpResponse:
    """The keys."""
    return render(request, "web/help/keyboard.html")


@require_GET
def tour(request: HttpRequest) -> HttpResponse:
    """What the product can do, each step beside the page where it is done."""
    return render(request, "web/help/tour.html")
