"""The addresses of imports."""

from __future__ import annotations

from django.urls import URLPattern, path

from gbese.interfaces.web.imports import views

urlpatterns: list[URLPattern] = [
    path("imports", views.imports, name="imports"),
    path("imports/upload", views.import_upload, name="import_upload"),
    path("imports/columns/<slug:sha256>", views.import_columns, name="import_columns"),
    path("imports/template.<slug:kind>", views.import_template, name="import_template"),
    path("imports/<int:run>", views.import_run, name="import_run"),
    path("imports/<int:run>/commit", views.import_commit, name="import_commit"),
    path("imports/<int:run>/progress", views.import_progress, name="import_progress"),
    path("imports/<int:run>/undo", views.import_undo, name="import_undo"),
    path("imports/<int:run>/<slug:kind>.csv", views.import_rows_csv, name="import_rows_csv"),
    path("statements", views.statements, name="statements"),
]
