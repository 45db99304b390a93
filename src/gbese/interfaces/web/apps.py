from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gbese.interfaces.web"
    label = "web"
