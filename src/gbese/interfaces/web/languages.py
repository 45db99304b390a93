"""Words of Django's own that it lacks in our languages, and a language that tries right to left."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext_noop, trans_real

RIGHT_TO_LEFT, POP = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"
_WORD = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{?\s*\w+\s*\}?\}|<[^>]*>|&\w+;|[^\W\d_][\w'’-]*")

# Sentences of Django that people meet in our forms; listing them puts them into our catalogues.
DJANGO_SENTENCES = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a number."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    gettext_noop("No file was submitted. Check the encoding type on the form."),
    gettext_noop("The submitted file is empty."),
    gettext_noop("Null characters are not allowed."),
)


def mirrored(text: str) -> str:
    """English as a right-to-left script would run; tags and places for facts stay as they are."""

    def turned(match: re.Match[str]) -> str:
        word = match[0]
        if word[0] in "%{<&":
            return word
        return f"{RIGHT_TO_LEFT}{word}{POP}"

    return _WORD.sub(turned, text)


class RightToLeftPreview(trans_real.DjangoTranslation):
    """A language made from English as it is asked for; no catalogue is kept for it."""

    def __init__(self) -> None:
        super().__init__(settings.RTL_PREVIEW)

    def gettext(self, message: str) -> str:
        return mirrored(message.rpartition("\x04")[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return mirrored((msgid1 if n == 1 else msgid2).rpartition("\x04")[2])


def register_preview() -> None:
    """Give Django the preview where it looks for a language's catalogue."""
    known = vars(trans_real)["_translations"]  # Django has no other way in
    known[settings.RTL_PREVIEW] = RightToLeftPreview()
