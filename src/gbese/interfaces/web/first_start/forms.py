"""What the first start asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gbese.interfaces.web import choices

_SELECT = {"class": "form-select"}
_TEXT = {"class": "form-control"}
_SECRET = {"class": "form-control", "autocomplete": "new-password", "dir": "ltr"}


class BooksForm(forms.Form):
    """Whose books, where, and in which money."""

    firm_name = forms.CharField(
        label=_("Name of the company"),
        max_length=200,
        widget=forms.TextInput(attrs=_TEXT | {"autocomplete": "organization"}),
    )
    sides = forms.ChoiceField(
        label=_("Whose loans will be kept?"),
        choices=(
            ("borrower", _("Loans we have received (our debts)")),
            ("lender", _("Loans we have issued")),
            ("both", _("Both")),
        ),
        initial="both",
        widget=forms.RadioSelect,
    )
    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select(attrs=_SELECT | {"data-country": ""})
    )
    currency = forms.ChoiceField(
        label=_("Currency of the books"),
        required=False,
        help_text=_("Left alone, it is the currency of the country."),
        widget=forms.Select(attrs=_SELECT),
    )
    fiscal_year_start_month = forms.TypedChoiceField(
        label=_("The fiscal year starts in"),
        choices=choices.months,
        coerce=int,
        initial="1",
        widget=forms.Select(attrs=_SELECT),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=choices.time_zones,
        initial="UTC",
        help_text=_("A business day ends by this clock."),
        widget=forms.Select(attrs=_SELECT | {"data-time-zone": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self._offer("country", [("", gettext("Choose a country")), *choices.countries()])
        self._offer("currency", [("", gettext("As in the country")), *choices.currencies()])

    def _offer(self, name: str, offered: choices.Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = offered


class FirstStartForm(BooksForm):
    """The books, and who may enter first."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs=_TEXT | {"autocomplete": "name"}),
    )
    login = forms.CharField(
        label=_("Login"),
        max_length=100,
        help_text=_("Small Latin letters and digits, such as amina."),
        widget=forms.TextInput(
            attrs=_TEXT | {"autocomplete": "username", "autocapitalize": "none", "dir": "ltr"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        help_text=_("At least 10 characters. A short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs=_SECRET),
    )
    password_again = forms.CharField(
        label=_("Password once more"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs=_SECRET),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("password_again"):
            self.add_error("password_again", gettext("The two passwords differ."))
        return cleaned
