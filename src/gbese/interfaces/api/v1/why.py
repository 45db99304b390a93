"""Why a figure of a loan is what it is: its derivation, down to the facts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from gbese.apps.lending import queries
from gbese.core.calendars.clocks import Clock
from gbese.core.derivations.tree import Derivation, FactKind, Formula, Unit, Value
from gbese.interfaces.api.operations import Area
from gbese.interfaces.api.schemas import Asked, Day, PathText, Search, Told
from gbese.interfaces.api.v1.loans import DatedAsked, day_asked

area = Area("Loans")


class WhyAsked(Asked):
    """Which figure (`debt`, `interest.overdue`, `3.principal`, `payment.2`), at which date."""

    figure: Annotated[Search, Field(min_length=1, max_length=60)]
    on: Day | None = None


class FactTold(Told):
    """A fact by its kind and key; `version` is the amendment whose terms are meant, 0 for none."""

    kind: FactKind
    key: str
    version: int


class FigureTold(Told):
    """The address of a figure that has a derivation of its own."""

    figure: str
    on: Day


class StepTold(Told):
    """One step: what its formula makes of its parts; a leaf has a fact or stands elsewhere.

    A number is written exactly, as a fraction where it is not whole (`1964400/73`); an amount is in
    minor units. A clock is told by its code, a date as ISO writes it.
    """

    name: str
    figure: str
    unit: Unit
    formula: Formula
    day: Day | None
    until: Day | None
    instalment: int | None
    component: str
    fact: FactTold | None
    elsewhere: FigureTold | None
    parts: list[StepTold]


class WhyTold(Told):
    """The derivation of a figure; `re_adds` says whether every step is what its parts make."""

    loan_number: str
    figure: str
    on: Day
    currency: str
    re_adds: bool
    derivation: StepTold


@area.get("/loans/{path:loan_number}/why", answers=WhyTold)
def get_derivation(request: HttpRequest, loan_number: PathText, asked: Query[WhyAsked]) -> WhyTold:
    """Why a figure of a loan is what it is at a date, step by step down to its facts."""
    found = queries.explained(loan_number, asked.figure, day_asked(DatedAsked(on=asked.on)))
    return WhyTold(
        loan_number=found.loan_number,
        figure=found.figure,
        on=found.on,
        currency=found.terms.currency.code,
        re_adds=found.derivation.re_adds(),
        derivation=step_told(found.derivation),
    )


def step_told(step: Derivation) -> StepTold:
    """A step as it goes out."""
    place = step.elsewhere
    return StepTold(
        name=step.name,
        figure=_written(step.figure),
        unit=step.unit,
        formula=step.formula,
        day=step.about.day,
        until=step.about.until,
        instalment=step.about.instalment,
        component=step.about.component,
        fact=FactTold.model_validate(step.fact) if step.fact else None,
        elsewhere=FigureTold(figure=place.code, on=place.on) if place else None,
        parts=[step_told(part) for part in step.parts],
    )


def _written(figure: Value) -> str:
    match figure:
        case Fraction():
            return str(figure)
        case date():
            return figure.isoformat()
        case Clock():
            return ".".join(map(str, figure.code()))
        case _:
            return str(figure)
