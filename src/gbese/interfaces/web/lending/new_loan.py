"""A new loan written by hand: what the form asks, and the terms it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gbese.apps.lending.yearly_costs import yearly_cost_of
from gbese.apps.parties.services import PartyKind
from gbese.apps.rates import queries as rates
from gbese.apps.rates.currencies import currency_of
from gbese.core.calendars.business_days import BusinessDayConvention, Calendar
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, add_months
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    PenaltyBase,
    PenaltyTerms,
    PenaltyTier,
    PlannedPrincipal,
    RateTerms,
    ScheduleKind,
    Side,
    Terms,
)
from gbese.core.money import Money, money_from_text
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import Drawn
from gbese.core.yields.disclosure import YearlyCost
from gbese.interfaces.days import day_of
from gbese.interfaces.web import choices, fields, wording

FREQUENCIES: dict[str, Frequency] = {
    "monthly": Frequency(1, FrequencyUnit.MONTH),
    "quarterly": Frequency(3, FrequencyUnit.MONTH),
    "half_yearly": Frequency(6, FrequencyUnit.MONTH),
    "yearly": Frequency(12, FrequencyUnit.MONTH),
    "weekly": Frequency(1, FrequencyUnit.WEEK),
    "fortnightly": Frequency(2, FrequencyUnit.WEEK),
    "at_maturity": Frequency(1, FrequencyUnit.AT_MATURITY),
}
EVERY_N_DAYS = "every_n_days"
OFTEN = [
    ("monthly", _("Monthly")),
    ("quarterly", _("Quarterly")),
    ("half_yearly", _("Half-yearly")),
    ("yearly", _("Yearly")),
    ("weekly", _("Weekly")),
    ("fortnightly", _("Fortnightly")),
    ("at_maturity", _("Once, at maturity")),
]

# The day counts a person meets; imports and the API take the others too.
DAY_COUNTS = (
    DayCount.ACT_365F,
    DayCount.ACT_360,
    DayCount.ACT_ACT_ISDA,
    DayCount.ACT_ACT_ICMA,
    DayCount.THIRTY_E_360,
    DayCount.THIRTY_360_BOND,
    DayCount.EQUAL_PERIODS,
    DayCount.BUS_252,
)


_FURTHER_TIERS = (2, 3)

# What a way of repaying principal leaves nothing to say about, and what is then taken.
_MEANINGLESS: dict[str, dict[str, Any]] = {
    ScheduleKind.ANNUITY: {"custom_rows": []},
    ScheduleKind.LINEAR: {"custom_rows": []},
    ScheduleKind.BULLET: {"custom_rows": [], "balloon": "", "principal_grace_instalments": None},
    ScheduleKind.CUSTOM: {"balloon": "", "principal_grace_instalments": None},
    ScheduleKind.ON_DEMAND: {
        "custom_rows": [],
        "balloon": "",
        "principal_grace_instalments": None,
        "maturity_date": None,
    },
}


class NewLoanForm(forms.Form):
    """Terms of one loan, in the order of a contract."""

    loan_number = fields.text_field(
        label=_("Loan number"), max_length=60, attrs={"dir": "ltr", "autofocus": True}
    )
    side = fields.choice_field(
        label=_("Side"),
        choices=[
            (Side.BORROWER, _("We have received it (our debt)")),
            (Side.LENDER, _("We have issued it")),
        ],
    )
    lender = fields.text_field(label=_("Lender"), max_length=200, attrs={"list": "parties"})
    borrower = fields.text_field(label=_("Borrower"), max_length=200, attrs={"list": "parties"})
    party_kind = fields.choice_field(label=_("The other party is"))
    currency = fields.choice_field(label=_("Currency"))
    principal = fields.AmountField(label=_("Amount or limit"))
    signed_on = fields.day_field(label=_("Signed on"))
    interest_from = fields.day_field(label=_("Interest from"))
    first_due_date = fields.day_field(label=_("First due date"), required=False)
    maturity_date = fields.day_field(label=_("Maturity"), required=False)
    frequency = fields.choice_field(
        label=_("Falls due"),
        choices=[*OFTEN, (EVERY_N_DAYS, _("Every n days"))],
    )
    every_days = fields.count_field(
        label=_("Every how many days"), required=False, min_value=1, max_value=3660
    )
    schedule_kind = fields.choice_field(label=_("Principal is repaid"))
    principal_grace_instalments = fields.count_field(
        label=_("First instalments without principal"), required=False, min_value=0
    )
    balloon = fields.AmountField(label=_("Left for the last instalment"), required=False)
    custom_rows = forms.CharField(
        label=_("Listed dates and amounts"),
        required=False,
        max_length=20_000,
        help_text=_("One a line: 2026-06-30 250000.00"),
        widget=forms.Textarea(attrs=fields.TEXT | {"rows": 4, "dir": "ltr"}),
    )
    rate_kind = fields.choice_field(
        label=_("Rate"),
        choices=[("fixed", _("Fixed")), ("reference", _("Reference rate and margin"))],
    )
    fixed_rate = fields.PercentField(label=_("Rate a year, per cent"), required=False)
    reference = fields.choice_field(label=_("Reference rate"), required=False)
    margin = fields.PercentField(label=_("Margin, per cent"), required=False)
    day_count = fields.choice_field(label=_("Day count"))
    drawn_on = fields.day_field(
        label=_("Drawn in full on"),
        required=False,
        help_text=_("Leave empty to record drawdowns later."),
    )

    # What many contracts leave out.
    agreement_number = fields.text_field(
        label=_("Agreement number"), max_length=60, required=False, attrs={"dir": "ltr"}
    )
    purpose = fields.text_field(label=_("Purpose"), max_length=200, required=False)
    business_days = fields.choice_field(label=_("A due date on a day off"))
    calendar_code = fields.choice_field(label=_("Days off of"), required=False)
    fee_kind = fields.text_field(label=_("Fee, its name"), max_length=60, required=False)
    fee_rate = fields.PercentField(label=_("Fee, per cent of what is drawn"), required=False)
    fee_timing = fields.choice_field(label=_("Fee is taken"), required=False)
    penalty_daily = fields.PercentField(label=_("Penalty a day, per cent"), required=False)
    penalty_from_2 = fields.count_field(
        label=_("Another penalty from day late"), required=False, min_value=2
    )
    penalty_daily_2 = fields.PercentField(label=_("It is a day, per cent"), required=False)
    penalty_from_3 = fields.count_field(
        label=_("A third penalty from day late"), required=False, min_value=3
    )
    penalty_daily_3 = fields.PercentField(label=_("It is a day, per cent"), required=False)
    penalty_base = fields.choice_field(label=_("Penalty is counted on"), required=False)
    penalty_grace_days = fields.count_field(
        label=_("Days late without penalty"), required=False, min_value=0
    )
    penalty_cap = fields.PercentField(
        label=_("Penalties at most, per cent of what is drawn"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        offered: dict[str, choices.Choices] = {
            "party_kind": wording.choices_of("party_kind", reversed(PartyKind)),
            "currency": choices.currencies(),
            "schedule_kind": wording.choices_of("schedule_kind", ScheduleKind),
            "day_count": wording.choices_of("day_count", DAY_COUNTS),
            "business_days": wording.choices_of("business_days", BusinessDayConvention),
            "calendar_code": [("", "—"), *((code, code) for code in rates.calendar_codes())],
            "reference": [("", "—"), *((row.code, row.code) for row in rates.reference_series())],
            "fee_timing": wording.choices_of("fee_timing", FeeTiming),
            "penalty_base": wording.choices_of("penalty_base", PenaltyBase),
        }
        for name, offer in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offer

    @property
    def further(self) -> list[forms.BoundField]:
        """The fields many contracts leave out, in their order."""
        names = list(self.fields)
        return [self[name] for name in names[names.index("agreement_number") :]]

    def clean_custom_rows(self) -> list[tuple[date, str]]:
        """The rows of a custom schedule: a date and an amount on each line."""
        rows = []
        for number, line in enumerate(self.cleaned_data["custom_rows"].splitlines(), start=1):
            day, _gap, amount = line.strip().partition(" ")
            if not day:
                continue
            try:
                written = fields.AmountField().clean(amount)
            except ValidationError:
                written = ""
            due = day_of(day)
            if due is None or not written:
                raise ValidationError(
                    gettext("Line %(number)s is not a date and an amount: “%(line)s”.")
                    % {"number": number, "line": line.strip()[:40]}
                )
            rows.append((due, written))
        return rows

    def clean(self) -> dict[str, Any]:
        """Ask for what one choice makes necessary, and leave out what it makes meaningless."""
        told = super().clean() or {}
        kind = told.get("schedule_kind")
        for name, nothing in _MEANINGLESS.get(kind or "", {}).items():
            self.errors.pop(name, None)
            told[name] = nothing
        if kind == ScheduleKind.CUSTOM:
            self._take_listed_dates(told)
        else:
            self._require("first_due_date", told)
        if kind not in {ScheduleKind.ON_DEMAND, ScheduleKind.CUSTOM}:
            self._require("maturity_date", told)
        for number in _FURTHER_TIERS:
            self._require_both(f"penalty_from_{number}", f"penalty_daily_{number}", told)
        if told.get("frequency") == EVERY_N_DAYS:
            self._require("every_days", told)
        if told.get("rate_kind") == "reference":
            self._require("reference", told)
        elif told.get("fixed_rate") is None:
            self._require("fixed_rate", told)
        return told

    def _take_listed_dates(self, told: dict[str, Any]) -> None:
        """The listed dates are the due dates: the first and the last are not asked for again."""
        for name in ("first_due_date", "maturity_date"):
            self.errors.pop(name, None)
            told[name] = None
        days = [day for day, _amount in told.get("custom_rows") or ()]
        if days:
            told["first_due_date"], told["maturity_date"] = min(days), max(days)
        elif "custom_rows" not in self.errors:
            self.add_error("custom_rows", _("List the dates and amounts of the principal."))

    def _require_both(self, one: str, other: str, told: dict[str, Any]) -> None:
        """Two fields that say something only together."""
        if told.get(one) is not None:
            self._require(other, told)
        elif told.get(other) is not None:
            self._require(one, told)

    def _require(self, name: str, told: dict[str, Any]) -> None:
        if name not in self.errors and told.get(name) in (None, ""):
            self.add_error(name, _("This field is required."))


def terms_of(told: dict[str, Any]) -> Terms:
    """The terms a filled form means, found sound.

    Raises:
        MalformedAmount, AmountTooFine, AmountTooLarge: an amount cannot be read in its currency.
        TermsRefused: the terms contradict themselves.
    """
    currency = currency_of(told["currency"])

    def amount(text: str) -> Money:
        return money_from_text(text, currency)

    terms = Terms(
        currency=currency,
        principal=amount(told["principal"]),
        signed_on=told["signed_on"],
        interest_from=told["interest_from"],
        first_due_date=told["first_due_date"],
        maturity_date=told["maturity_date"],
        frequency=_frequency(told),
        schedule_kind=ScheduleKind(told["schedule_kind"]),
        rate=_rate(told),
        day_count=DayCount(told["day_count"]),
        business_days=BusinessDayConvention(told["business_days"]),
        calendar_code=told["calendar_code"],
        balloon=amount(told["balloon"]) if told["balloon"] else None,
        principal_grace_instalments=told["principal_grace_instalments"] or 0,
        custom_principal=tuple(
            PlannedPrincipal(day, amount(text)) for day, text in told["custom_rows"]
        ),
        fees=_fees(told),
        penalty=_penalty(told),
    )
    require_sound(terms)
    return terms


# Where the form asks for what the core's checks name; the rest is told above the form.
FIELD_OF_TERM = {
    "principal": "principal",
    "balloon": "balloon",
    "maturity_date": "maturity_date",
    "first_due_date": "first_due_date",
    "rate": "fixed_rate",
    "margin": "margin",
    "day_count": "day_count",
    "principal_grace_instalments": "principal_grace_instalments",
    "custom_principal": "custom_rows",
    "penalty": "penalty_from_2",
}


def _frequency(told: dict[str, Any]) -> Frequency:
    if told["frequency"] == EVERY_N_DAYS:
        return Frequency(told["every_days"], FrequencyUnit.DAY)
    return FREQUENCIES[told["frequency"]]


def _rate(told: dict[str, Any]) -> RateTerms:
    if told["rate_kind"] == "reference":
        return RateTerms(reference=told["reference"], margin=told["margin"] or Decimal(0))
    return RateTerms(fixed=told["fixed_rate"])


def _fees(told: dict[str, Any]) -> tuple[FeeTerms, ...]:
    if not told["fee_rate"]:
        return ()
    return (
        FeeTerms(
            fee_kind=told["fee_kind"] or "fee",
            timing=FeeTiming(told["fee_timing"]),
            rate=told["fee_rate"],
        ),
    )


def _penalty(told: dict[str, Any]) -> PenaltyTerms | None:
    if told["penalty_daily"] is None:
        return None
    return PenaltyTerms(
        tiers=_tiers(told),
        base=PenaltyBase(told["penalty_base"]),
        grace_days=told["penalty_grace_days"] or 0,
        cap_of_principal=told["penalty_cap"],
    )


def _tiers(told: dict[str, Any]) -> tuple[PenaltyTier, ...]:
    further = (
        PenaltyTier(from_day, told[f"penalty_daily_{number}"])
        for number in _FURTHER_TIERS
        if (from_day := told[f"penalty_from_{number}"]) is not None
    )
    return (PenaltyTier(1, told["penalty_daily"]), *further)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One due date of a schedule to be shown."""

    number: int
    due_date: date
    principal: Money
    interest: Money
    fee: Money
    due: Money
    outstanding_after: Money
    is_expected: bool
    is_new: bool = False  # not so before the change that is looked at


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """The schedule that terms lead to, with its sums.

    `on_demand` is the principal that falls due on no date shown, but when it is asked for.
    """

    rows: tuple[ScheduleRow, ...]
    principal: Money
    interest: Money
    fees: Money
    due: Money
    on_demand: Money
    yearly_cost: YearlyCost | None = None  # None where no one rate fits, or none is asked for

    @property
    def in_all(self) -> Money:
        """All that is to be paid, on the dates shown and when it is asked for."""
        return self.due + self.on_demand


