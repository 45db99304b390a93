from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "gbese.apps.reporting"
    label = "reporting"
