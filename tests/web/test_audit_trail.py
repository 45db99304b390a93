"""The audit trail as people read it: words, names, amounts with a currency, days, filters."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from gbese.apps.bookkeeping.services import set_up_entity
from gbese.apps.bookkeeping.services.set_up import BooksStart
from gbese.apps.identity import services as identity
from gbese.apps.identity.acts import Act
from gbese.apps.lending import services as lending
from gbese.apps.lending.documents import EVENT_KINDS
from gbese.apps.parties.services import find_or_add_party
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms
from gbese.core.money import Currency, Money
from gbese.core.servicing.events import Drawn
from gbese.interfaces.web.people import trail
from tests.houserules.rules import SOURCE

ClientOf = Callable[[str], Client]
Acts = Callable[..., Act]

NGN = Currency("NGN", 2)
LATE_ON_2_MARCH = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # half past midnight in Lagos


@pytest.fixture
def recorded(db: None, acts: Acts) -> None:
    """Books of Lagos; a loan drawn, and a repayment recorded in the night to 3 March."""
    set_up_entity(
        name="Ilé Ìṣura Ltd",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        act=acts(),
        start=BooksStart(books_from=date(2026, 1, 1), open_day=date(2026, 3, 2), chart="ng"),
    )
    identity.create_user(
        login="bisi", full_name="Bísí Òjó", role="accountant", language="en", act=acts()
    )
    us = find_or_add_party(name="Ilé Ìṣura Ltd", country="NG", kind="organisation", act=acts())
    bank = find_or_add_party(name="First Bank", country="NG", kind="organisation", act=acts())
    lent = Money(120_000_000, NGN)
    lending.open_loan(
        new=lending.NewLoan(
            loan_number="L/1",
            side=Side.BORROWER,
            lender=bank.pk,
            borrower=us.pk,
            terms=Terms(
                currency=NGN,
                principal=lent,
                signed_on=date(2026, 1, 1),
                interest_from=date(2026, 1, 1),
                first_due_date=date(2026, 2, 1),
                maturity_date=date(2027, 1, 1),
                frequency=Frequency(1, FrequencyUnit.MONTH),
                schedule_kind=ScheduleKind.LINEAR,
                rate=RateTerms(fixed=Decimal("0.12")),
                day_count=DayCount.THIRTY_E_360,
            ),
            events=(Drawn(number=1, value_date=date(2026, 1, 1), amount=lent),),
        ),
        act=acts(),
    )
    lending.record(
        loan_number="L/1",
        made=lending.repayment(received=Money(22_400_000, NGN), value_date=date(2026, 3, 2)),
        act=acts(login="bisi", recorded_at=LATE_ON_2_MARCH),
    )


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.usefixtures("recorded")
def test_a_repayment_is_told_with_its_loan_its_amounts_and_its_hour(client_of: ClientOf) -> None:
    """1,200,000.00 at 12 % by 30/360: with 224,000.00 paid on 2 March, 200,000.00 of principal,
    24,000.00 of two months' interest, and 1/30 of 12,000.00 is owed for the night to 2 March."""
    told = page(client_of("auditor"), "/audit?what=loan.received")
    for words in (
        "Repayment recorded",
        "Bísí Òjó",
        "224,000.00 NGN",
        "1,200,000.00 NGN",
        "1,000,000.00 NGN",
        "2 Mar 2026",
        "3 Mar 2026, 00:30",
        'href="/loan/L/1"',
    ):
        assert words in told, words
    assert "{" not in told[told.index("<tbody>") : told.index("</tbody>")]


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("query", "has", "lacks"),
    [
        ("login=bisi", "Repayment recorded", "Loan opened"),
        ("what=user.created", "Accountant", "Repayment recorded"),
        ("subject=L/1", "Loan opened", "Accountant"),
        ("subject=loan:L/1", "Repayment recorded", "Accountant"),
        ("subject=bisi", "Accountant", "Loan opened"),
        ("since=2026-03-03", "Repayment recorded", "Loan opened"),
        ("until=2026-03-02", "Loan opened", "Repayment recorded"),
    ],
)
def test_filters_are_kept_in_the_address(
    client_of: ClientOf, query: str, has: str, lacks: str
) -> None:
    client = client_of("auditor")
    told = page(client, f"/audit?{query}")
    rows = told[told.index("<tbody>") : told.index("</tbody>")]
    assert has in rows
    assert lacks not in rows
    assert f'href="/audit.csv?{query.replace(":", "%3A").replace("/", "%2F")}"' in told
    content = b"".join(client.get(f"/audit.csv?{query}").streaming_content)  # type: ignore[attr-defined]
    listed = content.decode("utf-8-sig")
    assert has in listed
    assert lacks not in listed


@pytest.mark.usefixtures("recorded")
def test_the_exported_trail_says_the_hour_of_the_books(client_of: ClientOf) -> None:
    assert client_of("cashier").get("/audit.csv").status_code == 403
    answer = client_of("auditor").get("/audit.csv?what=loan.received")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["When"] == "2026-03-03T00:30:00+01:00"
    assert (row["Who"], row["Through"], row["About"]) == ("Bísí Òjó", "page", "Loan L/1")
    assert "Amount: 224,000.00 NGN" in row["Values"]


@pytest.mark.usefixtures("recorded")
def test_a_trail_without_end_is_read_in_parts(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gbese.interfaces.web.people.views._RECORDS_SHOWN", 2)
    client = client_of("auditor")
    first = page(client, "/audit")
    assert "Repayment recorded" in first
    older = first.split('rel="next" href="')[1].split('"')[0]
    second = page(client, f"/audit{older}")
    assert "Repayment recorded" not in second[second.index("<tbody>") :]
    assert 'rel="prev"' in second


def test_everything_that_can_happen_has_words() -> None:
    told = {f"loan.{kind}" for kind in EVENT_KINDS} - {"loan.opened"}
    names = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called not in {"record_audit", "NewAudit", "AuditLine"}:
                continue
            for given in node.keywords:
                if given.arg == "what" and isinstance(given.value, ast.Constant):
                    told.add(str(given.value.value))
                if given.arg in {"before", "after"} and isinstance(given.value, ast.Dict):
                    names |= {
                        str(key.value) for key in given.value.keys if isinstance(key, ast.Constant)
                    }
    assert len(told) > 30
    assert sorted(told - trail.WHAT.keys()) == []
    assert sorted(names - trail.LABELS.keys() - {"document"}) == []
