from django.apps import AppConfig
from django.conf import settings


class WebConfig(AppConfig):
    name = "gbese.interfaces.web"
    label = "web"

    def ready(self) -> None:
        """Word the refusals, and offer the right-to-left preview where the settings do."""
        from gbese.interfaces.web import refusals  # noqa: F401, PLC0415 - needs apps
        from gbese.interfaces.web.imports import wording  # noqa: F401, PLC0415 - needs apps
        from gbese.interfaces.web.languages import register_preview  # noqa: PLC0415 - needs apps

        if settings.RTL_PREVIEW in dict(settings.LANGUAGES):
            register_preview()
