"""Every operation once, through HTTP: what it answers, and what it leaves behind."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gbese.apps.lending.services import renewal
from gbese.core.calendars.day_counts import DayCount
from gbese.core.projections.facts import LoanFacts
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from tests.api.conftest import Callers, naira, terms

pytestmark = pytest.mark.django_db


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content) if answer.content else None


@pytest.mark.usefixtures("loans")
def test_loans_are_listed_narrowed_counted_and_added_up(caller_of: Callers) -> None:
    cashier = caller_of("cashier")
    page = told(cashier.get("/loans?limit=1&order=number"))
    assert [row["loan_number"] for row in page["items"]] == ["L/1"]
    assert page["next_offset"] == 1
    rest = told(cashier.get("/loans?limit=1&order=number&offset=1"))
    assert [row["loan_number"] for row in rest["items"]] == ["L/2"]
    assert rest["next_offset"] is None
    (only,) = told(cashier.get("/loans?text=bola&status=in_delay&status=settled"))["items"]
    assert only["loan_number"] == "L/2"
    assert only["outstanding"] == naira("1200000.00")
    assert only["nominal_rate"] == "0.12"
    assert only["effective_rate"] is not None

    (totals,) = told(cashier.get("/loan-totals?side=borrower"))["items"]
    assert (totals["loans"], totals["outstanding"]) == (1, naira("1200000.00"))
    counts = told(cashier.get("/loan-statuses"))["items"]
    assert {row["status"]: row["loans"] for row in counts if row["loans"]} == {"in_delay": 2}


@pytest.mark.usefixtures("loans")
def test_loans_are_taken_away_as_csv_and_as_lines_of_json(caller_of: Callers) -> None:
    auditor = caller_of("auditor")
    answer = auditor.get("/loan-export?side=lender")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    heading, row = csv.reader(io.StringIO(content))
    cells = dict(zip(heading, row, strict=True))
    assert (cells["loan_number"], cells["outstanding"]) == ("L/2", "1200000.00")
    answer = auditor.get("/loan-export?format=jsonl")
    lines = b"".join(answer.streaming_content).splitlines()  # type: ignore[attr-defined]
    assert [json.loads(line)["loan_number"] for line in lines] == ["L/1", "L/2"]


@pytest.mark.usefixtures("books")
def test_terms_are_tried_out_before_anything_is_stored(caller_of: Callers) -> None:
    # Equal principal of 100,000.00; interest 12,000.00 falling by 1,000.00: 78,000.00 in all.
    plan = told(caller_of("loan_officer").post("/loan-previews", {"terms": terms()}))
    assert plan["interest"] == naira("78000.00")
    assert plan["due"] == naira("1278000.00")
    assert (len(plan["rows"]), plan["rows"][0]["due"]) == (12, naira("112000.00"))


@pytest.mark.usefixtures("books")
def test_terms_tried_out_tell_what_they_cost_a_year(caller_of: Callers) -> None:
    """1,200,000.00 at 12 % for 365 days and all at the end: 12 % effective; twelve months' rates of
    1.12^(1/12) - 1 are 11.3866 %."""
    bullet = terms(
        schedule_kind="bullet",
        first_due_date="2027-01-01",
        frequency={"count": 12, "unit": "month"},
        day_count="act_365f",
    )
    plan = told(caller_of("loan_officer").post("/loan-previews", {"terms": bullet}))
    assert plan["yearly_cost"] == {
        "effective_rate": "0.1200",
        "method": "key_facts",
        "disclosed_rate": "0.1139",
    }


@pytest.mark.usefixtures("books")
def test_terms_with_a_cycle_of_principal_are_tried_out_and_told(
    caller_of: Callers, new_loan: Callable[..., dict[str, Any]]
) -> None:
    """300,000.00 a quarter of 1,200,000.00 at 1 % a month: 12,000.00 three times, then 9,000.00."""
    quarterly = {
        "first_date": "2026-04-01",
        "frequency": {"count": 3, "unit": "month"},
        "final_stub": "short",
    }
    steps = [{"from_day": "2026-10-01", "rate": "0.06", "margin": None}]
    asked = terms(principal_cycle=quarterly, rate={"fixed": "0.12", "steps": steps})
    officer = caller_of("loan_officer")
    rows = told(officer.post("/loan-previews", {"terms": asked}))["rows"]
    assert [row["interest"] for row in rows[2:4]] == [naira("12000.00"), naira("9000.00")]
    assert [row["principal"] for row in rows[1:3]] == [naira("0.00"), naira("300000.00")]
    assert rows[-1]["interest"] == naira("1500.00")  # of 300,000.00 at half the rate

    told(officer.post("/loans", new_loan("N/8", terms=asked)), 201)
    kept = told(officer.get("/loans/N/8"))["terms"]
    assert kept["principal_cycle"] == quarterly
    assert kept["rate"]["steps"] == steps


@pytest.mark.usefixtures("books")
def test_terms_on_demand_from_a_leap_day_are_tried_out_for_a_year(caller_of: Callers) -> None:
    asked = terms(
        schedule_kind="on_demand",
        signed_on="2024-02-29",
        interest_from="2024-02-29",
        first_due_date="2024-03-29",
        maturity_date=None,
    )
    plan = told(caller_of("loan_officer").post("/loan-previews", {"terms": asked}))
    assert len(plan["rows"]) == 12
    assert plan["rows"][0]["interest"] == naira("12000.00")
    assert plan["yearly_cost"] is None


def test_a_loan_is_opened_and_told_at_any_date(
    caller_of: Callers, new_loan: Callable[..., dict[str, Any]]
) -> None:
    officer = caller_of("loan_officer")
    penalty = {"tiers": [{"from_day": 1, "daily_rate": "0.001"}], "grace_days": 3}
    fee = {"fee_kind": "arrangement", "timing": "paid_at_drawdown", "rate": "0.01"}
    asked = terms(penalty=penalty, fees=[fee], instalment_multiple=naira("1.00"))
    body = new_loan("N/7 a", terms=asked, purpose="Trucks")
    assert told(officer.post("/loans", body), 201) == {"loan_number": "N/7 a"}

    answer = officer.get("/loans/N%2F7%20a?on=2026-02-01")
    page = told(answer)
    assert answer["ETag"]
    assert page["position"]["principal"] == naira("1200000.00")
    assert page["position"]["interest"] == naira("12000.00")
    assert page["position"]["fee"] == naira("12000.00")
    assert page["terms"]["penalty"]["tiers"] == [{"from_day": 1, "daily_rate": "0.001"}]
    assert page["terms"]["instalment_multiple"] == naira("1.00")
    assert (page["purpose"], page["recorded_by"], page["events"]) == ("Trucks", "loan_officer", 1)

    schedule = told(officer.get("/loans/N/7 a/schedule"))
    assert len(schedule["items"]) == 12
    assert schedule["items"][0]["due_date"] == "2026-02-01"


@pytest.mark.usefixtures("loans")
def test_a_repayment_is_previewed_recorded_told_and_reversed(caller_of: Callers) -> None:
    # Nothing was paid: 1 February 100,000 + 12,000, 1 March 100,000 + 12,000, all on 1,200,000.
    manager = caller_of("manager")
    body = {"amount": naira("224000.00"), "value_date": "2026-03-10"}
    change = told(manager.post("/loans/L/1/repayments/preview", body))
    assert change["before"]["principal"] == naira("1200000.00")
    assert change["after"]["principal"] == naira("1000000.00")
    assert change["after"]["days_past_due"] == 0
    assert told(manager.get("/loans/L/1"))["position"]["principal"] == naira("1200000.00")

    recorded = told(manager.post("/loans/L/1/repayments", body), 201)
    assert recorded == {"loan_number": "L/1", "event_number": 2, "value_date": "2026-03-10"}
    entries = told(manager.get("/loans/L/1/entries?limit=1"))["items"]
    booked = {line["account"]: line["amount"] for line in entries[0]["lines"]}
    assert booked["cash"] == naira("224000.00")
    assert told(manager.get(f"/entries/{entries[0]['number']}")) == entries[0]

    reversal = {"event_number": 2, "reason": "entered_twice", "value_date": "2026-03-10"}
    told(manager.post("/loans/L/1/reversals/preview", reversal))
    told(manager.post("/loans/L/1/reversals", reversal), 201)
    events = told(manager.get("/loans/L/1/events"))["items"]
    assert [(row["kind"], row["is_reversed"]) for row in events] == [
        ("drawn", False),
        ("received", True),
        ("reversed", False),
    ]
    assert events[2]["details"] == {"reverses": "2", "reason": "entered_twice"}
    assert told(manager.get("/loans/L/1"))["position"]["principal"] == naira("1200000.00")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("drawdowns", {"amount": naira("200000.00")}),
        ("rates", {"nominal_rate": "0.15"}),
        ("charges", {"component": "fee", "amount": naira("500.00"), "charge_kind": "letter"}),
        ("waivers", {"component": "interest", "amount": naira("1000.00")}),
        ("write-offs", {}),
        ("refunds", {"amount": naira("1.00")}),
        ("amendments", {"terms": terms(rate={"fixed": "0.10"}), "is_restructuring": True}),
    ],
)
def test_each_fact_is_previewed_and_recorded(
    caller_of: Callers, new_loan: Callable[..., dict[str, Any]], path: str, body: dict[str, Any]
) -> None:
    manager = caller_of("manager")
    told(manager.post("/loans", new_loan("L/9", drawn_on=None)), 201)
    drawn = {"amount": naira("1000000.00"), "value_date": "2026-01-01"}
    told(manager.post("/loans/L/9/drawdowns", drawn), 201)
    if path == "refunds":
        paid = {"amount": naira("900000.00"), "value_date": "2026-03-10", "surplus": "hold"}
        told(manager.post("/loans/L/9/repayments", paid), 201)
    body = body | {"value_date": "2026-03-10"}
    before = told(manager.get("/loans/L/9/events"))["items"]
    told(manager.post(f"/loans/L/9/{path}/preview", body))
    assert told(manager.get("/loans/L/9/events"))["items"] == before
    told(manager.post(f"/loans/L/9/{path}", body), 201)
    assert len(told(manager.get("/loans/L/9/events"))["items"]) == len(before) + 1


@pytest.mark.usefixtures("books")
def test_a_party_is_added_once_found_and_told(caller_of: Callers) -> None:
    officer = caller_of("loan_officer")
    body = {
        "name": "Adùnní Stores",
        "kind": "organisation",
        "country": "NG",
        "identifiers": [{"scheme": "RC", "number": "12345"}],
    }
    added = told(officer.post("/parties", body), 201)
    assert added["identifiers"] == [{"scheme": "RC", "number": "12345"}]
    assert not added["belongs_to_entity"]
    again = told(officer.post("/parties", body), 201)  # another key: the same party
    assert again == added
    assert told(officer.get(f"/parties/{added['pk']}")) == added
    (found,) = told(officer.get("/parties?text=ADUNNI"))["items"]
    assert found["pk"] == added["pk"]


@pytest.mark.usefixtures("books")
def test_exchange_rates_are_recorded_confirmed_and_told(caller_of: Callers) -> None:
    accountant, manager = caller_of("accountant"), caller_of("manager")
    rate = {
        "base": "USD",
        "quote": "NGN",
        "kind": "official",
        "source": "CBN",
        "valid_on": "2026-03-01",
        "rate": "1500.25",
    }
    done = told(accountant.post("/exchange-rates", {"rates": [rate]}), 201)
    assert (done["recorded"], done["jumps"]) == (1, [])
    far_off = rate | {"valid_on": "2026-03-02", "rate": "15002.5"}
    done = told(accountant.post("/exchange-rates", {"rates": [far_off]}), 201)
    assert done["jumps"][0]["awaits_confirmation"] is True
    (waiting,) = told(accountant.get("/exchange-rates/waiting"))["items"]
    assert accountant.post(f"/exchange-rates/{waiting['pk']}/confirmation").status_code == 409
    assert manager.post(f"/exchange-rates/{waiting['pk']}/confirmation").status_code == 204
    (latest,) = told(accountant.get("/exchange-rates"))["items"]
    assert (latest["rate"], latest["awaits_confirmation"]) == ("15002.5", False)
    (earlier,) = told(accountant.get("/exchange-rates?currency=USD&on=2026-03-01"))["items"]
    assert earlier["rate"] == "1500.25"
    history = told(accountant.get(f"/exchange-series/{latest['series_pk']}/rates"))["items"]
    assert [row["rate"] for row in history] == ["15002.5", "1500.25"]


def test_a_fixing_is_recorded_and_the_loans_that_follow_it_are_worked_out_again(
    caller_of: Callers, new_loan: Callable[..., dict[str, Any]]
) -> None:
    # 30E/360: January costs 1,200,000 x 12 % / 12 = 12,000; at 18 % it would be 18,000.
    manager = caller_of("manager")
    body = {"series": "NTB", "source": "CBN"}
    first = body | {"fixings": [{"valid_on": "2025-12-31", "rate": "0.10"}]}
    told(manager.post("/fixings", first), 201)
    floating = terms(rate={"reference": "NTB", "margin": "0.02", "effect": "same_day"})
    told(manager.post("/loans", new_loan("F-1", terms=floating)), 201)
    at = "/loans/F-1?on=2026-02-01"
    assert told(manager.get(at))["position"]["interest"] == naira("12000.00")
    later = body | {"fixings": [{"valid_on": "2026-01-01", "rate": "0.16"}]}
    assert told(manager.post("/fixings", later), 201)["loans"] == 1
    assert told(manager.get(at))["position"]["interest"] == naira("18000.00")
    assert [row["code"] for row in told(manager.get("/reference-series"))["items"]] == ["NTB"]
    history = told(manager.get("/fixings?series=NTB"))["items"]
    assert [row["rate"] for row in history] == ["0.16", "0.10"]
    assert told(manager.get("/fixings/latest?on=2025-12-31"))["items"][0]["rate"] == "0.10"


def test_calendars_tell_their_days_off(caller_of: Callers, acts: Callable[..., Any]) -> None:
    from gbese.apps.rates.services import seed_calendar

    seed_calendar(code="NG", years=[2026], act=acts())
    cashier = caller_of("cashier")
    assert told(cashier.get("/calendars"))["items"] == ["NG"]
    calendar = told(cashier.get("/calendars/NG"))
    assert calendar["weekend"] == [6, 7]
    assert {"day": "2026-10-01", "name": "National Day"} in calendar["holidays"]


PORTFOLIO = (
    "Loan number,Side,Lender,Currency,Amount,Signed,First due,Maturity,Frequency,Schedule,Rate,"
    "Day count,Drawn on\n"
    "B-1,borrower,Kano Bank,NGN,120000.00,2026-01-15,2026-02-15,2027-01-15,monthly,annuity,24,"
    "30/360,2026-01-15\n"
    "B-2,borrower,Kano Bank,NGN,many,2026-01-15,2026-02-15,2027-01-15,monthly,annuity,24,30/360,"
    "2026-01-15\n"
)


@pytest.mark.usefixtures("books")
def test_a_file_is_tried_carried_out_and_taken_back(caller_of: Callers) -> None:
    accountant = caller_of("accountant")
    run = told(accountant.send("/imports", PORTFOLIO.encode()), 201)
    assert (run["state"], run["counts"]["loans"], run["counts"]["faults"]) == ("planned", 1, 1)
    (fault,) = told(accountant.get(f"/imports/{run['run']}/rows?kind=fault"))["items"]
    assert (fault["line"], fault["text"]) == (3, "many")
    assert fault["reason"]
    assert told(accountant.get("/loans"))["items"] == []

    refused = told(accountant.post(f"/imports/{run['run']}/commit", {}), 409)
    assert refused["code"] == "import_has_faults"
    done = told(accountant.post(f"/imports/{run['run']}/commit", {"skip_faulty": True}))
    assert (done["state"], done["progress"]["stage"]) == ("committed", "done")
    assert told(accountant.get("/loans"))["items"][0]["loan_number"] == "B-1"
    again = told(accountant.send("/imports", PORTFOLIO.encode()), 409)
    assert again["code"] == "already_imported"

    undone = told(accountant.post(f"/imports/{run['run']}/undo"))
    assert undone == {"run": run["run"], "removed": 1, "put_back": 0}
    assert told(accountant.get(f"/imports/{run['run']}"))["state"] == "undone"
    assert [row["run"] for row in told(accountant.get("/imports"))["items"]] == [run["run"]]
    assert any(row["is_shipped"] for row in told(accountant.get("/import-mappings"))["items"])


@pytest.mark.usefixtures("loans")
def test_books_are_read_closed_and_verified(caller_of: Callers) -> None:
    accountant = caller_of("accountant")
    assert told(accountant.get("/books"))["open_day"] == "2026-03-10"
    assert {"key": "cash"}.items() <= told(accountant.get("/accounts"))["items"][0].items()
    balance = told(accountant.get("/trial-balance"))
    assert balance["is_balanced"] is True
    day_book = told(accountant.get("/day-book?on=2026-03-09"))["items"]  # the last sealed day
    assert {row["loan_number"] for row in day_book} == {"L/1", "L/2"}
    head = told(accountant.get("/journal-head"))
    assert head["number"] >= day_book[-1]["number"]

    close = told(accountant.post("/day-closes", {"day": "2026-03-11"}), 201)
    assert (close["id"], close["state"], close["counts"]["loans"]) == ("2026-03-11", "done", 2)
    assert told(accountant.get("/books"))["open_day"] == "2026-03-12"
    assert told(accountant.get("/day-closes/2026-03-11")) == close
    assert len(told(accountant.get("/day-closes"))["items"]) == 2
    assert told(accountant.get("/verification"))["status"] == "clean"

    period = told(accountant.post("/fiscal-periods/2026-01/close"))
    assert (period["period"], period["is_closed"]) == ("2026-01", True)
    assert told(accountant.get("/fiscal-periods"))["items"][-1] == period
    reopened = accountant.post("/fiscal-periods/2026-01/reopening", {"reason": "A late invoice"})
    assert told(reopened)["is_closed"] is False


@pytest.mark.usefixtures("books")
def test_the_end_of_the_day_is_changed_by_who_has_read_it(caller_of: Callers) -> None:
    administrator = caller_of("administrator")
    answer = administrator.get("/books")
    assert told(answer)["time_zone"] == "Africa/Lagos"
    etag = answer["ETag"]
    assert administrator.patch("/books", {"time_zone": "UTC"}).status_code == 428
    changed = administrator.patch("/books", {"time_zone": "UTC"}, **{"If-Match": etag})
    assert told(changed)["time_zone"] == "UTC"
    stale = administrator.patch("/books", {"cut_off_hour": 2}, **{"If-Match": etag})
    assert told(stale, 412)["code"] == "etag_differs"


@pytest.mark.usefixtures("loans")
def test_debts_are_divided_by_term_and_laid_out_in_time(caller_of: Callers) -> None:
    # On 10 March 200,000.00 is overdue, and the rest falls due within twelve months.
    officer = caller_of("loan_officer")
    debt = told(officer.get("/debt-by-term?side=borrower&policy=reporting_date"))
    (row,) = debt["rows"]
    assert row["overdue_principal"] == naira("200000.00")
    assert row["short_term"] == naira("1000000.00")
    ladder = told(officer.get("/maturity-ladder?side=lender&end=2026-04-01&end=2026-06-30"))
    amounts = [band["amount"]["amount"] for band in ladder["currencies"]["NGN"]]
    assert amounts == ["100000.00", "200000.00", "700000.00"]


def test_people_are_let_in_changed_and_kept_out(caller_of: Callers) -> None:
    administrator = caller_of("administrator")
    body = {"login": "ngozi", "full_name": "Ngozi Eze", "role": "cashier"}
    made = told(administrator.post("/users", body), 201)
    assert (made["login"], made["has_password"]) == ("ngozi", False)
    answer = administrator.get("/users/ngozi")
    match = {"If-Match": answer["ETag"]}
    changed = told(administrator.patch("/users/ngozi", {"role": "auditor"}, **match))
    assert changed["role"] == "auditor"
    assert told(administrator.patch("/users/ngozi", {"is_active": False}, **match), 412)
    link = told(administrator.post("/users/ngozi/sign-in-links"), 201)
    assert "/sign-in/" in link["address"]
    logins = [row["login"] for row in told(administrator.get("/users"))["items"]]
    assert logins == ["administrator", "ngozi"]


def test_a_token_is_shown_once_and_ended(caller_of: Callers) -> None:
    manager = caller_of("manager")
    made = told(manager.post("/tokens", {"name": "till", "role": "cashier"}), 201)
    program = type(manager)(made["token"], "manager")
    assert told(program.get("/me"))["role"] == "cashier"
    listed = told(manager.get("/tokens"))["items"]
    assert made["token"] not in json.dumps(listed)
    # A token of a lesser role makes none of a greater one, though its owner could.
    refused = told(program.post("/tokens", {"name": "more", "role": "manager"}), 422)
    assert refused["code"] == "role_above_own"
    assert manager.delete(f"/tokens/{made['pk']}").status_code == 204
    assert program.get("/me").status_code == 401


@pytest.mark.usefixtures("loans")
def test_the_audit_trail_is_read_from_its_newest_record(caller_of: Callers) -> None:
    auditor = caller_of("auditor")
    head = told(auditor.get("/audit-head"))
    page = told(auditor.get("/audit-records?limit=2"))
    assert page["items"][0]["record_hash"] == head["record_hash"]
    older = told(auditor.get(f"/audit-records?limit=1&before_number={page['next_before']}"))
    assert older["items"][0]["number"] == page["next_before"] - 1
    (opened,) = told(auditor.get("/audit-records?subject=loan:L/1"))["items"]
    assert (opened["what"], opened["channel"]) == ("loan.opened", "api")


@pytest.mark.usefixtures("loans")
def test_a_change_of_method_is_shown_and_takes_two_people(
    caller_of: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program of tomorrow counts the days of these loans otherwise."""
    accountant, manager = caller_of("accountant"), caller_of("manager")
    told_nothing = told(accountant.get("/method-preview"))
    assert (told_nothing["loans"], told_nothing["items"]) == (0, [])
    refused = accountant.post("/method-changes", {"reason": "Days"})
    assert (refused.status_code, refused.json()["code"]) == (409, "method_changes_nothing")

    monkeypatch.setattr(renewal, "project", counting_all_days)
    shown = told(accountant.get("/method-preview?limit=1"))
    assert (shown["loans"], len(shown["items"]), shown["next_offset"]) == (2, 1, 1)
    proposed = told(accountant.post("/method-changes", {"reason": "Days"}), 201)
    address = f"/method-changes/{proposed['number']}/approval"
    assert accountant.post(address, {}).json()["code"] == "approved_by_proposer"
    assert caller_of("cashier").post(address, {}).status_code == 403
    approved = told(manager.post(address, {}))
    assert (approved["approved_by"], approved["booked_loans"]) == ("manager", 2)
    assert told(manager.get("/method-changes"))["items"] == [approved]


def counting_all_days(facts: LoanFacts) -> Projection:
    terms = replace(facts.terms, day_count=DayCount.ACT_365F)
    return project(replace(facts, terms=terms))


@pytest.mark.usefixtures("loans")
def test_a_figure_is_told_with_its_derivation(caller_of: Callers) -> None:
    cashier = caller_of("cashier")
    answer = told(cashier.get("/loans/L/1/why?figure=principal&on=2026-02-28"))
    assert (answer["currency"], answer["on"], answer["re_adds"]) == ("NGN", "2026-02-28", True)
    step = answer["derivation"]
    assert (step["name"], step["figure"], step["formula"]) == ("owed", "120000000", "less")
    (drawn,) = step["parts"][0]["parts"][0]["parts"]
    assert drawn["fact"] == {"kind": "event", "key": "1", "version": 0}
    assert cashier.get("/loans/L/1/why?figure=luck").status_code == 422
