"""The World Bank's six files: the worked examples of their README, to the cent.

Source of all figures: the data's own README. Needs the data beside the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from gbese.apps.imports.mappings import shipped_mappings
from gbese.apps.imports.plans import Context, Plan, PlannedLoan
from gbese.apps.imports.recipes.lender_statements import LenderStatements
from gbese.apps.imports.recognition import Known, recipe_for
from gbese.apps.imports.roll_forward import RollForward, revaluations, roll_forward
from gbese.apps.imports.statements import Statement
from gbese.apps.imports.tables import Table
from gbese.core.calendars.business_days import Calendar
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.money import Currency, Money
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import Opened

pytestmark = pytest.mark.shared

IBRD = ("ibrd_2020-11-30", "ibrd_2022-05-31", "ibrd_2023-05-31", "ibrd_2025-03-31")
IDA = ("ida_2019-12-31", "ida_2025-03-31")
D20, D22, D23, D25 = date(2020, 11, 30), date(2022, 5, 31), date(2023, 5, 31), date(2025, 3, 31)
D19 = date(2019, 12, 31)
USD = Currency("USD", 2)
CALENDAR = Calendar(code="", weekend=frozenset(), holidays=frozenset())


@pytest.fixture(scope="module")
def tables(shared_data: object, request: pytest.FixtureRequest) -> dict[str, Table]:
    read: Callable[..., list[Table]] = request.getfixturevalue("statements_of")
    return {name: read(name)[0] for name in (*IBRD, *IDA)}


@pytest.fixture(scope="module")
def plan(tables: dict[str, Table]) -> Plan:
    """All six files in one import."""
    return planned(list(tables.values()))


@pytest.fixture(scope="module")
def stated(plan: Plan) -> dict[tuple[str, date], list[Statement]]:
    found: dict[tuple[str, date], list[Statement]] = {}
    for _place, statement in plan.statements:
        found.setdefault((statement.lender_code, statement.stated_on), []).append(statement)
    return found


def planned(tables: Sequence[Table], **known: object) -> Plan:
    recipe = LenderStatements(shipped_mappings()["world_bank"])
    return recipe.plan(tables, Context(business_date=date(2025, 4, 30), **known))  # type: ignore[arg-type]


def projection(loan: PlannedLoan) -> Projection:
    shared = SharedFacts(calendar=CALENDAR)
    return project(
        LoanFacts(
            terms=loan.terms, events=loan.events, shared=shared, open_ended_until=date(2026, 4, 1)
        )
    )


def at(loan: PlannedLoan, on: date) -> Position:
    return position(projection(loan), on)


def plain(minor: int) -> str:
    return f"{Money(minor, USD).amount:,}"


def owed(statements: Iterable[Statement], country: str = "") -> str:
    return plain(sum(each.outstanding for each in statements if country in {"", each.country}))


@pytest.mark.parametrize("name", [*IBRD, *IDA])
def test_the_mapping_is_recognised_by_the_headers(tables: dict[str, Table], name: str) -> None:
    assert isinstance(recipe_for([tables[name]], Known()), LenderStatements)


def test_no_row_is_faulty(plan: Plan) -> None:
    assert plan.faults == []


@pytest.mark.parametrize(
    ("column", "sums"),
    [
        (
            "Original Principal Amount",
            "204,555,279,711.78 225,552,661,181.50 231,832,148,951.78 271,269,346,951.78",
        ),
        (
            "Disbursed Amount",
            "162,095,228,176.21 177,520,638,656.74 186,191,322,685.42 212,907,498,678.12",
        ),
        (
            "Repaid to IBRD",
            "91,590,804,728.41 97,363,784,200.15 99,989,581,719.99 106,788,392,847.28",
        ),
        ("Due to IBRD", "70,355,339,799.95 79,994,449,523.69 86,037,467,531.13 105,953,988,460.15"),
        (
            "Exchange Adjustment",
            "-1,833,218,052.19 -3,732,333,545.40 -5,015,514,941.09 -4,549,686,841.19",
        ),
        (
            "Borrower's Obligation",
            "68,522,121,747.76 76,262,115,978.29 81,021,952,590.04 101,404,301,618.96",
        ),
    ],
)
def test_columns_add_up_to_the_totals_of_the_files(plan: Plan, column: str, sums: str) -> None:
    told = {
        row.file_name: plain(row.whole.minor)
        for row in plan.column_sums
        if row.column.startswith(column)
    }
    assert [told[f"{name}.csv"] for name in IBRD] == sums.split()


def test_loans_owing_more_than_a_dollar(stated: dict[tuple[str, date], list[Statement]]) -> None:
    counts = [
        sum(each.outstanding > 100 for each in stated["IBRD", day]) for day in (D20, D22, D23, D25)
    ]
    assert counts == [511, 542, 560, 607]


@pytest.mark.parametrize(
    ("lender", "country", "days", "figures"),
    [
        ("IBRD", "NG", (D20, D22, D23, D25), "409,737,141.90 486,263,012.42 487,131,251.00 1,243,225,876.17"),
        ("IBRD", "KZ", (D20, D22, D23, D25), "3,588,989,555.56 3,334,859,031.51 3,457,051,394.29 3,782,709,217.58"),
        ("IDA", "NG", (D19, D25), "9,549,703,470.62 17,079,591,067.97"),
        ("IDA", "", (D19, D25), "46,146,846,783.07 81,256,631,097.70"),
    ],
)  # fmt: skip
def test_1_debt_register(
    stated: dict[tuple[str, date], list[Statement]],
    lender: str,
    country: str,
    days: tuple[date, ...],
    figures: str,
) -> None:
    assert [owed(stated[lender, day], country) for day in days] == figures.split()


def rolled(
    stated: dict[tuple[str, date], list[Statement]], opened: date, closed: date, country: str = ""
) -> RollForward:
    chosen = [
        [each for each in stated["IBRD", day] if country in {"", each.country}]
        for day in (opened, closed)
    ]
    return roll_forward(chosen[0], chosen[1], {})[0]


def test_2_roll_forward_of_kazakhstan(stated: dict[tuple[str, date], list[Statement]]) -> None:
    row = rolled(stated, D23, D25, "KZ")
    moved = (row.opening, row.drawn, row.repaid, row.exchange_difference, row.untied, row.closing)
    assert " ".join(map(plain, moved)) == (
        "3,457,051,394.29 888,526,387.04 595,002,156.96 32,133,593.21 0.00 3,782,709,217.58"
    )
    assert len(row.new_loans) == 3


def test_2_only_one_common_loan_does_not_tie(
    stated: dict[tuple[str, date], list[Statement]],
) -> None:
    row = rolled(stated, D23, D25)
    assert [each.loan_number for each in row.not_tying] == ["IBRD48330"]
    assert (
        row.opening + row.drawn - row.repaid - row.sold + row.exchange_difference + row.untied
        == (row.closing)
    )


def test_3_level_principal(plan: Plan) -> None:
    loan = loan_of(plan, "IBRD76860")
    assert (loan.terms.schedule_kind, loan.terms.maturity_date) == (
        ScheduleKind.LINEAR,
        date(2040, 10, 15),
    )
    assert loan.terms.first_principal_date == date(2016, 4, 15)
    # 18 of 50 instalments had fallen due by then, and 320 of 500 million are left.
    left = [row for row in projection(loan).plan if row.period_end > D25]
    assert [plain(row.principal) for row in left] == ["10,000,000.00"] * 32
    assert at(loan, D25).outstanding == Money(32_000_000_000, USD)


@pytest.mark.parametrize(
    ("number", "drawn", "agreed"),
    [
        ("IBRD94740", "1,122,500.00", "449,000,000.00"),
        ("IBRD96840", "1,875,000.00", "750,000,000.00"),
    ],
)
def test_4_only_the_front_end_fee_is_drawn(
    stated: dict[tuple[str, date], list[Statement]], number: str, drawn: str, agreed: str
) -> None:
    (found,) = [each for each in stated["IBRD", D25] if each.loan_number == number]
    assert (plain(found.drawn), plain(found.original)) == (drawn, agreed)
    assert Fraction(found.drawn, found.original) == Fraction(1, 400)


def test_5_maturity_ladder_of_kazakhstan(stated: dict[tuple[str, date], list[Statement]]) -> None:
    owing = [
        each for each in stated["IBRD", D25] if each.country == "KZ" and each.outstanding > 100
    ]
    years = Counter(each.last_repayment_on.year for each in owing if each.last_repayment_on)
    sums: Counter[int] = Counter()
    for each in owing:
        if each.last_repayment_on:
            sums[each.last_repayment_on.year] += each.outstanding
    assert dict(years) == {2025: 1, 2031: 4, 2033: 2, 2034: 5, 2035: 3}
    assert round(Decimal(sums[2025]) / 100) == 2_057_049
    millions = [round(Decimal(sums[year]) / 10**8, 1) for year in (2031, 2033, 2034, 2035)]
    assert millions == [Decimal("635.6"), Decimal("1418.4"), Decimal("619.8"), Decimal("1106.9")]


def test_6_long_arrears_of_zimbabwe(plan: Plan) -> None:
    late = [
        now
        for loan in plan.loans
        if loan.borrower.startswith("ZW:") and loan.lender == "IBRD"
        if (now := at(loan, D25)).days_past_due > 0
    ]
    assert len(late) == 18
    assert plain(sum(now.outstanding.minor for now in late)) == "425,574,260.23"
    assert max(now.days_past_due for now in late) == 8_629


def test_6_the_same_from_the_last_file_alone(tables: dict[str, Table]) -> None:
    alone = planned([tables[IBRD[-1]]])
    opened = [loan.events[0] for loan in alone.loans if loan.borrower.startswith("ZW:")]
    overdue = [one for one in opened if isinstance(one, Opened) and one.principal_overdue]
    assert len(overdue) == 18
    assert plain(sum(one.principal_overdue.minor for one in overdue)) == "425,574,260.23"


def test_7_residual_dust_is_late_when_its_lender_asks_for_it(plan: Plan) -> None:
    now = at(loan_of(plan, "IBRD72840"), D25)
    assert (now.outstanding, now.oldest_unpaid) == (Money(2_000, USD), date(2019, 3, 15))
    settled = [each.subject for each in plan.findings if each.code == "residue_kept"]
    assert "IBRD19590" in settled  # 50 cents, two decades after maturity: nobody's arrears


def test_8_revaluation(stated: dict[tuple[str, date], list[Statement]]) -> None:
    found = revaluations(stated["IDA", D19], stated["IDA", D25])
    special = [each for each in found if each.contract_currency == "XDR"]
    assert [each.loan_number for each in special] == [
        "IDA12910", "IDA12960", "IDA25160", "IDA25270", "IDA30830", "IDA63440", "IDA64850",
    ]  # fmt: skip
    assert all(abs(each.factor - Fraction("0.96086")) < Fraction(1, 100_000) for each in special)
    euro = [each for each in found if each.contract_currency == "EUR"]
    assert [each.loan_number for each in euro] == ["IDA63570", "IDA65280"]
    assert {round(each.factor, 6) for each in euro} == {Fraction("0.963529")}


def test_9_grants_are_no_debt(plan: Plan) -> None:
    grants = [each for each in plan.left_out if each.reason == "grant"]
    of_2025 = [each for each in grants if each.place.file_name == "ida_2025-03-31.csv"]
    assert len(of_2025) == 263
    (disbursed,) = [
        row
        for row in plan.column_sums
        if row.file_name == "ida_2025-03-31.csv" and row.column.startswith("Disbursed")
    ]
    assert plain(disbursed.left_out.minor) == "5,790,818,107.26"
    assert not {each.subject for each in grants} & {loan.loan_number for loan in plan.loans}


def test_serbian_bookings_back_are_named(stated: dict[tuple[str, date], list[Statement]]) -> None:
    row = rolled(stated, D22, D23)
    back = [each for each in row.negative_repayments if each.repaid < -100]
    assert len(back) == 53
    assert "IBRD05310" in {each.loan_number for each in back}


def test_turkey_keeps_its_parties_when_it_becomes_turkiye(plan: Plan) -> None:
    guarantors = {loan.guarantor for loan in plan.loans if loan.borrower.startswith("TR:")}
    assert guarantors - {None, ""} == {"TR:"}
    assert [party.name for party in plan.parties if party.key == "TR:"] == ["Turkiye"]


def test_every_loan_stands_as_stated_at_each_date(
    plan: Plan, stated: dict[tuple[str, date], list[Statement]]
) -> None:
    projections = {loan.loan_number: projection(loan) for loan in plan.loans}
    wrong = [
        (each.loan_number, day)
        for (_lender, day), statements in stated.items()
        for each in statements
        if position(projections[each.loan_number], day).outstanding.minor
        != max(each.outstanding, 0)
    ]
    assert wrong == []


def test_a_rate_of_zero_is_variable_at_ibrd_and_none_at_ida(plan: Plan) -> None:
    ibrd = [loan for loan in plan.loans if loan.lender == "IBRD"]
    assert not any(loan.terms.rate.fixed == 0 for loan in ibrd)
    variable = [loan for loan in ibrd if loan.terms.rate.fixed is None]
    assert len(variable) > 500
    assert all("rate" in loan.terms.assumed for loan in variable)
    charged = [loan for loan in plan.loans if loan.terms.rate.fixed == Decimal("0.0075")]
    assert sum(loan.lender == "IDA" for loan in charged) > 1_000
    assert not any("rate" in loan.terms.assumed for loan in charged)


def test_commitments_are_what_can_still_be_drawn(plan: Plan) -> None:
    loan = loan_of(plan, "IBRD94740")
    opened = next(event for event in loan.events if isinstance(event, Opened))
    assert loan.agreement_number == "IBRD9474"
    assert loan.terms.principal - opened.drawn >= Money(0, USD)


@pytest.mark.parametrize("name", IBRD)
def test_a_statement_known_already_changes_nothing(
    tables: dict[str, Table], plan: Plan, name: str
) -> None:
    known: dict[str, list[Statement]] = {}
    for _place, each in plan.statements:
        known.setdefault(each.loan_number, []).append(each)
    again = planned([tables[name]], known_statements=known, known_loans=frozenset(known))
    assert (again.loans, again.reopened, again.later_events) == ([], [], [])
    assert len(again.unchanged) + len(again.left_out) == sum(1 for _row in tables[name].rows)


def loan_of(plan: Plan, number: str) -> PlannedLoan:
    return next(loan for loan in plan.loans if loan.loan_number == number)
