"""What holds of every schedule, whatever was agreed: any rate, any currency, a day or forty years."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import adjust
from gbese.core.calendars.day_counts import year_fraction
from gbese.core.calendars.frequencies import AT_MATURITY, periods_per_year
from gbese.core.calendars.periods import interest_periods
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.money import Rounding, round_minor
from gbese.core.projections.schedule import Schedule, schedule
from gbese.core.schedules.annuity import AnnuityRounding, annuity_parts, level_payment
from tests.core.loan_strategies import WEEKENDS, any_terms


def schedule_of(terms: Terms) -> Schedule:
    require_sound(terms)
    return schedule(terms, calendar=WEEKENDS)


@given(any_terms())
def test_the_parts_are_what_was_lent_and_nothing_is_left(terms: Terms) -> None:
    planned = schedule_of(terms)
    rows = planned.instalments
    assert planned.principal == terms.principal
    assert rows[-1].outstanding_after == 0
    assert min(row.principal for row in rows) >= 0
    left = terms.principal.minor
    for row in rows:
        left -= row.principal
        assert row.outstanding_after == left
    assert planned.due.minor == sum(row.principal + row.interest + row.fee for row in rows)


@given(any_terms())
def test_interest_has_the_sign_of_its_rate(terms: Terms) -> None:
    rate = terms.rate.fixed
    assert rate is not None
    for row in schedule_of(terms).instalments:
        assert row.interest == 0 or (row.interest > 0) == (rate > 0)


@given(any_terms())
def test_periods_are_a_chain_from_the_start_to_maturity(terms: Terms) -> None:
    rows = schedule_of(terms).instalments
    for earlier, later in pairwise(rows):
        assert earlier.number < later.number
        assert earlier.period_end <= later.period_start
    assert rows[-1].period_end <= terms.maturity_date  # type: ignore[operator]
    for row in rows:
        assert row.period_start < row.period_end
        assert row.due_date_adjusted == adjust(row.period_end, terms.business_days, WEEKENDS)


@given(any_terms())
def test_each_row_bears_the_interest_of_its_days(terms: Terms) -> None:
    """Outstanding x rate x year fraction, in rationals, rounded once."""
    assume(terms.schedule_kind is not ScheduleKind.CUSTOM)
    assert terms.maturity_date is not None
    assert terms.rate.fixed is not None
    periods = interest_periods(
        interest_from=terms.interest_from,
        first_due_date=terms.first_due_date,
        maturity_date=terms.maturity_date,
        frequency=terms.frequency,
        end_of_month=terms.end_of_month,
    )
    per_year = None if terms.frequency == AT_MATURITY else periods_per_year(terms.frequency)
    rows = {row.period_end: row for row in schedule_of(terms).instalments}
    outstanding = terms.principal.minor
    for period in periods:
        years = year_fraction(
            terms.day_count,
            period.start,
            period.end,
            notional_dates=period.notional_dates,
            periods_per_year=per_year,
            termination_date=terms.maturity_date,
            calendar=WEEKENDS,
        )
        exact = outstanding * Fraction(terms.rate.fixed) * years
        interest = round_minor(exact.numerator, exact.denominator, terms.rounding)
        row = rows.get(period.end)
        assert (row.interest if row else 0) == interest
        outstanding -= row.principal if row else 0


@given(
    outstanding=st.integers(1, 10**15),
    rate=st.fractions(0, Fraction(1, 4), max_denominator=10_000),
    short=st.integers(25, 31),
    days=st.lists(st.sampled_from([28, 30, 31, 31]), min_size=1, max_size=480),
)
def test_level_payments_are_level_to_the_last(
    outstanding: int, rate: Fraction, short: int, days: list[int]
) -> None:
    """Whole months of different lengths: every payment but the last is the level, or the interest
    of its month where that is more; the last differs by what rounding left over and it grew to."""
    rates = [rate * length / short for length in days]
    agreed = AnnuityRounding(Rounding.HALF_UP, 1, Rounding.HALF_UP)
    payment = level_payment(outstanding, rates, balloon=0, rounding=agreed)
    parts = annuity_parts(
        outstanding, rates, payments=[payment] * len(rates), interest_rounding=Rounding.HALF_UP
    )
    left, dues = outstanding, []
    interests = []
    for part, each in zip(parts, rates, strict=True):
        exact = left * each
        interests.append(round_minor(exact.numerator, exact.denominator, Rounding.HALF_UP))
        dues.append(part + interests[-1])
        left -= part
    for due, interest in zip(dues[:-1], interests[:-1], strict=True):
        assert due == max(payment, interest) or left == 0
    grown, most = Fraction(1), Fraction(0)
    for each in reversed(rates):
        most += grown
        grown *= 1 + each
    assert abs(dues[-1] - payment) <= most + 1
