"""One loan at a date. Its address ends with the loan's number, so it is declared last."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query

from gbese.apps.lending import queries
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.interfaces.api.operations import Area
from gbese.interfaces.api.schemas import Day, Moment, PathText, Told
from gbese.interfaces.api.v1.loans import (
    ClaimTold,
    DatedAsked,
    LoanTold,
    PositionTold,
    YearlyCostTold,
    day_asked,
    position_told,
)
from gbese.interfaces.api.v1.terms import TermsTold, terms_told

area = Area("Loans")


class LoanPageTold(Told):
    """All there is to say of one loan at a date; `row` is as of the open day."""

    loan_number: str
    side: Side
    on: Day
    open_day: Day
    lender: int
    lender_name: str
    borrower: int
    borrower_name: str
    guarantor_name: str
    agreement_number: str
    purpose: str
    product: str
    external_status: str
    source: str
    recorded_at: Moment
    recorded_by: str
    set_aside_reason: str
    row: LoanTold
    terms: TermsTold
    term_class: TermClass
    position: PositionTold
    claims: list[ClaimTold]
    events: int
    tranches: list[str]
    horizon: Day | None
    version: int
    yearly_cost: YearlyCostTold | None


@area.get("/loans/{path:loan_number}", answers=LoanPageTold, has_etag=True)
def get_loan(request: HttpRequest, loan_number: PathText, asked: Query[DatedAsked]) -> LoanPageTold:
    """All there is to say of one loan at a date.

    Its schedule, its events and its entries have addresses of their own.
    """
    page = queries.loan_page(loan_number, day_asked(asked))
    given = {
        name: getattr(page, name)
        for name in LoanPageTold.model_fields
        if name not in {"terms", "position", "events"}
    }
    return LoanPageTold.model_validate(
        given
        | {
            "terms": terms_told(page.terms),
            "position": position_told(page.position),
            "events": len(page.events),
        },
        from_attributes=True,
    )
