"""What can be recorded on a loan: a form for each kind, and the event it means."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gbese.apps.identity.permissions import Right
from gbese.apps.lending import services as lending
from gbese.apps.lending.services import EventMaker
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Terms
from gbese.core.money import Currency, Money, money_from_text
from gbese.core.servicing.events import Component, ReversalReason, SurplusUse
from gbese.interfaces.web import fields, wording
from gbese.interfaces.web.lending.new_loan import FREQUENCIES, OFTEN


class RecordForm(forms.Form):
    """A fact of a loan and the day it counts from."""

    title: ClassVar[str | Promise]
    explanation: ClassVar[str | Promise]
    icon: ClassVar[str]
    right: ClassVar[Right] = Right.LOANS_RECORD
    needs_terms: ClassVar[bool] = False
    terms: Terms | None = None  # in force, where the form asks for them

    value_date = fields.day_field(
        label=_("Value date"), help_text=_("The day the money counts from; it may be earlier.")
    )

    @abstractmethod
    def maker(self, currency: Currency) -> EventMaker:
        """The event the filled form means.

        Raises:
            MalformedAmount, AmountTooFine, AmountTooLarge: the amount, in this currency.
        """

    def _money(self, name: str, currency: Currency) -> Money:
        return money_from_text(self.cleaned_data[name], currency)


class DrawdownForm(RecordForm):
    """Money is drawn."""

    title = _("Drawdown")
    explanation = _("The borrower takes money under the contract.")
    icon = "cash"
    amount = fields.AmountField(label=_("Amount drawn"))

    def maker(self, currency: Currency) -> EventMaker:
        return lending.drawdown(
            amount=self._money("amount", currency), value_date=self.cleaned_data["value_date"]
        )


class RepaymentForm(RecordForm):
    """Money is repaid."""

    title = _("Repayment")
    explanation = _("Money is paid on the loan. It settles what is due in the contract's order.")
    icon = "receipt"
    amount = fields.AmountField(label=_("Amount paid"))
    surplus = fields.choice_field(label=_("If more is paid than is due"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        _offer(self.fields["surplus"], wording.choices_of("surplus_use", SurplusUse))

    def maker(self, currency: Currency) -> EventMaker:
        return lending.repayment(
            received=self._money("amount", currency),
            value_date=self.cleaned_data["value_date"],
            surplus=SurplusUse(self.cleaned_data["surplus"]),
        )


class RateForm(RecordForm):
    """A new rate."""

    title = _("New rate")
    explanation = _("The loan costs another rate from the value date on.")
    icon = "percentage"
    nominal_rate = fields.PercentField(label=_("Rate a year, per cent"))

    def maker(self, currency: Currency) -> EventMaker:
        return lending.rate(
            nominal_rate=self.cleaned_data["nominal_rate"],
            value_date=self.cleaned_data["value_date"],
        )


class ChargeForm(RecordForm):
    """Something is charged by hand."""

    title = _("Charge")
    explanation = _("A fee, a penalty or interest is charged by hand.")
    icon = "coin"
    component = fields.choice_field(label=_("What is charged"))
    amount = fields.AmountField(label=_("Amount"))
    charge_kind = fields.text_field(label=_("Its name"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        chargeable = (Component.FEE, Component.PENALTY, Component.INTEREST)
        _offer(self.fields["component"], wording.choices_of("component", chargeable))

    def maker(self, currency: Currency) -> EventMaker:
        return lending.charge(
            component=Component(self.cleaned_data["component"]),
            amount=self._money("amount", currency),
            charge_kind=self.cleaned_data["charge_kind"],
            value_date=self.cleaned_data["value_date"],
        )


class WaiverForm(RecordForm):
    """A claim is given up."""

    title = _("Waiver")
    explanation = _("A claim, or a part of it, is given up by agreement.")
    icon = "hand-stop"
    right = Right.LOANS_WRITE_OFF
    component = fields.choice_field(label=_("What is given up"))
    amount = fields.AmountField(label=_("Amount"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        _offer(self.fields["component"], wording.choices_of("component", Component))

    def maker(self, currency: Currency) -> EventMaker:
        return lending.waiver(
            component=Component(self.cleaned_data["component"]),
            amount=self._money("amount", currency),
            value_date=self.cleaned_data["value_date"],
        )


class RefundForm(RecordForm):
    """Money goes back."""

    title = _("Refund")
    explanation = _("Money that settled nothing goes back to the payer.")
    icon = "arrow-back-up"
    amount = fields.AmountField(label=_("Amount paid back"))

    def maker(self, currency: Currency) -> EventMaker:
        return lending.refund(
            amount=self._money("amount", currency), value_date=self.cleaned_data["value_date"]
        )


class WriteOffForm(RecordForm):
    """All that is owed leaves the books."""

    title = _("Write-off")
    explanation = _("All that is owed leaves the books; what is paid later is a recovery.")
    icon = "ban"
    right = Right.LOANS_WRITE_OFF

    def maker(self, currency: Currency) -> EventMaker:
        return lending.write_off(value_date=self.cleaned_data["value_date"])


class AmendmentForm(RecordForm):
    """New terms are agreed."""

    title = _("New terms")
    explanation = _(
        "What is not yet due goes on under new terms from the value date; what fell due stays due,"
        " unless the terms are eased because the borrower could not pay."
    )
    icon = "pencil"
    right = Right.LOANS_ENTER
    needs_terms = True
    first_due_date = fields.day_field(label=_("First due date under them"))
    maturity_date = fields.day_field(label=_("Maturity"))
    frequency = fields.choice_field(label=_("Falls due"), choices=OFTEN)
    schedule_kind = fields.choice_field(label=_("Principal is repaid"))
    fixed_rate = fields.PercentField(
        label=_("Rate a year, per cent"), required=False, help_text=_("Empty leaves it as it is.")
    )
    principal_grace_instalments = fields.count_field(
        label=_("First instalments without principal"), required=False, min_value=0
    )
    is_restructuring = forms.BooleanField(
        label=_("Eased because the borrower could not pay: what is overdue joins the new schedule"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        kinds = (ScheduleKind.ANNUITY, ScheduleKind.LINEAR, ScheduleKind.BULLET)
        _offer(self.fields["schedule_kind"], wording.choices_of("schedule_kind", kinds))

    def maker(self, currency: Currency) -> EventMaker:
        told = self.cleaned_data
        if self.terms is None:
            message = "an amendment is made from the terms in force"
            raise AssertionError(message)
        rate = self.terms.rate
        if told["fixed_rate"] is not None:
            rate = RateTerms(fixed=told["fixed_rate"])
        return lending.amendment(
            terms=replace(
                self.terms,
                interest_from=told["value_date"],
                first_due_date=told["first_due_date"],
                maturity_date=told["maturity_date"],
                frequency=FREQUENCIES[told["frequency"]],
                schedule_kind=ScheduleKind(told["schedule_kind"]),
                rate=rate,
                principal_grace_instalments=told["principal_grace_instalments"] or 0,
                first_principal_date=None,
                custom_principal=(),
            ),
            is_restructuring=told["is_restructuring"],
            value_date=told["value_date"],
        )


class ReversalForm(RecordForm):
    """Something recorded by mistake counts as never having happened."""

    title = _("Reversal")
    explanation = _(
        "What was recorded by mistake counts as never having happened. Both stay in the story."
    )
    icon = "arrow-back-up"
    right = Right.LOANS_REVERSE
    event_number = forms.IntegerField(widget=forms.HiddenInput)
    reason = fields.choice_field(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        _offer(self.fields["reason"], wording.choices_of("reversal_reason", ReversalReason))

    def maker(self, currency: Currency) -> EventMaker:
        return lending.reversal(
            event_number=self.cleaned_data["event_number"],
            reason=ReversalReason(self.cleaned_data["reason"]),
            value_date=self.cleaned_data["value_date"],
        )


KINDS: dict[str, type[RecordForm]] = {
    "repayment": RepaymentForm,
    "drawdown": DrawdownForm,
    "rate": RateForm,
    "charge": ChargeForm,
    "waiver": WaiverForm,
    "refund": RefundForm,
    "write-off": WriteOffForm,
    "terms": AmendmentForm,
    "reversal": ReversalForm,
}


def _offer(field: forms.Field, offered: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = offered
