"""Loans worked out first and opened later: what may happen in between, and what may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.services import close_fiscal_period
from gbese.apps.closing import services as closing
from gbese.apps.closing.verification import verify
from gbese.apps.identity.acts import Act
from gbese.apps.lending import queries, services
from gbese.apps.lending.models import LoanEvent
from gbese.core.contracts.terms import RateTerms, Terms
from gbese.core.servicing.events import Drawn
from tests.apps.lending.conftest import OPEN_DAY, SIGNED_ON, naira
from tests.apps.lending.test_shared_facts import fixing

pytestmark = pytest.mark.django_db

Acts = Callable[..., Act]
NewLoanOf = Callable[..., services.NewLoan]
DRAWN = Drawn(number=1, value_date=SIGNED_ON, amount=naira("120000.00"))
NEXT_MORNING = datetime(2026, 3, 11, 8, tzinfo=UTC)


def quiet(_: int) -> None:
    """Nobody watches."""


def test_nothing_is_stored_before_and_all_of_it_after(
    open_loan: Callable[..., str], new_loan: NewLoanOf, acts: Acts
) -> None:
    """More loans than go in one portion, with a payment by somebody else in between."""
    open_loan("W-1", events=(DRAWN,))
    loans = [new_loan(f"L-{number}", events=(DRAWN,)) for number in range(502)]
    with services.prepared_loans(loans=loans, act=acts(), source="import:1", progress=quiet) as one:
        assert queries.known_numbers() == {"W-1"}
        services.record(
            loan_number="W-1",
            made=services.repayment(received=naira("500.00"), value_date=OPEN_DAY),
            act=acts(),
        )
        assert services.open_prepared(one) == 502
    assert len(queries.known_numbers()) == 503
    assert LoanEvent.objects.count() == 504
    # Each as if it had been opened by itself.
    assert {tuple(books.ledger_totals(f"L-{number}").items()) for number in (0, 499, 500, 501)} == {
        tuple(books.ledger_totals("L-1").items())
    }
    page = queries.loan_page("L-501", OPEN_DAY)
    assert (page.position.outstanding, page.lender_name) == (naira("120000.00"), "Ile Owo Limited")
    found = verify(progress=lambda _: None)
    assert (found.mismatches, found.doubts, found.loans) == ((), (), 503)


@pytest.mark.parametrize("what", ["day", "period", "fixing"])
def test_what_the_work_rested_on_must_not_change(
    new_loan: NewLoanOf, terms: Terms, acts: Acts, what: str
) -> None:
    services.take_fixings(series=[fixing(date(2026, 1, 1), "0.20")], note="", act=acts())
    floating = replace(terms, rate=RateTerms(reference="KEY", margin=Decimal("0.02")))
    loans = [new_loan("L-1", terms=floating, events=(DRAWN,))]
    with services.prepared_loans(loans=loans, act=acts(), source="import:1", progress=quiet) as one:
        if what == "day":
            closing.close_to(
                day=OPEN_DAY, act=acts(recorded_at=NEXT_MORNING), progress=lambda _: None
            )
        elif what == "period":
            close_fiscal_period(day=date(2026, 1, 31), act=acts())
        else:
            services.take_fixings(series=[fixing(date(2026, 2, 1), "0.21")], note="", act=acts())
        with pytest.raises(services.BooksMovedOn):
            services.open_prepared(one)
    assert not queries.known_numbers()


def test_a_number_taken_in_between_is_refused(
    new_loan: NewLoanOf, open_loan: Callable[..., str], acts: Acts
) -> None:
    loans = [new_loan("L-1"), new_loan("L-2")]
    with services.prepared_loans(loans=loans, act=acts(), source="import:1", progress=quiet) as one:
        open_loan("L-2")
        with pytest.raises(services.LoanNumberTaken):
            services.open_prepared(one)
    assert queries.known_numbers() == {"L-2"}
