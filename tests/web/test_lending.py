"""Loans on pages: the list, its exports, a loan's page, recording with a preview, a new loan."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from gbese.apps.bookkeeping.services import set_up_entity
from gbese.apps.bookkeeping.services.set_up import BooksStart
from gbese.apps.identity.acts import Act
from gbese.apps.lending import queries
from gbese.apps.lending import services as lending
from gbese.apps.parties.services import find_or_add_party
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms
from gbese.core.money import Currency, Money
from gbese.core.servicing.events import Component, Drawn

pytestmark = pytest.mark.django_db

NGN = Currency("NGN", 2)
TODAY = date(2026, 3, 2)

ClientOf = Callable[[str], Client]
Acts = Callable[..., Act]


@pytest.fixture
def loans(acts: Acts) -> None:
    """Two loans of 1,200,000 naira at 12 per cent, drawn on 1 January: L/1 received, L/2 issued."""
    set_up_entity(
        name="Ilé Ìṣura Ltd",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        act=acts(),
        start=BooksStart(books_from=date(2026, 1, 1), open_day=TODAY, chart="ng"),
    )
    us = find_or_add_party(name="Ilé Ìṣura Ltd", country="NG", kind="organisation", act=acts())
    bank = find_or_add_party(name="=First Bank", country="NG", kind="organisation", act=acts())
    bola = find_or_add_party(name="Bọ́lá Adé", country="NG", kind="person", act=acts())
    drawn = Drawn(number=1, value_date=date(2026, 1, 1), amount=Money(120_000_000, NGN))
    for number, side, lender, borrower in (
        ("L/1", Side.BORROWER, bank, us),
        ("L/2", Side.LENDER, us, bola),
    ):
        lending.open_loan(
            new=lending.NewLoan(
                loan_number=number,
                side=side,
                lender=lender.pk,
                borrower=borrower.pk,
                terms=terms(),
                events=(drawn,),
            ),
            act=acts(),
        )


def terms() -> Terms:
    return Terms(
        currency=NGN,
        principal=Money(120_000_000, NGN),
        signed_on=date(2026, 1, 1),
        interest_from=date(2026, 1, 1),
        first_due_date=date(2026, 2, 1),
        maturity_date=date(2027, 1, 1),
        frequency=Frequency(1, FrequencyUnit.MONTH),
        schedule_kind=ScheduleKind.LINEAR,
        rate=RateTerms(fixed=Decimal("0.12")),
        day_count=DayCount.THIRTY_E_360,
    )


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"L/1", "L/2"}),
        ("?side=borrower", {"L/1"}),
        ("?side=lender&currency=NGN&term=short_term", {"L/2"}),
        ("?text=bola", {"L/2"}),
        ("?text=FIRST+bank", {"L/1"}),
        ("?status=in_delay&status=settled", {"L/1", "L/2"}),
        ("?status=on_schedule", set()),
        ("?currency=USD", set()),
        ("?borrower_name=b%E1%BB%8D%CC%81l%C3%A1+ad%C3%A9", {"L/2"}),
        ("?lender_name=first", {"L/1"}),
        ("?borrower_name=nobody+at+all", set()),
        ("?side=&page=1&order=-outstanding&lender=", {"L/1", "L/2"}),
    ],
)
def test_the_list_shows_the_loans_of_its_address(
    client_of: ClientOf, query: str, numbers: set[str]
) -> None:
    text = page(client_of("manager"), f"/loans{query}")
    assert {number for number in ("L/1", "L/2") if f'/loan/{number}"' in text} == numbers


@pytest.mark.usefixtures("loans")
def test_names_are_offered_while_one_is_written(client_of: ClientOf) -> None:
    told = page(client_of("manager"), "/loans/parties?borrower_name=bol")
    assert '<option value="Bọ́lá Adé">' in told


@pytest.mark.usefixtures("loans")
def test_the_list_is_taken_away_as_filtered_and_no_cell_runs(client_of: ClientOf) -> None:
    answer = client_of("manager").get("/loans.csv?side=borrower")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert [row[0] for row in rows] == ["L/1"]
    told = dict(zip(heading, rows[0], strict=True))
    assert told["Lender"] == "'=First Bank"
    assert told["Outstanding"] == "1200000.00"

    answer = client_of("manager").get("/loans.xlsx?side=borrower")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    _heading, row = sheet.to_python()
    assert row[2] == "=First Bank"
    assert row[heading.index("Outstanding")] == 1200000.0
    assert row[heading.index("Maturity")] == date(2027, 1, 1)


@pytest.mark.usefixtures("loans")
def test_the_dossier_tells_what_is_to_pay_the_story_and_the_schedule(client_of: ClientOf) -> None:
    # 30E/360 at 12 %: 1 February 100,000.00 + 12,000.00, 1 March 100,000.00 + 11,000.00 on paper;
    # nothing was paid, so March's interest is on the whole 1,200,000.00: 12,000.00.
    text = page(client_of("manager"), "/loan/L/1")
    assert "=First Bank" in text
    assert "224,000.00" in text
    assert "Drawdown" in text
    assert "1 Feb 2026" in text
    assert "Effective rate" in text
    assert "Nominal yearly cost, fees included" in text


@pytest.mark.usefixtures("loans")
def test_the_dossier_is_read_at_any_date(client_of: ClientOf) -> None:
    # On 15 January 14 days of 30/360 at 12 % have run on 1,200,000.00: 5,600.00; nothing is due.
    told = page(client_of("manager"), "/loan/L/1?on=2026-01-15")
    assert "1,205,600.00" in told
    assert "Back to the open day" in told
    assert "Back to the open day" not in page(client_of("manager"), "/loan/L/1")


@pytest.mark.usefixtures("loans")
def test_a_repayment_is_previewed_then_recorded_once(client_of: ClientOf) -> None:
    client = client_of("cashier")
    asked = {
        "value_date": "2026-03-02",
        "amount": "224,000.00",
        "surplus": "hold",
        "request_id": str(uuid4()),
    }
    preview = client.post("/loan/L/1/record/repayment/preview", asked).content.decode()
    assert "200,000.00" in preview  # of principal
    assert "24,000.00" in preview  # of interest
    before = queries.loan_page("L/1", TODAY)
    assert len(before.events) == 1  # a preview stores nothing

    assert client.post("/loan/L/1/record/repayment", asked)["Location"] == "/loan/L/1"
    client.post("/loan/L/1/record/repayment", asked)  # a second click
    after = queries.loan_page("L/1", TODAY)
    assert [event.kind for event in after.events] == ["drawn", "received"]
    assert after.row.outstanding == Money(100_000_000, NGN)
    assert after.row.days_past_due == 0


@pytest.mark.usefixtures("loans")
def test_a_script_is_answered_with_the_loan_as_it_is_after_a_repayment(client_of: ClientOf) -> None:
    client = client_of("cashier")
    asked = {"value_date": "2026-03-02", "amount": "224,000.00", "surplus": "hold"}
    answer = client.post("/loan/L/1/record/repayment", asked, headers={"Gbese-Visit": "yes"})
    assert answer.status_code == 200
    assert answer["Content-Location"] == "/loan/L/1"
    told = answer.content.decode()
    assert "Recorded." in told
    assert "1,000,000.00" in told  # 1,200,000.00 less two instalments of 100,000.00
    wrong = client.post("/loan/L/1/record/repayment", {}, headers={"Gbese-Visit": "yes"})
    assert wrong.status_code == 422
    assert "Content-Location" not in wrong


@pytest.mark.usefixtures("loans")
def test_a_reversal_takes_a_repayment_back_and_both_stay(client_of: ClientOf) -> None:
    client = client_of("manager")
    client.post(
        "/loan/L/1/record/repayment",
        {"value_date": "2026-03-02", "amount": "224000.00", "surplus": "hold"},
    )
    assert "Repayment" in page(client, "/loan/L/1/record/reversal?event=2")
    client.post(
        "/loan/L/1/record/reversal",
        {"value_date": "2026-03-02", "event_number": "2", "reason": "entered_twice"},
    )
    told = queries.loan_page("L/1", TODAY)
    assert [event.is_reversed for event in told.events] == [False, True, False]
    assert told.row.outstanding == Money(120_000_000, NGN)


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"amount": "1.234"}, "decimals"),
        ({"amount": "-5"}, "above zero"),
        ({"amount": "lots"}, "is not an amount"),
        ({"value_date": "2026-03-03"}, "open on"),
        ({"value_date": "2025-12-31"}, "first drawn on"),
        ({"value_date": "31.12.2025"}, "2026-03-31"),
    ],
)
def test_a_wrong_repayment_is_told_why_and_stores_nothing(
    client_of: ClientOf, changed: dict[str, str], told: str
) -> None:
    asked = {"value_date": "2026-03-02", "amount": "1.00", "surplus": "hold"} | changed
    answer = client_of("cashier").post("/loan/L/1/record/repayment", asked)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert len(queries.loan_page("L/1", TODAY).events) == 1


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        ("cashier", "repayment", 200),
        ("cashier", "reversal", 403),
        ("loan_officer", "drawdown", 200),
        ("loan_officer", "write-off", 403),
        ("auditor", "repayment", 403),
        ("manager", "write-off", 200),
        ("manager", "nonsense", 404),
    ],
)
def test_who_may_record_what(client_of: ClientOf, role: str, kind: str, status: int) -> None:
    assert client_of(role).get(f"/loan/L/1/record/{kind}").status_code == status


NEW = {
    "loan_number": "N-1",
    "side": "borrower",
    "lender": "Kaduna Bank",
    "borrower": "Ilé Ìṣura Ltd",
    "party_kind": "organisation",
    "currency": "NGN",
    "principal": "1 200 000",
    "signed_on": "2026-01-01",
    "interest_from": "2026-01-01",
    "first_due_date": "2026-02-01",
    "maturity_date": "2027-01-01",
    "frequency": "monthly",
    "schedule_kind": "linear",
    "rate_kind": "fixed",
    "fixed_rate": "12",
    "day_count": "thirty_e_360",
    "business_days": "unadjusted",
    "drawn_on": "2026-01-01",
}


@pytest.mark.usefixtures("loans")
def test_a_new_loan_shows_its_schedule_before_it_is_opened(client_of: ClientOf) -> None:
    # Equal principal of 100,000.00; interest 12,000.00 falling by 1,000.00: 78,000.00 in all.
    client = client_of("loan_officer")
    preview = client.post("/loans/new/preview", NEW | {"loan_number": ""}).content.decode()
    assert "78,000.00" in preview
    assert "1,278,000.00" in preview
    assert client.post("/loans/new", NEW)["Location"] == "/loan/N-1"
    opened = queries.loan_page("N-1", TODAY)
    assert opened.lender_name == "Kaduna Bank"
    assert opened.terms.principal == Money(120_000_000, NGN)


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        # 200,000.00 left for the end: eleven parts of 83,333.33 or so, and the rest with the last
        ({"balloon": "200000"}, ["200,000.00", "1,200,000.00"]),
        # 30E/360: 150 nights of 400.00, then 180 of 200.00 are 60,000.00 and 36,000.00
        (
            {
                "schedule_kind": "custom",
                "first_due_date": "",
                "maturity_date": "",
                "custom_rows": "2026-06-01 600000\n2026-12-01 600,000.00",
            },
            ["60,000.00", "36,000.00", "1,296,000.00"],
        ),
        # a year of interest, 144,000.00, and the principal, whenever it is asked for
        (
            {"schedule_kind": "on_demand", "maturity_date": ""},
            ["144,000.00", "Principal, when it is asked for", "1,344,000.00"],
        ),
        # what another way of repaying asks for says nothing here, however wrong
        ({"custom_rows": "nonsense"}, ["1,278,000.00"]),
        ({"schedule_kind": "bullet", "balloon": "nonsense"}, ["144,000.00", "1,344,000.00"]),
    ],
)
def test_the_preview_follows_the_kind_of_schedule(
    client_of: ClientOf, changed: dict[str, str], told: list[str]
) -> None:
    preview = client_of("loan_officer").post("/loans/new/preview", NEW | changed).content.decode()
    assert [words for words in told if words not in preview] == []


@pytest.mark.usefixtures("loans")
def test_what_must_be_filled_is_not_called_optional(client_of: ClientOf) -> None:
    form = page(client_of("loan_officer"), "/loans/new")
    for name, is_optional in (("first_due_date", False), ("fixed_rate", False), ("balloon", True)):
        label = form.split(f'for="id_{name}">')[1].split("</label>")[0]
        assert ("(optional)" in label) is is_optional, name


@pytest.mark.usefixtures("loans")
def test_penalties_may_have_steps(client_of: ClientOf) -> None:
    client = client_of("loan_officer")
    steps = {
        "penalty_daily": "0",
        "penalty_from_2": "31",
        "penalty_daily_2": "0.1",
        "penalty_from_3": "91",
        "penalty_daily_3": "0.03",
        "penalty_base": "overdue_principal",
    }
    for wrong in ({"penalty_daily_2": ""}, {"penalty_from_3": "20"}, {"penalty_from_2": "1"}):
        assert client.post("/loans/new", NEW | steps | wrong).status_code == 422
    assert client.post("/loans/new", NEW | steps)["Location"] == "/loan/N-1"
    penalty = queries.loan_page("N-1", TODAY).terms.penalty
    assert penalty is not None
    assert [(tier.from_day, tier.daily_rate) for tier in penalty.tiers] == [
        (1, Decimal(0)),
        (31, Decimal("0.001")),
        (91, Decimal("0.0003")),
    ]


@pytest.mark.usefixtures("loans")
def test_the_terms_show_the_rate_in_force_and_those_before(client_of: ClientOf, acts: Acts) -> None:
    made = lending.rate(nominal_rate=Decimal("0.18"), value_date=date(2026, 2, 1))
    lending.record(loan_number="L/1", made=made, act=acts())
    client = client_of("manager")
    now = page(client, "/loan/L/1")
    assert "18.00% from 1 Feb 2026" in now
    assert "12.00% from 1 Jan 2026" in now
    assert "from 1 Feb 2026" not in page(client, "/loan/L/1?on=2026-01-20")


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"loan_number": "L/1"}, "already"),
        ({"lender": "Ilé Ìṣura Ltd"}, "both lender and borrower"),
        ({"side": "lender"}, "would stand on the other side"),
        ({"borrower": "Kano Stores"}, "names Kano Stores in its place"),
        ({"maturity_date": ""}, "This field is required."),
        ({"fixed_rate": ""}, "This field is required."),
        ({"principal": "12.345"}, "decimals"),
        ({"first_due_date": "2025-12-01"}, "must come after the day interest starts"),
        ({"maturity_date": "2025-12-01"}, "must mature after the day interest starts"),
        ({"schedule_kind": "custom"}, "List the dates and amounts"),
        ({"schedule_kind": "custom", "custom_rows": "2026-06-30 lots"}, "Line 1 is not a date"),
        ({"schedule_kind": "custom", "custom_rows": "2026-06-30 5"}, "must add up"),
        ({"frequency": "every_n_days"}, "This field is required."),
        ({"rate_kind": "reference"}, "This field is required."),
    ],
)
def test_a_wrong_new_loan_is_told_why(
    client_of: ClientOf, changed: dict[str, str], told: str
) -> None:
    answer = client_of("loan_officer").post("/loans/new", NEW | changed)
    assert answer.status_code == 422
    assert told in answer.content.decode()


@pytest.mark.usefixtures("loans")
def test_an_unknown_loan_is_not_found(client_of: ClientOf) -> None:
    for address in ("/loan/X", "/loan/X/record/repayment"):
        assert client_of("manager").get(address).status_code == 404


@pytest.mark.usefixtures("loans")
def test_the_dashboard_and_the_debt_by_term_add_up(client_of: ClientOf) -> None:
    client = client_of("manager")
    assert "1,200,000.00" in page(client, "/")
    assert "Principal falling due" in page(client, "/ladder?side=borrower")
    # On 2 March 200,000.00 is overdue; the rest falls due within twelve months.
    text = page(client, "/debt-by-term?side=borrower&policy=reporting_date")
    assert "1,000,000.00" in text
    assert "200,000.00" in text
    answer = client.get("/debt-by-term.csv?side=borrower")
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "0.00,1000000.00,200000.00,1200000.00" in content


@pytest.mark.usefixtures("loans")
def test_overdue_is_one_figure_wherever_it_is_shown(client_of: ClientOf, acts: Acts) -> None:
    """Two parts of 100,000.00 and their interest fell due by 2 March: 12,000.00 on 1 February, and
    12,000.00 a month later, as principal that is overdue bears interest too. With a penalty of
    500.00 that is 224,500.00."""
    lending.record(
        loan_number="L/1",
        made=lending.charge(
            component=Component.PENALTY,
            amount=Money(50_000, NGN),
            charge_kind="late",
            value_date=TODAY,
        ),
        act=acts(),
    )
    client = client_of("manager")
    (total,) = queries.loan_totals(queries.LoanFilter(side=Side.BORROWER))
    assert total.overdue.plain() == "224500.00"
    for address in ("/", "/loans?side=borrower", "/loan/L/1"):
        assert "224,500.00" in page(client, address), address
    assert "Overdue principal" in page(client, "/debt-by-term?side=borrower")
    content = b"".join(client.get("/loans.csv?side=borrower").streaming_content)  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["Overdue"] == "224500.00"


@pytest.mark.usefixtures("loans")
def test_a_loan_written_off_is_not_outstanding(client_of: ClientOf, acts: Acts) -> None:
    lending.record(loan_number="L/1", made=lending.write_off(value_date=TODAY), act=acts())
    told = re.sub(r"<[^>]+>", "", page(client_of("manager"), "/?side=borrower"))
    assert "Outstanding, 0 loans" in told


@pytest.mark.usefixtures("loans")
def test_a_list_asks_the_database_a_fixed_number_of_times(
    client_of: ClientOf, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = client_of("manager")
    page(client, "/loans")
    with django_assert_max_num_queries(18):  # type: ignore[attr-defined]
        page(client, "/loans")


@pytest.mark.usefixtures("loans")
def test_a_figure_is_walked_back_to_its_facts(client_of: ClientOf) -> None:
    # January and February: 30/360 of a year each at 12 % on 1,200,000.00; 1 day of March as well:
    # 1,200,000.00 x 12 % x 1/360 = 400.00. In all 24,400.00.
    client = client_of("auditor")
    told = page(client, "/loan/L/1?why=interest")
    for figure in ("24,400.00", "12,000.00", "400.00"):
        assert figure in told
    assert "Drawdown" in page(client, "/loan/L/1?why=principal")
    (march,) = re.findall(r'href="([^"]*why=accrued.interest.3[^"]*)"', told)
    walked = page(client, march.replace("&amp;", "&"))
    for figure in ("1,200,000.00", "12.00%", "360", "400.00", "halves away from zero"):
        assert figure in walked
    for unknown in ("luck", "9" * 5000):
        assert client.get("/loan/L/1", {"why": unknown}).status_code == 404


@pytest.mark.usefixtures("loans")
def test_every_amount_of_a_dossier_opens_its_derivation(client_of: ClientOf) -> None:
    client = client_of("auditor")
    told = page(client, "/loan/L/1")
    asked = set(re.findall(r'href="(\?why=[^"]+)"', told))
    assert {"?why=debt", "?why=interest.overdue", "?why=1.total", "?why=plan.principal"} <= asked
    for address in sorted(asked):
        walked = page(client, f"/loan/L/1{address}")
        assert "The steps do not lead" not in walked, address
    dated = page(client, "/loan/L/1?on=2026-02-20")
    assert 'href="?on=2026-02-20&amp;why=debt"' in dated


@pytest.mark.usefixtures("loans")
def test_a_derivation_opens_beside_the_page_for_script(client_of: ClientOf) -> None:
    answer = client_of("auditor").get("/loan/L/1?why=debt", headers={"HX-Target": "why"})
    assert answer.templates[0].name == "web/why/panel.html"
    assert "<html" not in answer.content.decode()


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize("component", ["principal", "interest", "fee", "penalty"])
def test_a_figure_and_its_derivation_agree(component: str) -> None:
    for number in ("L/1", "L/2"):
        owed = queries.loan_page(number, TODAY).position.owed(Component(component))
        assert queries.explained(number, component, TODAY).derivation.figure == owed.minor


@pytest.mark.usefixtures("loans")
def test_new_terms_that_ease_take_in_what_is_overdue(client_of: ClientOf) -> None:
    client = client_of("manager")
    asked = {
        "value_date": "2026-03-02",
        "first_due_date": "2026-04-02",
        "maturity_date": "2028-03-02",
        "frequency": "monthly",
        "schedule_kind": "annuity",
        "fixed_rate": "9",
        "is_restructuring": "on",
    }
    preview = client.post("/loan/L/1/record/terms/preview", asked).content.decode()
    assert "The schedule changes" in preview
    assert client.post("/loan/L/1/record/terms", asked)["Location"] == "/loan/L/1"
    told = queries.loan_page("L/1", TODAY)
    assert told.row.is_restructured
    assert told.row.days_past_due == 0
    assert told.terms.maturity_date == date(2028, 3, 2)
    assert told.terms.rate.fixed == Decimal("0.09")
    assert client_of("cashier").get("/loan/L/1/record/terms").status_code == 403


@pytest.mark.usefixtures("loans")
def test_new_terms_that_contradict_themselves_are_told(client_of: ClientOf) -> None:
    asked = {
        "value_date": "2026-03-02",
        "first_due_date": "2026-02-02",
        "maturity_date": "2028-03-02",
        "frequency": "monthly",
        "schedule_kind": "annuity",
    }
    answer = client_of("manager").post("/loan/L/1/record/terms", asked)
    assert answer.status_code == 422
    assert "must come after the day interest starts" in answer.content.decode()
