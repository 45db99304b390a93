from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "gbese.apps.closing"
    label = "closing"
