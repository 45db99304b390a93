"""The addresses of rates and calendars."""

from __future__ import annotations

from django.urls import URLPattern, path

from gbese.interfaces.web.rates import views

urlpatterns: list[URLPattern] = [
    path("rates", views.rates, name="rates"),
    path("rates/new", views.rate_new, name="rate_new"),
    path("rates/pair/<int:series>", views.rate_series, name="rate_series"),
    path("rates/confirm/<int:rate>", views.rate_confirm, name="rate_confirm"),
    path("rates/reference/new", views.fixing_new, name="fixing_new"),
    path("rates/reference/<str:series>", views.reference_series, name="reference_series"),
    path("rates/holidays", views.holidays, name="holidays"),
    path("rates/holidays/fill", views.calendar_fill, name="calendar_fill"),
    path("rates/holidays/new", views.holiday_new, name="holiday_new"),
    path("rates/holidays/take-back", views.holiday_take_back, name="holiday_take_back"),
]
