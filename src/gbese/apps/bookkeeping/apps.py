from django.apps import AppConfig


class BookkeepingConfig(AppConfig):
    name = "gbese.apps.bookkeeping"
    label = "bookkeeping"
