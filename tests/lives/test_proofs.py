"""What must hold before anything is built on the engine: upgrades, knowledge, open-ended loans."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side
from gbese.core.ledger import booking_points
from gbese.core.money import Rounding, round_minor
from gbese.core.posting.booking import ledger_movements
from gbese.core.posting.changes import bookable, booked, booked_by_close, entries_of_change
from gbese.core.projections import falling_due
from gbese.core.projections.facts import LoanFacts
from gbese.core.projections.methods import method_difference
from gbese.core.projections.position import position, totals
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Projection
from gbese.core.schedules import annuity
from gbese.core.servicing.events import Component, Received
from tests.core.loan_strategies import Life, lives
from tests.core.loans import I, P, Story, day, money, terms_of

OPEN_DAY = day("2026-08-20")
LATE_FACTS = int(os.environ.get("GBESE_TEST_LATE_FACTS", "40"))  # 1,000 by command


def annuity_story() -> Story:
    terms = terms_of(
        "1,200,000.00", "0.30", start="2026-01-15", first_due="2026-02-15", maturity="2027-01-15"
    )
    story = Story(terms).drawn("2026-01-15")
    for month in range(2, 7):
        story.paid(f"2026-{month:02}-15", "117,000.00")
    return story


def as_booked(version: Projection) -> dict[tuple[Component | None, Cause], int]:
    return {place: minor for place, minor in booked(version, points(OPEN_DAY)[-1]).items() if minor}


def points(value_date: date) -> tuple[object, ...]:
    return booking_points(  # type: ignore[return-value]
        value_date, open_day=OPEN_DAY, books_from=day("2026-01-01"), closed_periods=frozenset()
    )


def round_down(numerator: int, denominator: int, _: Rounding) -> int:
    return round_minor(numerator, denominator, Rounding.DOWN)


# --- (c) an upgrade with one altered rounding -------------------------------------------------------


def test_an_upgrade_moves_no_figure_that_was_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stored version is what is booked. Recomputed by the new program it differs, and that
    difference stands apart from the fact that made it visible."""
    story = annuity_story()
    stored = project(story.facts)
    before = as_booked(stored)
    assert method_difference(stored, project(story.facts), on=OPEN_DAY) is None

    monkeypatch.setattr(annuity, "round_minor", round_down)  # the new program
    monkeypatch.setattr(falling_due, "round_minor", round_down)
    assert as_booked(stored) == before

    recomputed = project(story.facts)
    method = method_difference(stored, recomputed, on=OPEN_DAY)
    assert method is not None
    # Instalments fell due with another principal part.
    assert P in {component for component, _ in method.moved}

    late = Received(number=99, value_date=day("2026-07-15"), amount=money("100.00"))
    new = project(replace(story.facts, events=(*story.facts.events, late)))
    by_fact = Counter(as_booked(new))
    by_fact.subtract(as_booked(recomputed))
    assert by_fact[None, Cause.RECEIVED] == 100_00
    whole = Counter(as_booked(new))
    whole.subtract(before)
    by_method = Counter(as_booked(recomputed))
    by_method.subtract(before)
    by_method.update(by_fact)
    assert {k: v for k, v in by_method.items() if v} == {k: v for k, v in whole.items() if v}


def test_a_change_of_method_is_booked_by_itself() -> None:
    """Both versions hold the same facts; the entry between them is the change of method alone."""
    story = annuity_story()
    stored = project(story.facts)
    other = replace(stored, rounding=Rounding.UP, method="next")
    method = method_difference(stored, other, on=day("2026-08-19"))
    assert method is not None
    assert (method.stored_method, method.method) == (stored.method, "next")
    entries = entries_of_change(
        stored,
        other,
        side=Side.LENDER,
        term_class=TermClass.SHORT,
        value_date=OPEN_DAY,
        points=points(day("2026-08-19")),  # type: ignore[arg-type]
        loan_number="L-1",
    )
    booked_interest = sum(
        line.signed_minor for entry in entries for line in entry.lines if line.account == "ln_int"
    )
    assert booked_interest == method.moved.get((I, Cause.ACCRUED), 0) - method.moved.get(
        (I, Cause.PAID), 0
    )


# --- (d) knowledge is ordered by cut ----------------------------------------------------------------


