"""Every address: pages first, then the API."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("gbese.interfaces.health")),
    path("", include("gbese.interfaces.web.urls")),
    path("", include("gbese.interfaces.api.urls")),
]
