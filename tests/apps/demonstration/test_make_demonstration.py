"""The demonstration company: what it must show, that its figures hold, and that it is whole."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from gbese.apps.closing.verification import verify
from gbese.apps.demonstration.services import make_demonstration
from gbese.apps.identity import queries as identity
from gbese.apps.identity.acts import Act
from gbese.apps.lending import queries
from gbese.core.contracts.terms import Side
from gbese.core.status.trouble import LoanStatus

ACT = Act(
    login="operator",
    recorded_at=datetime(2026, 9, 16, 12, 0, tzinfo=UTC),
    request_id=UUID("0b0f4a3e-5f56-4f0e-9a52-3a1f0a8f6a11"),
    channel="cli",
)
SHOWN = set(LoanStatus) - {LoanStatus.SET_ASIDE}


@pytest.mark.django_db
def test_both_sides_three_currencies_and_every_status_are_shown_and_hold() -> None:
    administrator = make_demonstration(act=ACT)
    assert identity.user(administrator).role == "administrator"
    totals = queries.loan_totals(queries.LoanFilter())
    assert {row.currency.code for row in totals} == {"NGN", "USD", "KZT"}
    assert sum(row.loans for row in totals) >= 300
    for side in Side:
        assert queries.loan_totals(queries.LoanFilter(side=side))
    assert set(queries.status_counts(queries.LoanFilter())) >= SHOWN
    found = verify(progress=lambda _: None)
    assert (found.mismatches, found.doubts) == ((), ())


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_one_leaves_nothing_behind() -> None:
    def stop(stage: str, _done: int, _of: int) -> None:
        if stage == "opening":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demonstration(act=ACT, progress=stop)
    assert not identity.has_users()
    assert queries.known_numbers() == frozenset()
