from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "gbese.interfaces.api"
    label = "api"
