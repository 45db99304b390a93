"""Columns over many loans give exactly what the core gives for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gbese.columns.blocks import pack, unpack
from gbese.columns.steps import principal_steps
from gbese.columns.terms_left import split_by_term as split_columns
from gbese.core.contracts.term_classes import TermClass, term_class
from gbese.core.projections.position import overdue, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import Component
from gbese.core.status.term import TermPolicy, maturity_ladder, split_by_term
from tests.core.loan_strategies import lives

dates = st.integers(-400, 800).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


@settings(max_examples=40)
@given(portfolio=st.lists(lives(), max_size=6), on=dates)
def test_principal_of_many_loans(portfolio: Sequence, on: date) -> None:
    facts = [life.facts for life in portfolio]
    projections = [project(one) for one in facts]
    steps = principal_steps(pack(projection) for projection in projections)
    positions = [position(projection, on) for projection in projections]
    assert steps.outstanding(on).tolist() == [now.outstanding.minor for now in positions]
    assert steps.overdue(on).tolist() == [
        overdue(projection, on)[Component.PRINCIPAL] for projection in projections
    ]
    ends = [on + timedelta(days=30), on + timedelta(days=365)]
    ladders = [maturity_ladder(projection, on, ends) for projection in projections]
    for place, (start, end) in enumerate(zip([on, *ends], [*ends, None], strict=True)):
        assert steps.due_between(start, end).tolist() == [bands[place] for bands in ladders]
    for policy in TermPolicy:
        terms = [one.terms for one in facts]
        columns = split_columns(
            steps,
            on,
            policy=policy,
            is_long_by_contract=np.array(
                [term_class(t) is TermClass.LONG for t in terms], dtype=bool
            ),
            maturity=np.array(
                [t.maturity_date.toordinal() if t.maturity_date else 0 for t in terms],
                dtype=np.int32,
            ),
        )
        splits = [
            split_by_term(
                projection,
                now,
                policy=policy,
                by_contract=term_class(t),
                maturity_date=t.maturity_date,
            )
            for projection, now, t in zip(projections, positions, terms, strict=True)
        ]
        assert columns.long_term.tolist() == [split.long_term for split in splits]
        assert columns.short_term.tolist() == [split.short_term for split in splits]
        assert columns.overdue.tolist() == [split.overdue for split in splits]


@settings(max_examples=40)
@given(life=lives())
def test_a_block_gives_back_its_projection(life: object) -> None:
    projection: Projection = project(life.facts)
    again = unpack(
        pack(projection),
        currency=projection.currency,
        horizon=projection.horizon,
        method=projection.method,
    )
    assert again == projection


def test_no_loans_are_no_columns() -> None:
    steps = principal_steps([])
    assert steps.outstanding(date(2026, 1, 1)).tolist() == []


@pytest.mark.parametrize("amount", [2**62, -(2**62)])
def test_sums_across_loans_do_not_spill_into_each_other(amount: int) -> None:
    """Running totals pass 64 bits between loans; each loan's own sum is exact all the same."""
    from gbese.core.money import Currency, Rounding
    from gbese.core.projections.rows import Cause, Step

    day = date(2026, 1, 1)
    step = Step(day, Component.PRINCIPAL, Cause.DRAWN, amount, 0, 1)
    one = Projection(Currency("JPY", 0), Rounding.HALF_UP, (), (step,), (), (), None, "1")
    steps = principal_steps([pack(one)] * 5)
    assert steps.outstanding(day).tolist() == [amount] * 5
