from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "gbese.apps.imports"
    label = "imports"
