"""A new version of the program: what it moves is shown, agreed on by two, and booked by itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.services import close_fiscal_period
from gbese.apps.closing import services as closing
from gbese.apps.identity import queries as identity
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import create_user
from gbese.apps.lending import services
from gbese.apps.lending.models import MethodChange, ProjectionVersion
from gbese.apps.lending.services import changing, drifting, renewal
from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.terms import Terms
from gbese.core.ledger import AccountKey
from gbese.core.money import Rounding
from gbese.core.projections import facts as core_facts
from gbese.core.projections import project as projecting
from gbese.core.projections.rows import Projection
from gbese.interfaces.cli import method
from gbese.interfaces.cli._errors import LoginMayNot
from tests.apps.lending.conftest import OPEN_DAY, SIGNED_ON, naira

pytestmark = pytest.mark.django_db

Acts = Callable[..., Act]
Upgrade = Callable[[], None]
OLD_METHOD, NEW_METHOD = core_facts.METHOD, "next"
END_OF_JANUARY = date(2026, 1, 31)
NEXT_MORNING = datetime(2026, 3, 11, 8, tzinfo=UTC)


@pytest.fixture
def lent(open_loan: Callable[..., str], terms: Terms, acts: Acts) -> Terms:
    """L-1: 120,000.00 at 24 % on ACT/365 from 15 January; nothing is paid, January is closed."""
    counted = replace(terms, day_count=DayCount.ACT_365F, penalty=None)
    drawn(open_loan("L-1", terms=counted), acts)
    close_fiscal_period(day=END_OF_JANUARY, act=acts())
    return counted


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    """The next version of the program: it rounds interest down, and calls its method otherwise."""

    def upgraded() -> None:
        for module in (projecting, changing, renewal, services.method_changes):
            monkeypatch.setattr(module, "METHOD", NEW_METHOD)
        for module in (changing, renewal, drifting):
            monkeypatch.setattr(module, "project", rounding_down)

    return upgraded


def rounding_down(facts: core_facts.LoanFacts) -> Projection:
    terms = replace(facts.terms, rounding=Rounding.DOWN)
    return projecting.project(replace(facts, terms=terms))


def drawn(number: str, acts: Acts) -> None:
    made = services.drawdown(amount=naira("120000.00"), value_date=SIGNED_ON)
    services.record(loan_number=number, made=made, act=acts())


def ledger(number: str) -> dict[tuple[str, str], int]:
    totals = books.ledger_totals(number)
    return {(key.value, component): minor for (key, component, _), minor in totals.items() if minor}


def causes(number: str) -> list[str]:
    versions = ProjectionVersion.objects.filter(loan__number=number).order_by("number")
    return list(versions.values_list("cause", flat=True))


def test_a_preview_shows_what_would_move_and_books_nothing(lent: Terms, upgrade: Upgrade) -> None:
    assert list(services.method_preview()) == []
    upgrade()
    before = ledger("L-1")
    [moved] = services.method_preview()
    assert (moved.loan_number, moved.stored_method, moved.on) == ("L-1", OLD_METHOD, OPEN_DAY)
    assert moved.moved == {
        place: minor for (_, place), minor in services.moved_in_all([moved]).items()
    }
    assert ledger("L-1") == before
    # 16 nights to the end of January: 120,000.00 x 0.24 x 16 / 365 = 1,262.4657..., a kobo less.
    [of_january] = [entry for entry in moved.entries if str(entry.concerns) == "2026-01"]
    assert of_january.posting_date == OPEN_DAY
    assert {(line.account, line.signed_minor) for line in of_january.lines} == {
        (AccountKey.INTEREST_RECEIVABLE, -1),
        (AccountKey.INTEREST_INCOME, 1),
    }


def test_a_change_that_two_people_agree_on_is_booked_by_itself(
    lent: Terms, upgrade: Upgrade, open_loan: Callable[..., str], acts: Acts
) -> None:
    upgrade()
    january = books.trial_balance(END_OF_JANUARY)
    stored = ProjectionVersion.objects.filter(loan__number="L-1").order_by("number").last()
    proposed = services.propose_method(reason="Rounding of 2026.2", act=acts(login="amina"))
    assert (proposed.loans, proposed.method, proposed.approved_by) == (1, NEW_METHOD, "")
    assert causes("L-1") == ["opened", "drawn"]
    with pytest.raises(services.ApprovedByProposer):
        services.approve_method(number=proposed.number, act=acts(login="amina"))
    approved = services.approve_method(number=proposed.number, act=acts(login="timur"))

    assert (approved.booked_loans, approved.approved_by) == (1, "timur")
    assert causes("L-1") == ["opened", "drawn", "method"]
    newest = ProjectionVersion.objects.filter(loan__number="L-1").order_by("number").last()
    assert stored is not None
    assert newest is not None
    assert (stored.method, newest.method) == (OLD_METHOD, NEW_METHOD)
    assert books.trial_balance(END_OF_JANUARY) == january
    # A loan of the same terms that was never computed otherwise has the same balances.
    drawn(open_loan("L-2", terms=replace(lent, rounding=Rounding.DOWN)), acts)
    assert ledger("L-1") == ledger("L-2")
    assert list(services.drifts()) == []
    audited = {record.what: record.login for record in identity.audit_records(limit=20)}
    assert audited["method.proposed"] == "amina"
    assert audited["method.approved"] == audited["loan.method"] == "timur"
    with pytest.raises(services.MethodChangeApproved):
        services.approve_method(number=proposed.number, act=acts(login="sade"))


def test_the_database_itself_asks_for_two_people(lent: Terms, upgrade: Upgrade, acts: Acts) -> None:
    upgrade()
    proposed = services.propose_method(reason="Rounding of 2026.2", act=acts(login="amina"))
    waiting = MethodChange.objects.filter(pk=proposed.number)
    with pytest.raises(IntegrityError), transaction.atomic():
        waiting.update(approved_by="amina")
    assert waiting.get().approved_by == ""


def test_a_fact_in_between_gets_its_own_entry_and_the_method_another(
    lent: Terms, upgrade: Upgrade, open_loan: Callable[..., str], acts: Acts
) -> None:
    drawn(open_loan("L-2", terms=lent), acts)
    upgrade()
    proposed = services.propose_method(reason="Rounding of 2026.2", act=acts(login="amina"))
    made = services.repayment(received=naira("5000.00"), value_date=OPEN_DAY - timedelta(days=9))
    foreseen = services.preview(loan_number="L-1", made=made)
    services.record(loan_number="L-1", made=made, act=acts())
    assert causes("L-1") == ["opened", "drawn", "method", "received"]
    booked = [entry for entry in books.entries_of("L-1") if entry.source.startswith("received:")]
    assert sorted(line for entry in booked for line in amounts(entry)) == sorted(
        line for entry in foreseen.entries for line in amounts(entry)
    )

    approved = services.approve_method(number=proposed.number, act=acts(login="timur"))
    assert (approved.loans, approved.booked_loans) == (2, 1)
    assert causes("L-1") == ["opened", "drawn", "method", "received"]
    assert causes("L-2") == ["opened", "drawn", "method"]
    assert list(services.drifts()) == []


def amounts(entry: object) -> list[tuple[str, int]]:
    return [(line.account.value, line.signed_minor) for line in entry.lines]  # type: ignore[attr-defined]


def test_what_was_shown_for_another_day_is_proposed_again(
    lent: Terms, upgrade: Upgrade, acts: Acts
) -> None:
    upgrade()
    proposed = services.propose_method(reason="Rounding of 2026.2", act=acts(login="amina"))
    closing.close_to(day=OPEN_DAY, act=acts(recorded_at=NEXT_MORNING), progress=lambda _: None)
    with pytest.raises(services.MethodChangeOutdated):
        services.approve_method(number=proposed.number, act=acts(login="timur"))
    assert causes("L-1") == ["opened", "drawn"]


def test_without_a_difference_or_a_reason_there_is_no_proposal(
    lent: Terms, upgrade: Upgrade, acts: Acts
) -> None:
    with pytest.raises(services.MethodChangesNothing):
        services.propose_method(reason="Nothing new", act=acts())
    upgrade()
    with pytest.raises(services.ReasonMissing):
        services.propose_method(reason=" ", act=acts())
    with pytest.raises(services.MethodChangeUnknown):
        services.approve_method(number=404, act=acts())
    assert not MethodChange.objects.exists()


def test_the_command_asks_for_two_people_with_the_right(
    lent: Terms, upgrade: Upgrade, acts: Acts, capsys: pytest.CaptureFixture[str]
) -> None:
    for login, role in (("amina", "accountant"), ("timur", "manager"), ("sade", "cashier")):
        create_user(login=login, full_name=login, role=role, act=acts())
    upgrade()

    def called(*words: str) -> str:
        parser = argparse.ArgumentParser()
        method.configure(parser)
        assert method.run(parser.parse_args(words)) == 0
        return capsys.readouterr().out

    told = called("preview")
    assert told.startswith(f"L-1 (method {OLD_METHOD})\n")
    assert f"  {OPEN_DAY} accrual credit Interest receivable 0.01\n" in told
    assert "\n1 loans differ.\n" in told
    with pytest.raises(LoginMayNot):
        called("propose", "--login", "sade", "--reason", "2026.2")
    assert "waits for another person" in called("propose", "--login", "amina", "--reason", "2026.2")
    [change] = MethodChange.objects.all()
    told = called("approve", str(change.pk), "--login", "timur")
    assert "approved by timur, 1 booked" in told
    assert called("list") == told