@settings(max_examples=25)
@given(lives(max_events=2), st.data())
def test_reports_as_known_at_a_cut_are_the_same_after_late_facts(
    life: Life, data: st.DataObject
) -> None:
    """Versions are kept with the cut they were made after; a report at cut K reads the last before
    it. Late facts, valued before K and recorded after, change what is now known alone."""
    cut = life.first + timedelta(days=data.draw(st.integers(5, 200)))
    known = tuple(event for event in life.facts.events if event.value_date <= cut)
    versions = [(cut, project(replace(life.facts, events=known)))]
    as_known = report(versions, cut)
    facts = life.facts
    for number in range(LATE_FACTS):
        late = Received(
            number=100 + number,
            value_date=min(cut, life.facts.terms.interest_from + timedelta(days=3 * number)),
            amount=replace(facts.terms.principal, minor=7 + number),
        )
        facts = LoanFacts(terms=facts.terms, events=(*facts.events, late), shared=facts.shared)
        versions.append((cut + timedelta(days=1 + number), project(facts)))
    assert report(versions, cut) == as_known
    assert report(versions, cut + timedelta(days=60)) != as_known


def report(versions: list[tuple[date, Projection]], cut: date) -> bytes:
    """A ledger of the loan by day, as known at a cut."""
    in_force = [version for made_after, version in versions if made_after <= cut][-1]
    lines = []
    for back in range(30):
        on = cut - timedelta(days=back)
        at = position(in_force, on)
        figures = sorted((str(place), minor) for place, minor in at.totals.items())
        lines.append(f"{on} {figures} {at.days_past_due} {at.life}")
    return "\n".join(lines).encode()


# --- (e) call money past its horizon ----------------------------------------------------------------


def call_money() -> Story:
    """300.00 at 0.1 % a night, repayable on demand, looked at up to 2026-03-31."""
    terms = terms_of(
        "300.00",
        "0.365",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity=None,
        kind=ScheduleKind.ON_DEMAND,
    )
    return Story(terms, open_ended_until="2026-03-31").drawn("2026-01-01")


def test_call_money_is_booked_to_its_horizon_and_no_further() -> None:
    story = call_money()
    horizon = day("2026-03-31")
    assert story.projection.horizon == horizon
    assert bookable(story.projection, horizon)[I, Cause.ACCRUED] == 26_70  # 89 nights
    for later in (day("2026-04-01"), day("2026-06-01"), day("2030-01-01")):
        assert bookable(story.projection, later) == totals(story.projection, horizon)
        assert booked_by_close(story.projection, later) == {}
    assert booked_by_close(story.projection, horizon) == {(I, Cause.ACCRUED): 30}
    assert story.on("2026-06-01").owed(I).minor > 26_70  # expected, and shown as such


def test_a_horizon_moved_on_books_what_was_waited_for() -> None:
    """Three days late, the close of 2026-04-03 finds a new horizon: the difference is booked once."""
    old = call_money().projection
    story = call_money()
    story.open_ended_until = day("2026-06-30")
    new = story.projection
    last_cut = day("2026-04-03")
    waited = Counter(bookable(new, last_cut))
    waited.subtract(bookable(old, last_cut))
    assert {place: minor for place, minor in waited.items() if minor} == {
        (I, Cause.ACCRUED): 90,
        (I, Cause.DUE): 9_30,
    }
    assert ledger_movements({(I, Cause.ACCRUED): 90}, side=Side.LENDER, term_class=TermClass.SHORT)


def test_money_received_beyond_the_horizon_is_booked_and_stays_booked() -> None:
    """The receipt is a fact; only what accrues is expected."""
    story = call_money().paid("2026-04-05", "10.00")
    paid_on = day("2026-04-05")
    held = bookable(story.projection, paid_on)
    assert held[None, Cause.RECEIVED] == 10_00
    assert booked_by_close(story.projection, paid_on) == {}
    assert bookable(story.projection, day("2026-05-05"))[None, Cause.RECEIVED] == 10_00


def test_a_loan_by_statements_is_booked_to_its_latest_statement() -> None:
    terms = terms_of(
        "300.00",
        "0.365",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-04-01",
        kind=ScheduleKind.LINEAR,
        follows_statements=True,
    )
    story = Story(terms).opened("2026-01-15", "300.00", drawn="300.00")
    at_statement = totals(story.projection, day("2026-01-15"))
    assert bookable(story.projection, day("2026-03-15")) == at_statement
    story.restated("2026-03-15", repaid="100.00")
    booked_now = bookable(story.projection, day("2026-03-15"))
    assert booked_now[None, Cause.RECEIVED] > 100_00  # with the interest of two instalments
    assert booked_now[P, Cause.PAID] == 100_00


def test_a_floating_loan_waits_for_its_fixing() -> None:
    terms = terms_of(
        "300.00",
        RateTerms(reference="REF"),
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-04-01",
        kind=ScheduleKind.LINEAR,
    )
    story = Story(terms, fixings=[("2026-01-01", "0.365")], fixed_to="2026-01-20")
    story.drawn("2026-01-01")
    assert story.projection.horizon == day("2026-02-01")
    assert booked_by_close(story.projection, day("2026-02-02")) == {}
    assert [row.is_expected for row in story.projection.plan] == [False, True, True]
