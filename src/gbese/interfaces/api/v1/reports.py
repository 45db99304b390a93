"""What the loans add up to: debt by term, and what falls due when."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.reporting import queries
from gbese.apps.reporting.queries import GroupBy
from gbese.core.contracts.terms import Side
from gbese.core.status.term import TermPolicy
from gbese.interfaces.api.operations import Area
from gbese.interfaces.api.schemas import Asked, CurrencyOut, Day, MoneyOut, Told

area = Area("Reports")

_BANDS_MAX = 60


class DebtAsked(Asked):
    """At which reporting date, divided how, by whom; all loans where no side is given."""

    on: Day | None = None
    policy: TermPolicy = TermPolicy.REPORTING_DATE
    group_by: GroupBy = GroupBy.LENDER
    side: Side | None = None


class TermRowTold(Told):
    """The principal outstanding of a party's loans, divided by term; the three add up."""

    party: int
    party_name: str
    side: Side
    currency: CurrencyOut
    loans: int
    long_term: MoneyOut
    short_term: MoneyOut
    overdue_principal: MoneyOut
    outstanding: MoneyOut


class DebtTold(Told):
    """The debt by term at a reporting date."""

    on: Day
    policy: TermPolicy
    rows: list[TermRowTold]


class LadderAsked(Asked):
    """What falls due after a day, in bands that end on the days given, ascending."""

    side: Side
    on: Day | None = None
    end: Annotated[list[Day], Field(min_length=1, max_length=_BANDS_MAX)]


class BandTold(Told):
    """Principal that falls due after `start`, up to and with `end`; null is without an end."""

    start: Day
    end: Day | None
    amount: MoneyOut


class LadderTold(Told):
    """The maturity ladder, currency by currency."""

    on: Day
    currencies: dict[str, list[BandTold]]


@area.get("/debt-by-term", answers=DebtTold)
def get_debt_by_term(request: HttpRequest, asked: Query[DebtAsked]) -> DebtTold:
    """Long-term and short-term debt by lender or borrower at a reporting date, as now known."""
    on = asked.on or bookkeeping.open_day().open_day
    rows = queries.debt_by_term(
        on=on, policy=asked.policy, group_by=asked.group_by, side=asked.side
    )
    return DebtTold(
        on=on, policy=asked.policy, rows=[TermRowTold.model_validate(row) for row in rows]
    )


@area.get("/maturity-ladder", answers=LadderTold)
def get_maturity_ladder(request: HttpRequest, asked: Query[LadderAsked]) -> LadderTold:
    """Principal that falls due after a day, in bands."""
    on = asked.on or bookkeeping.open_day().open_day
    found = queries.maturity_ladder(on=on, band_ends=sorted(set(asked.end)), side=asked.side)
    return LadderTold(
        on=on,
        currencies={
            currency.code: [BandTold.model_validate(band) for band in bands]
            for currency, bands in found.items()
        },
    )
