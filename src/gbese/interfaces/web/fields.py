"""Fields for what people write: amounts, rates, dates, counts; read exactly or refused in words."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}

_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_PERCENT_DIGITS_MAX = 12


class AmountField(forms.CharField):
    """An amount as people write it: `1,234.50`, `1 234.50`; read into `1234.50`.

    The currency decides how many decimals it may have, so the text becomes money only with it.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs=TEXT | {"inputmode": "decimal", "autocomplete": "off"}),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's signature
        text = re.sub(r"[\s\u00a0\u202f’']", "", str(super().clean(value)))
        if not text:
            return ""
        if _GROUPED.fullmatch(text):
            return text.replace(",", "")
        if _PLAIN.fullmatch(text):
            return text
        raise ValidationError(
            gettext(
                "“%(text)s” is not an amount. Write digits with a dot before the decimals,"
                " such as 1234.50."
            )
            % {"text": value}
        )


class PercentField(forms.CharField):
    """A rate written as per cent; `24.5` is the fraction 0.245. Empty is None."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs=TEXT | {"inputmode": "decimal", "autocomplete": "off"}),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401 - Django's signature
        text = str(super().clean(value)).strip().removesuffix("%").strip()
        if not text:
            return None
        if not _PLAIN.fullmatch(text) or len(text) > _PERCENT_DIGITS_MAX:
            raise ValidationError(
                gettext("“%(text)s” is not a rate. Write per cent, such as 24 or 7.25.")
                % {"text": value}
            )
        try:
            return Decimal(text).scaleb(-2)
        except InvalidOperation as wrong:  # pragma: no cover - the pattern has let it through
            raise ValidationError(gettext("Enter a number.")) from wrong


def day_field(**kwargs: Any) -> forms.DateField:  # noqa: ANN401 - Django's signature
    """A date, written by the browser's own calendar."""
    return forms.DateField(
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs=TEXT | {"type": "date"}),
        error_messages={"invalid": _("Write a date as year, month and day, such as 2026-03-31.")},
        **kwargs,
    )


def text_field(**kwargs: Any) -> forms.CharField:  # noqa: ANN401 - Django's signature
    """A line of text."""
    attrs = TEXT | kwargs.pop("attrs", {})
    return forms.CharField(widget=forms.TextInput(attrs=attrs), **kwargs)


def choice_field(**kwargs: Any) -> forms.ChoiceField:  # noqa: ANN401 - Django's signature
    """One of a few."""
    attrs = SELECT | kwargs.pop("attrs", {})
    return forms.ChoiceField(widget=forms.Select(attrs=attrs), **kwargs)


def count_field(**kwargs: Any) -> forms.IntegerField:  # noqa: ANN401 - Django's signature
    """A whole number."""
    return forms.IntegerField(
        widget=forms.NumberInput(attrs=TEXT | {"inputmode": "numeric"}), **kwargs
    )
