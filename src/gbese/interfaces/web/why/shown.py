"""A derivation of the core laid out for people: words, figures as they are read, links to facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from gbese.apps.lending.queries import Explained
from gbese.core.calendars.clocks import Clock
from gbese.core.derivations.tree import Derivation, Fact, FactKind, Figure, Unit
from gbese.core.money import Money, Rounding, round_minor
from gbese.interfaces.web import formatting, wording
from gbese.interfaces.web.why.wording import (
    code_word,
    formula_text,
    instalment_word,
    step_word,
)

_OPEN_DEPTH = 2
_EXTRA_DECIMALS = 6
_NUMBER_DECIMALS = 10


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step as a page shows it; `href` leads to its fact, or to where it is worked out."""

    name: str
    about: str
    figure: str
    formula: str
    fact: str
    href: str
    parts: tuple[ShownStep, ...]
    is_open: bool
    is_money: bool


def shown(explained: Explained, step: Derivation, depth: int = 0) -> ShownStep:
    """Lay a step and all below it out."""
    return ShownStep(
        name=step_word(step.name),
        about=_about(step),
        figure=figure_text(explained, step),
        formula=formula_text(step.formula),
        fact=_fact_text(explained, step.fact) if step.fact else "",
        href=_href(explained, step),
        parts=tuple(shown(explained, part, depth + 1) for part in step.parts),
        is_open=depth < _OPEN_DEPTH,
        is_money=step.unit is Unit.MONEY,
    )


def figure_text(explained: Explained, step: Derivation) -> str:
    """A figure as people read it; what is not whole yet with some decimals more."""
    match step.figure:
        case Fraction():
            return _number_text(explained, step.unit, step.figure)
        case Clock():
            return wording.word("day_count", explained.terms.day_count)
        case Rounding():
            return wording.word("rounding", step.figure)
        case date():
            return formatting.day_text(step.figure)
        case code:
            return code_word(code)


def _number_text(explained: Explained, unit: Unit, number: Fraction) -> str:
    currency = explained.terms.currency
    if unit is Unit.MONEY and number.denominator == 1:
        return formatting.money_text(Money(int(number), currency))
    if unit is Unit.MONEY:
        decimals = currency.exponent + _EXTRA_DECIMALS
        return formatting.number_text(
            _decimal(number / 10**currency.exponent, decimals), decimals=decimals
        )
    if unit is Unit.RATE:
        return formatting.percent_text(_decimal(number, _NUMBER_DECIMALS))
    if number.denominator == 1:
        return formatting.number_text(int(number))
    return formatting.number_text(_decimal(number, _NUMBER_DECIMALS), decimals=_NUMBER_DECIMALS)


def _decimal(number: Fraction, decimals: int) -> Decimal:
    digits = round_minor(number.numerator * 10**decimals, number.denominator, Rounding.HALF_UP)
    with localcontext() as context:
        context.prec = len(str(digits)) + decimals
        return Decimal(digits).scaleb(-decimals).normalize()


def _about(step: Derivation) -> str:
    told: list[str] = []
    if step.about.instalment is not None:
        told.append(instalment_word(step.about.instalment))
    if step.about.component:
        told.append(wording.word("component", step.about.component))
    days = [formatting.day_text(day) for day in (step.about.day, step.about.until) if day]
    if days:
        told.append(" – ".join(days))
    return " · ".join(told)


def _fact_text(explained: Explained, fact: Fact) -> str:
    match fact.kind:
        case FactKind.TERM:
            told = wording.word("term", fact.key)
            return gettext("The terms: %(term)s") % {"term": told}
        case FactKind.EVENT:
            kind = explained.event_kinds.get(int(fact.key), "")
            return gettext("%(event)s, record no. %(number)s") % {
                "event": wording.word("event", kind),
                "number": fact.key,
            }
        case FactKind.FIXING:
            series, _, day = fact.key.rpartition("/")
            return f"{series}, {formatting.day_text(date.fromisoformat(day))}"
        case FactKind.INSTALMENT:
            return instalment_word(int(fact.key))
        case FactKind.POLICY:
            return gettext("A rule of the house")
        case FactKind.CONVENTION:
            return gettext("By the method")
        case FactKind.ASKED:
            return gettext("The date asked about")
        case FactKind.LOAN:
            return fact.key


def _href(explained: Explained, step: Derivation) -> str:
    if step.elsewhere is not None:
        return figure_address(explained.loan_number, step.elsewhere)
    if step.fact is None:
        return ""
    loan = reverse("web:loan", args=[explained.loan_number])
    match step.fact.kind:
        case FactKind.TERM:
            return f"{loan}#terms"
        case FactKind.EVENT:
            return f"{loan}#event-{step.fact.key}"
        case FactKind.INSTALMENT:
            return f"{loan}#schedule"
        case FactKind.FIXING:
            series = step.fact.key.rpartition("/")[0]
            return reverse("web:reference_series", args=[series])
        case FactKind.LOAN:
            return reverse("web:loan", args=[step.fact.key])
        case _:
            return ""


def figure_address(loan_number: str, figure: Figure) -> str:
    """Where a figure of a loan is derived."""
    asked = urlencode({"on": figure.on.isoformat(), "why": figure.code})
    return f"{reverse('web:loan', args=[loan_number])}?{asked}"