def schedule_preview(terms: Terms, *, drawn_on: date | None) -> SchedulePreview:
    """What would fall due if all is drawn on a day and paid in time.

    Raises:
        CalendarUnknown, SeriesUnknown: the terms name one that is not kept.
        ScheduleError: the terms lead to no schedule.
    """
    shared = SharedFacts(
        calendar=rates.calendar(terms.calendar_code)
        if terms.calendar_code
        else Calendar(code="", weekend=frozenset(), holidays=frozenset()),
        fixings=rates.fixings(terms.rate.reference) if terms.rate.reference else None,
    )
    drawn = Drawn(number=1, value_date=drawn_on or terms.interest_from, amount=terms.principal)
    until = None
    if terms.schedule_kind is ScheduleKind.ON_DEMAND:
        until = add_months(terms.interest_from, 12, day=terms.interest_from.day)
    facts = LoanFacts(terms=terms, events=(drawn,), shared=shared, open_ended_until=until)
    projection = project(facts)
    return replace(preview_of(projection), yearly_cost=yearly_cost_of(projection, terms))


def preview_of(projection: Projection, old: Projection | None = None) -> SchedulePreview:
    """A projection's plan as amounts of its currency; rows that differ from the old are marked."""
    currency = projection.currency
    known = (
        {(row.due_date_adjusted, row.principal, row.interest) for row in old.plan} if old else ()
    )
    rows = tuple(
        ScheduleRow(
            number=row.number,
            due_date=row.due_date_adjusted,
            principal=Money(row.principal, currency),
            interest=Money(row.interest, currency),
            fee=Money(row.fee, currency),
            due=Money(row.due, currency),
            outstanding_after=Money(row.outstanding_after, currency),
            is_expected=row.is_expected,
            is_new=old is not None
            and (row.due_date_adjusted, row.principal, row.interest) not in known,
        )
        for row in projection.plan
    )
    return SchedulePreview(
        rows=rows,
        principal=Money(sum(row.principal.minor for row in rows), currency),
        interest=Money(sum(row.interest.minor for row in rows), currency),
        fees=Money(sum(row.fee.minor for row in rows), currency),
        due=Money(sum(row.due.minor for row in rows), currency),
        on_demand=rows[-1].outstanding_after if rows else Money(0, currency),
    )
