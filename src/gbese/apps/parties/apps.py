from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "gbese.apps.parties"
    label = "parties"
