from django.apps import AppConfig


class LendingConfig(AppConfig):
    name = "gbese.apps.lending"
    label = "lending"
