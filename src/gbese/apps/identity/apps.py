from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "gbese.apps.identity"
    label = "identity"
