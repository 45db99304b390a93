"""How lists of loans are read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gbese.apps.lending import queries
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.status.trouble import LoanStatus

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "chosen",
    [
        queries.LoanFilter(),
        queries.LoanFilter(
            side=Side.LENDER,
            currency="NGN",
            statuses=(LoanStatus.IN_DELAY,),
            term_class=TermClass.SHORT,
        ),
    ],
)
def test_totals_are_read_from_their_index_alone(chosen: queries.LoanFilter) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("other databases choose by how full a table is")
    with CaptureQueriesContext(connection) as asked:
        queries.loan_totals(chosen)
    (query,) = asked
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        steps = [str(step[-1]) for step in cursor.fetchall()]
    assert any("USING COVERING INDEX lending_reading_totals" in step for step in steps), steps
