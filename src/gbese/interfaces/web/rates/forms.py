"""What people write about rates: an exchange rate, a fixing, a day off."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gbese.apps.rates.services import fraction_text
from gbese.interfaces.web import fields
from gbese.interfaces.web.rates import wording

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_SOURCE = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
_SERIES = re.compile(r"[A-Z0-9_]{1,32}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_OWN_SOURCE = "own"
_YEARS = (1970, 2099)


class _CodeField(forms.CharField):
    """A short code in one of the shapes above; small and capital letters are made to fit."""

    def __init__(self, shape: re.Pattern[str], message: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self._shape, self._message = shape, message
        attrs = fields.TEXT | {"dir": "ltr", "autocomplete": "off"} | kwargs.pop("attrs", {})
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's signature
        text = str(super().clean(value)).strip()
        text = text.lower() if self._shape is _SOURCE else text.upper()
        if text and not self._shape.fullmatch(text):
            raise forms.ValidationError(self._message)
        return text


def _currency_field(**kwargs: Any) -> _CodeField:  # noqa: ANN401 - Django's signature
    return _CodeField(
        _CURRENCY, _("A currency has three letters, such as NGN."), max_length=3, **kwargs
    )


def _source_field() -> _CodeField:
    return _CodeField(
        _SOURCE,
        _("A source is written with small Latin letters, digits and _."),
        label=_("Source"),
        initial=_OWN_SOURCE,
        max_length=32,
        help_text=_("Who published it, such as cbn, nbk, ecb; own for your own."),
        attrs={"list": "rate-sources"},
    )


class ExchangeRateForm(forms.Form):
    """An exchange rate of one day: so many units of one currency for so many of another."""

    quantity = fields.count_field(label=_("Units"), initial=1, min_value=1, max_value=1_000_000)
    base = _currency_field(label=_("of currency"))
    rate = fields.AmountField(label=_("cost"))
    quote = _currency_field(label=_("in currency"))
    valid_on = fields.day_field(label=_("Day"))
    kind = fields.choice_field(label=_("Kind"))
    source = _source_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 - it is made above
        kind.choices = wording.kind_choices()

    def clean(self) -> dict[str, Any]:
        """A currency has no rate in itself."""
        told = super().clean() or {}
        if told.get("base") and told.get("base") == told.get("quote"):
            self.add_error("quote", _("The two currencies are the same."))
        return told


class FixingForm(forms.Form):
    """The value of a reference rate on a day."""

    series = _CodeField(
        _SERIES,
        _("A series is written with capital Latin letters, digits and _."),
        label=_("Reference rate"),
        max_length=32,
        help_text=_("Its code, such as SOFR or MPR."),
        attrs={"list": "reference-series"},
    )
    unit = fields.choice_field(label=_("Unit"))
    value = fields.AmountField(label=_("Value"), help_text=_("Per cent a year, such as 26.75."))
    valid_on = fields.day_field(label=_("From day"))
    source = _source_field()
    holds = forms.BooleanField(
        label=_("Holds until it is changed"),
        required=False,
        help_text=_("For a rate set by decision; a daily one grows old in two weeks."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)  # noqa: S101 - it is made above
        unit.choices = wording.unit_choices()

    @property
    def rate(self) -> str:
        """The value as it is kept: a fraction of one a year, or the level of an index."""
        value: str = self.cleaned_data["value"]
        return value if self.cleaned_data["unit"] == "index" else fraction_text(value)


class CalendarForm(forms.Form):
    """Which country's days off, for which years."""

    country = _CodeField(
        _COUNTRY, _("A country has two letters, such as NG."), label=_("Country"), max_length=2
    )
    first_year = fields.count_field(label=_("From year"), min_value=_YEARS[0], max_value=_YEARS[1])
    last_year = fields.count_field(label=_("To year"), min_value=_YEARS[0], max_value=_YEARS[1])

    def clean(self) -> dict[str, Any]:
        """Years ascend."""
        told = super().clean() or {}
        first, last = told.get("first_year"), told.get("last_year")
        if first is not None and last is not None and last < first:
            self.add_error("last_year", _("The last year is before the first."))
        return told


class HolidayForm(forms.Form):
    """A day off."""

    day = fields.day_field(label=_("Day"))
    name = fields.text_field(label=_("Name"), max_length=200)
