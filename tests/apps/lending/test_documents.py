"""Terms as canonical text: what terms do not use leaves no trace in it."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from gbese.apps.lending.documents import digest_of, terms_document, terms_from
from gbese.core.contracts.terms import (
    Graduation,
    InterestBase,
    InterestSpread,
    MinimumPayment,
    ScheduleKind,
    Terms,
)
from tests.core.loans import money, terms_of

PLAIN = terms_of(
    "300.00", "0.12", start="2026-01-01", first_due="2026-02-01", maturity="2026-04-01"
)
# What such a loan has been kept as since before payments could rise, balances revolve or interest
# be spread by digits.
DIGEST = "fea6c84abc86fcd0d36beb866de0f46ab399e51269f664cebdfc97566ce2260c"


def test_a_loan_that_uses_nothing_new_is_kept_as_before() -> None:
    assert digest_of(terms_document(PLAIN)) == DIGEST


@pytest.mark.parametrize(
    "terms",
    [
        replace(PLAIN, graduation=Graduation(every=12, rate=Decimal("0.05"))),
        replace(PLAIN, graduation=Graduation(amount=money("-1.00"))),
        replace(
            PLAIN,
            schedule_kind=ScheduleKind.REVOLVING,
            minimum_payment=MinimumPayment(fraction=Decimal("0.05"), floor=money("5.00")),
        ),
        replace(
            PLAIN,
            interest_base=InterestBase.AS_DRAWN,
            interest_spread=InterestSpread.SUM_OF_DIGITS,
        ),
    ],
)
def test_what_is_agreed_is_read_back(terms: Terms) -> None:
    document = terms_document(terms)
    assert terms_from(document) == terms
    assert terms_from(json.dumps(json.loads(document))) == terms
