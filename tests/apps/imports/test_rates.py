"""Published rates, read and recorded: the worked examples of the files that publish them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from gbese.apps.identity.acts import Act
from gbese.apps.imports.plans import Context, Plan
from gbese.apps.imports.reading import Limits, SourceFile, read_tables, source_file
from gbese.apps.imports.recipes.rates import RatesRecipe
from gbese.apps.imports.tables import Table
from gbese.apps.rates.kinds import JumpPolicy, RateKind, RatePath, SeriesUnit
from gbese.apps.rates.queries import (
    ExchangeRateMissing,
    RateFound,
    exchange_rate,
    rate_source,
)
from gbese.apps.rates.services import record_exchange_rates, record_fixings

TODAY = Context(business_date=date(2025, 6, 30))

Acts = Callable[..., Act]


def tables_of(*paths: Path) -> list[Table]:
    return [table for path in paths for table in read_tables(source_file(path, Limits()), Limits())]


def plan_of(text: str) -> Plan:
    tables = read_tables(SourceFile.of("rates.csv", text.encode()), Limits())
    recipe = RatesRecipe()
    assert recipe.recognises(tables)
    return recipe.plan(tables, TODAY)


@pytest.fixture(scope="module")
def published(shared_data: Path) -> Plan:
    tables = tables_of(*sorted((shared_data / "rates").glob("*.csv")))
    assert RatesRecipe().recognises(tables)
    return RatesRecipe().plan(tables, TODAY)


@pytest.fixture(scope="module")
def series(published: Plan) -> dict[str, dict[date, Decimal]]:
    return {
        one.code: {fixing.valid_on: Decimal(fixing.rate) for fixing in one.fixings}
        for one in published.fixings
    }


def test_every_file_is_read_without_a_fault(published: Plan) -> None:
    assert not published.faults
    by_source = dict.fromkeys(("ecb", "nbp", "hmrc"), 0)
    for rate in published.exchange_rates:
        by_source[rate.source] += 1
    assert by_source["nbp"] == 66_261
    assert by_source["hmrc"] == 19_809


@pytest.mark.parametrize(
    ("code", "unit", "rows"),
    [  # rows of the file less its days without a rate
        ("CBR_KEY_RATE", SeriesUnit.YEARLY_RATE, 2_949),
        ("DPRIME", SeriesUnit.YEARLY_RATE, 7_874 - 287),
        ("ESTR", SeriesUnit.YEARLY_RATE, 998),
        ("SOFRINDEX", SeriesUnit.INDEX, 1_250),
    ],
)
def test_each_series_has_its_days(published: Plan, code: str, unit: SeriesUnit, rows: int) -> None:
    (found,) = [one for one in published.fixings if one.code == code]
    assert (found.unit, len(found.fixings)) == (unit, rows)


def test_the_index_compounds_the_rate_of_the_business_day_before(
    series: dict[str, dict[date, Decimal]],
) -> None:
    index, rate = series["SOFRINDEX"], series["SOFR"]
    days = sorted(index)
    for before, after in pairwise(days):
        growth = 1 + rate[before] * (after - before).days / 360
        assert abs(index[after] / index[before] - growth) < Decimal("1.5e-8")
    assert len(days) - 1 == 1_249


def test_half_a_year_compounds_to_more_than_its_average(
    series: dict[str, dict[date, Decimal]],
) -> None:
    start, end = date(2023, 1, 3), date(2023, 7, 3)
    growth = series["SOFRINDEX"][end] / series["SOFRINDEX"][start]
    compounded = (growth - 1) * 360 / (end - start).days
    assert round(compounded * 100, 6) == Decimal("4.794697")
    daily = [rate for day, rate in series["SOFR"].items() if start <= day < end]
    assert round(sum(daily) / len(daily) * 100, 6) == Decimal("4.733306")


@pytest.mark.parametrize(
    ("code", "changes", "known"),
    [
        (
            "CBR_KEY_RATE",
            56,
            {
                date(2014, 12, 16): "0.17",
                date(2022, 2, 28): "0.20",
                date(2024, 10, 28): "0.21",
            },
        ),
        ("DPRIME", 80, {date(2020, 3, 5): "0.0425"}),
    ],
)
def test_a_rate_changes_on_the_first_day_with_its_new_value(
    series: dict[str, dict[date, Decimal]], code: str, changes: int, known: dict[date, str]
) -> None:
    days = sorted(series[code])
    changed = [
        after for before, after in pairwise(days) if series[code][before] != series[code][after]
    ]
    assert len(changed) == changes
    for day, rate in known.items():
        assert series[code][day] == Decimal(rate)


def some_rates(published: Plan, act: Act, *currencies: str, years: Sequence[int]) -> None:
    """Record the published rates of a few currencies and years."""
    wanted = {*currencies, "PLN", "GBP", "EUR"}
    record_exchange_rates(
        rates=[
            rate
            for rate in published.exchange_rates
            if rate.base in wanted and rate.quote in wanted and rate.valid_on.year in years
        ],
        jumps=JumpPolicy.RECORD,
        note="published",
        act=act,
    )


def found(base: str, quote: str, source: str, on: date) -> RateFound:
    kind = RateKind.CUSTOMS if source == "hmrc" else RateKind.OFFICIAL
    age = rate_source(source).max_age_days
    return exchange_rate(base, quote, kind=kind, source=source, on=on, max_age_days=age)


@pytest.mark.django_db
def test_closing_rates_come_from_the_last_table_and_say_its_day(published: Plan, act: Act) -> None:
    some_rates(published, act, "USD", "NGN", "KZT", years=[2025])
    closing, nbp, hmrc = date(2025, 3, 31), date(2025, 3, 26), date(2025, 3, 1)
    expected = {
        ("KZT", "nbp"): ("500.506", nbp),
        ("KZT", "hmrc"): ("501.953", hmrc),
        ("NGN", "nbp"): ("1537.794", nbp),
        ("NGN", "hmrc"): ("1507.563", hmrc),
    }
    for (quote, source), (rate, valid_on) in expected.items():
        cross = found("USD", quote, source, closing)
        assert f"{Decimal(cross.rate.numerator) / cross.rate.denominator:.3f}" == rate
        assert (cross.valid_on, cross.path) == (valid_on, RatePath.CROSS)


@pytest.mark.django_db
def test_special_drawing_rights_in_dollars(published: Plan, act: Act) -> None:
    some_rates(published, act, "USD", "XDR", years=[2019, 2025])
    first = found("XDR", "USD", "nbp", date(2019, 12, 31)).rate
    last = found("XDR", "USD", "nbp", date(2025, 3, 31)).rate
    assert f"{first.numerator / Decimal(first.denominator):.6f}" == "1.385839"
    assert f"{last.numerator / Decimal(last.denominator):.6f}" == "1.329322"
    assert abs(last / first - Fraction("0.959218")) < Fraction(1, 1_000_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "months", "low", "high"),
    [(2018, 12, "0.165", "0.185"), (2019, 12, "0.165", "0.185"), (2025, 6, "-0.01", "0.01")],
)
def test_the_customs_naira_stood_above_the_official_one(
    published: Plan, act: Act, year: int, months: int, low: str, high: str
) -> None:
    """In 2018 and 2019 by 17 to 18 per cent; in 2025 they agree."""
    some_rates(published, act, "USD", "NGN", years=[year - 1, year])
    ratios = [
        found("USD", "NGN", "hmrc", day).rate / found("USD", "NGN", "nbp", day).rate - 1
        for day in (date(year, month, 15) for month in range(1, months + 1))
    ]
    assert Fraction(low) < sum(ratios) / months < Fraction(high)


def test_a_dry_run_tells_jumps_with_their_rows(published: Plan) -> None:
    told = [finding for finding in published.findings if finding.code == "rate_far_off"]
    (naira,) = [f for f in told if f.subject == "NGN/PLN" and f.facts["on"] == "2016-06-15"]
    assert naira.place.file_name == "fx_nbp.csv"


@pytest.mark.django_db
def test_jumps_are_told(published: Plan, act: Act) -> None:
    """A fall of the naira by 30 and by 34 per cent, of the sum by 48, of the tenge in 2015."""
    done = record_exchange_rates(
        rates=[
            rate for rate in published.exchange_rates if rate.base in {"NGN", "UZS", "KZT", "KES"}
        ],
        jumps=JumpPolicy.RECORD,
        note="published",
        act=act,
    )
    told = {(jump.series[:3], jump.valid_on) for jump in done.jumps}
    assert {
        ("NGN", date(2016, 6, 22)),
        ("NGN", date(2023, 6, 21)),
        ("UZS", date(2017, 9, 6)),
        ("KZT", date(2015, 8, 26)),
    } <= told
    assert not any(base == "KES" for base, _ in told)


@pytest.mark.django_db
def test_a_day_without_a_euro_rate_takes_the_last_within_its_age(published: Plan, act: Act) -> None:
    some_rates(published, act, "USD", "RUB", years=[2022, 2025])
    easter_monday = found("EUR", "USD", "ecb", date(2025, 4, 21))
    assert easter_monday.valid_on == date(2025, 4, 17)
    with pytest.raises(ExchangeRateMissing):  # not published after 1 March 2022
        found("EUR", "RUB", "ecb", date(2022, 6, 1))


@pytest.mark.django_db
def test_the_same_files_again_are_recognised(published: Plan, acts: Acts) -> None:
    rates = [rate for rate in published.exchange_rates if rate.source == "hmrc"]
    first = record_exchange_rates(rates=rates, jumps=JumpPolicy.RECORD, note="a", act=acts())
    again = record_exchange_rates(rates=rates, jumps=JumpPolicy.RECORD, note="a", act=acts())
    assert first.recorded == len(rates)
    assert (again.recorded, again.recognised, again.corrected) == (0, len(rates), 0)


@pytest.mark.django_db
def test_all_series_are_recorded_and_recognised(published: Plan, acts: Acts) -> None:
    days = sum(len(one.fixings) for one in published.fixings)
    assert record_fixings(series=published.fixings, note="a", act=acts()).recorded == days
    again = record_fixings(series=published.fixings, note="a", act=acts())
    assert (again.recorded, again.recognised) == (0, days)


def test_the_noise_of_binary_fractions_is_rounded_away() -> None:
    plan = plan_of("DATE,SOFR30DAYAVG\n2020-03-02,1.5840000000000003\n2020-03-03,1.58409\n")
    assert [fixing.rate for fixing in plan.fixings[0].fixings] == ["0.01584", "0.0158409"]
    assert [(finding.code, finding.facts["cells"]) for finding in plan.findings] == [
        ("rates_rounded", "1")
    ]


def test_blanks_and_dots_are_days_without_a_rate() -> None:
    plan = plan_of(
        "Date,USD,JPY,GBP,ISK\n2025-06-27,1.1704,169.24,0.8529,\n2025-06-30,N/A,169.17,0.8555,.\n"
    )
    assert [(rate.quote, rate.rate) for rate in plan.exchange_rates] == [
        ("USD", "1.1704"),
        ("JPY", "169.24"),
        ("GBP", "0.8529"),
        ("JPY", "169.17"),
        ("GBP", "0.8555"),
    ]
    assert [finding.facts for finding in plan.findings] == [{"cells": "3"}]


@pytest.mark.parametrize("text", ["0", "0.00", "-1", "1,17", "abc"])
def test_what_is_no_rate_is_a_fault_with_its_place(text: str) -> None:
    plan = plan_of(f'date,currency,pln_per_unit\n2025-06-27,USD,"{text}"\n2025-06-30,USD,3.6\n')
    (fault,) = plan.faults
    assert (str(fault.place), fault.column, fault.code) == (
        "rates.csv:2",
        "pln_per_unit",
        "malformed_rate",
    )
    assert len(plan.exchange_rates) == 1


def test_percents_become_fractions_without_losing_a_digit() -> None:
    plan = plan_of("DATE,SOFR\n2021-08-09,-0.5680\n2021-08-10,.\n2021-08-11,5.50\n")
    (one,) = plan.fixings
    assert [fixing.rate for fixing in one.fixings] == ["-0.005680", "0.0550"]
    assert (one.code, one.source) == ("SOFR", "newyorkfed")


def test_a_month_counts_from_its_first_day() -> None:
    plan = plan_of("month,currency,units_per_gbp\n2025-06,NGN,2133.1\n2025-13,NGN,1\n")
    assert [rate.valid_on for rate in plan.exchange_rates] == [date(2025, 6, 1)]
    assert [fault.code for fault in plan.faults] == ["date_unreadable"]
