"""Facts through the database: what they book, what they refuse, and what a second call does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gbese.apps.bookkeeping import queries as books_queries
from gbese.apps.identity.acts import Act
from gbese.apps.lending import queries, services
from gbese.apps.lending.models import LoanEvent, LoanReading, ProjectionVersion
from gbese.core.contracts.terms import Side, Terms
from gbese.core.ledger import AccountKey, ValueDateAfterOpenDay
from gbese.core.money import Currency, CurrencyMismatch, Money
from gbese.core.servicing.events import Component, ReversalReason
from gbese.core.status.schedule import RowState
from gbese.core.status.trouble import LoanStatus
from tests.apps.lending.conftest import OPEN_DAY, SIGNED_ON, naira

# 24 % in 12 months on 120,000.00: A = P·i/(1 − v^12), i = 2 %. By hand: 11,347.15.
PAYMENT = "11347.15"
FIRST_INTEREST, FIRST_PRINCIPAL = "2400.00", "8947.15"


def draw(number: str, acts: Callable[..., Act]) -> services.Recorded:
    made = services.drawdown(amount=naira("120000.00"), value_date=SIGNED_ON)
    return services.record(loan_number=number, made=made, act=acts())


def ledger(number: str) -> dict[tuple[str, str], int]:
    totals = books_queries.ledger_totals(number)
    return {(key.value, component): minor for (key, component, _), minor in totals.items() if minor}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("side", "cash", "loan", "interest"),
    [
        (Side.LENDER, -12_000_000, AccountKey.LOANS_SHORT, AccountKey.INTEREST_RECEIVABLE),
        (Side.BORROWER, 12_000_000, AccountKey.BORROWINGS_SHORT, AccountKey.INTEREST_PAYABLE),
    ],
)
def test_a_drawdown_books_cash_against_the_loan_on_either_side(
    open_loan: Callable[..., str],
    acts: Callable[..., Act],
    side: Side,
    cash: int,
    loan: AccountKey,
    interest: AccountKey,
) -> None:
    number = open_loan("L-1", side=side)
    draw(number, acts)
    booked = {key: minor for (key, _), minor in ledger(number).items()}
    assert booked["cash"] == cash
    assert booked[loan.value] == -cash
    # 24 nights and a month: one whole period, and 22 of February-March's 28 nights by 9 March.
    assert interest.value in booked


@pytest.mark.django_db
def test_a_repayment_settles_interest_then_principal(
    open_loan: Callable[..., str], acts: Callable[..., Act]
) -> None:
    number = open_loan("L-1")
    draw(number, acts)
    made = services.repayment(received=naira(PAYMENT), value_date=date(2026, 2, 15))
    services.record(loan_number=number, made=made, act=acts())
    page = queries.loan_page(number, OPEN_DAY)
    first = page.schedule[0]
    assert first.interest == naira(FIRST_INTEREST)
    assert first.principal == naira(FIRST_PRINCIPAL)
    assert first.state is RowState.PAID
    assert page.position.outstanding == naira("111052.85")
    assert page.row.status is LoanStatus.DUE_SOON  # 15 March is five days off


@pytest.mark.django_db
def test_the_same_request_twice_records_once(
    open_loan: Callable[..., str], acts: Callable[..., Act], act: Act
) -> None:
    number = open_loan("L-1")
    draw(number, acts)
    made = services.repayment(received=naira("1000.00"), value_date=OPEN_DAY)
    first = services.record(loan_number=number, made=made, act=act)
    again = services.record(loan_number=number, made=made, act=act)
    assert (first.event_number, first.is_repeat) == (2, False)
    assert (again.event_number, again.is_repeat) == (2, True)
    assert LoanEvent.objects.filter(loan__number=number).count() == 2
    other = services.repayment(received=naira("1000.01"), value_date=OPEN_DAY)
    with pytest.raises(services.RequestReused):
        services.record(loan_number=number, made=other, act=act)


REFUSED = [
    (lambda: services.repayment(received=naira("1.00"), value_date=date(2026, 1, 14)), services.ValueDateBeforeDrawdown),
    (lambda: services.repayment(received=naira("1.00"), value_date=date(2026, 3, 11)), ValueDateAfterOpenDay),
    (lambda: services.repayment(received=naira("0.00"), value_date=OPEN_DAY), services.AmountNotPositive),
    (lambda: services.repayment(received=Money(1, Currency("KZT", 2)), value_date=OPEN_DAY), CurrencyMismatch),
    (lambda: services.drawdown(amount=naira("0.01"), value_date=OPEN_DAY), services.DrawdownAboveLimit),
    (lambda: services.waiver(component=Component.FEE, amount=naira("0.01"), value_date=OPEN_DAY), services.WaiverExceedsClaim),
    (lambda: services.refund(amount=naira("0.01"), value_date=OPEN_DAY), services.RefundExceedsUnallocated),
    (lambda: services.reversal(event_number=9, reason=ReversalReason.OTHER, value_date=OPEN_DAY), services.EventUnknown),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("made", "refusal"), REFUSED)
def test_what_is_refused_leaves_nothing_behind(
    open_loan: Callable[..., str],
    acts: Callable[..., Act],
    made: Callable[[], services.EventMaker],
    refusal: type[Exception],
) -> None:
    number = open_loan("L-1")
    draw(number, acts)
    before = (LoanEvent.objects.count(), ProjectionVersion.objects.count(), ledger(number))
    with pytest.raises(refusal):
        services.record(loan_number=number, made=made(), act=acts())
    assert (LoanEvent.objects.count(), ProjectionVersion.objects.count(), ledger(number)) == before


@pytest.mark.django_db
def test_a_reversal_restores_the_books_and_the_position(
    open_loan: Callable[..., str], acts: Callable[..., Act]
) -> None:
    number = open_loan("L-1")
    draw(number, acts)
    booked, page = ledger(number), queries.loan_page(number, OPEN_DAY)
    paid = services.record(
        loan_number=number,
        made=services.repayment(received=naira("50000.00"), value_date=date(2026, 2, 20)),
        act=acts(),
    )
    services.record(
        loan_number=number,
        made=services.reversal(
            event_number=paid.event_number, reason=ReversalReason.WRONG_LOAN, value_date=OPEN_DAY
        ),
        act=acts(),
    )
    assert ledger(number) == booked
    again = queries.loan_page(number, OPEN_DAY)
    assert again.position == page.position
    assert again.schedule == page.schedule
    assert [event.is_reversed for event in again.events] == [False, True, False]


@pytest.mark.django_db
def test_a_preview_is_what_recording_does_and_stores_nothing(
    open_loan: Callable[..., str], acts: Callable[..., Act]
) -> None:
    number = open_loan("L-1")
    draw(number, acts)
    made = services.repayment(received=naira("20000.00"), value_date=date(2026, 3, 1))
    events = LoanEvent.objects.count()
    foreseen = services.preview(loan_number=number, made=made)
    assert LoanEvent.objects.count() == events
    services.record(loan_number=number, made=made, act=acts())
    assert queries.loan_page(number, OPEN_DAY).position == foreseen.after


@pytest.mark.django_db
def test_what_is_derived_is_what_the_facts_give(
    open_loan: Callable[..., str], acts: Callable[..., Act]
) -> None:
    number = open_loan("L-1")
    draw(number, acts)
    services.record(
        loan_number=number,
        made=services.repayment(received=naira("5000.00"), value_date=date(2026, 2, 25)),
        act=acts(),
    )
    assert list(services.drifts()) == []
    LoanReading.objects.update(outstanding_minor=1)
    assert [drift.what for drift in services.drifts()] == ["reading"]
    services.rebuild(day=OPEN_DAY)
    assert list(services.drifts()) == []


@pytest.mark.django_db
def test_an_import_is_undone_while_nothing_is_built_upon_it(
    new_loan: Callable[..., services.NewLoan], acts: Callable[..., Act]
) -> None:
    from gbese.core.servicing.events import Drawn

    drawn = Drawn(number=0, value_date=SIGNED_ON, amount=naira("120000.00"))
    loans = [new_loan(f"L-{place}", events=(drawn,)) for place in range(3)]
    services.open_loans(loans=loans, act=acts(), source="import:1")
    assert queries.loan_totals(queries.LoanFilter())[0].loans == 3
    assert services.remove_imported(source="import:1", act=acts()) == 3
    assert queries.loan_totals(queries.LoanFilter()) == ()
    assert ledger("L-0") == {}
    services.open_loans(loans=loans, act=acts(), source="import:2")
    services.record(
        loan_number="L-1",
        made=services.repayment(received=naira("1.00"), value_date=OPEN_DAY),
        act=acts(recorded_at=acts().recorded_at.replace(hour=23)),
    )
    with pytest.raises(services.ImportBuiltUpon):
        services.remove_imported(source="import:2", act=acts())


@pytest.mark.django_db
def test_what_is_charged_by_hand_shares_the_ceiling_of_the_contract(
    open_loan: Callable[..., str], terms: Terms, acts: Callable[..., Act]
) -> None:
    """A tenth of 120,000.00 is 12,000.00; one night of 2,400.00 a month of 31 days costs 77.42."""
    number = open_loan("L-1", terms=replace(terms, charges_ceiling=Decimal("0.10")))
    draw(number, acts)

    next_day = SIGNED_ON + timedelta(days=1)

    def charged(component: Component, amount: str, on: date = next_day) -> None:
        made = services.charge(
            component=component, amount=naira(amount), charge_kind="", value_date=on
        )
        services.record(loan_number=number, made=made, act=acts())

    with pytest.raises(services.ChargeAboveCeiling) as refused:
        charged(Component.PENALTY, "11922.59")
    assert refused.value.facts["room"] == str(naira("11922.58"))
    charged(Component.PENALTY, "11922.58")
    with pytest.raises(services.ChargeAboveCeiling):
        charged(Component.INTEREST, "0.01")
    with pytest.raises(services.ChargeAboveCeiling):  # nor of a day before, when there was room
        charged(Component.PENALTY, "0.01", on=SIGNED_ON)
    charged(Component.FEE, "500.00")  # a fee is not under it
