from django.apps import AppConfig


class RatesConfig(AppConfig):
    name = "gbese.apps.rates"
    label = "rates"
