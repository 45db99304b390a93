"""What an administrator writes about a person with a login."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gbese.apps.identity.permissions import Role, rights_of
from gbese.interfaces.web import fields, wording

_LIVES_DAYS_MAX = 3_650  # as in the API; an installation may allow less


class NewPersonForm(forms.Form):
    """A person who may sign in; they first come by a link, and choose a password."""

    full_name = fields.text_field(label=_("Name"), max_length=200)
    login = fields.text_field(
        label=_("Login"),
        max_length=100,
        help_text=_("Small Latin letters and digits, such as amina."),
        attrs={"dir": "ltr", "autocapitalize": "none", "autocomplete": "off"},
    )
    role = fields.choice_field(label=_("Role"))
    language = fields.choice_field(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        for name, offered in (
            ("role", wording.choices_of("role", Role)),
            ("language", list(settings.LANGUAGES)),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered


class TokenForm(forms.Form):
    """A token for a program of one's own; it may do no more than a role of one's own."""

    name = fields.text_field(
        label=_("What the program is"),
        max_length=100,
        help_text=_("So that you know later which token to revoke, such as payroll."),
    )
    role = fields.choice_field(label=_("May do what the role may"))
    lives_days = fields.count_field(
        label=_("Lives for days"), min_value=1, max_value=_LIVES_DAYS_MAX, initial=90
    )

    def __init__(self, own_role: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        within = [role for role in Role if rights_of(role) <= rights_of(own_role)]
        role_field = self.fields["role"]
        if isinstance(role_field, forms.ChoiceField):
            role_field.choices = wording.choices_of("role", within)
        self.initial.setdefault("role", own_role)


class PasswordForm(forms.Form):
    """A new password, written twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        help_text=_("At least 10 characters. A short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs=fields.TEXT | {"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password once more"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs=fields.TEXT | {"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """The two must be the same."""
        told = super().clean() or {}
        if told.get("password") != told.get("password_again"):
            self.add_error("password_again", _("The two passwords differ."))
        return told
