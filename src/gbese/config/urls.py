"""Every address: pages first, then the API."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("gbese.interfaces.health")),
    path("", include("gbese.interfaces.web.urls")),
    path("", include("gbese.interfaces.api.urls")),
]

handler400 = "gbese.interfaces.web.frame.views.bad_request"
handler403 = "gbese.interfaces.web.frame.views.forbidden"
handler404 = "gbese.interfaces.web.frame.views.not_found"
handler500 = "gbese.interfaces.web.frame.views.failed"
