from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from gbese.apps.identity import append_only, queries
from gbese.apps.identity.acts import Act
from gbese.apps.identity.audit import FIRST_HASH, Link, canonical, values_of
from gbese.apps.identity.errors import ClockRanBackwards
from gbese.apps.identity.models import AuditRecord
from gbese.apps.identity.services import record_audit

Acts = Callable[..., Act]
TABLE = "identity_auditrecord"


def three_records(acts: Acts) -> None:
    for name in ("a", "b", "c"):
        record_audit(
            act=acts(), what="thing.named", subject="thing:1", before={}, after={"name": name}
        )


def test_the_hash_is_what_anyone_can_work_out_with_sha256sum() -> None:
    link = Link(
        number=1,
        recorded_at=datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
        login="amina",
        request_id=UUID(int=7),
        channel="web",
        what="repayment.recorded",
        subject="loan:7",
        before="{}",
        after=canonical({"received": "₦45.00", "by": "Ọlá"}),
        previous_hash=FIRST_HASH,
    )
    written = (
        '["1","2026-01-15T09:30:00.000000+00:00","amina",'
        '"00000000-0000-0000-0000-000000000007","web","repayment.recorded","loan:7","{}",'
        '"{\\"by\\":\\"Ọlá\\",\\"received\\":\\"₦45.00\\"}","' + "0" * 64 + '"]'
    )

    assert link.hash() == hashlib.sha256(written.encode()).hexdigest()
    assert values_of(link.after) == {"by": "Ọlá", "received": "₦45.00"}


@pytest.mark.django_db
def test_records_are_numbered_and_linked(acts: Acts) -> None:
    assert queries.first_broken_record() is None
    three_records(acts)

    first, second, third = queries.audit_trail()

    assert [row.number for row in (first, second, third)] == [1, 2, 3]
    assert first.previous_hash == FIRST_HASH
    assert second.previous_hash == first.record_hash
    assert queries.audit_head() == queries.AuditHead(3, third.record_hash)
    assert queries.first_broken_record() is None
    assert [row.number for row in queries.audit_records(limit=2)] == [3, 2]
    assert [row.number for row in queries.audit_records(before_number=2, limit=None)] == [1]
    assert queries.audit_records(subject="thing:2", limit=None) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {t} SET login = 'nobody' WHERE number = 1",
        "DELETE FROM {t} WHERE number = 1",
    ],
)
def test_the_database_itself_refuses_to_change_a_record(acts: Acts, statement: str) -> None:
    three_records(acts)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(t=TABLE))

    assert queries.first_broken_record() is None


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_replacing_a_row_is_a_change_too(acts: Acts) -> None:
    three_records(acts)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tampering", "number", "code"),
    [
        ("UPDATE {t} SET after = '{{}}' WHERE number = 2", 2, "record_hash_differs"),
        ("DELETE FROM {t} WHERE number = 2", 2, "number_missing"),
        ("DELETE FROM {t} WHERE number = 3", 2, "head_differs"),
        ("UPDATE {t} SET previous_hash = record_hash WHERE number = 3", 3, "previous_hash_differs"),
    ],
)
def test_whoever_gets_round_the_triggers_breaks_the_chain(
    acts: Acts, tampering: str, number: int, code: str
) -> None:
    three_records(acts)
    with append_only.lifted(connection), connection.cursor() as cursor:
        cursor.execute(tampering.format(t=TABLE))

    assert queries.first_broken_record() == queries.BrokenRecord(number, code)
    assert TABLE in append_only.protected_tables(connection)


@pytest.mark.django_db
def test_recorded_at_never_decreases(acts: Acts) -> None:
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    for at in (noon, noon - timedelta(minutes=2), noon + timedelta(minutes=1)):
        record_audit(act=acts(recorded_at=at), what="x", subject="y", before={}, after={})

    assert [row.recorded_at for row in queries.audit_trail()] == [
        noon,
        noon,
        noon + timedelta(minutes=1),
    ]


@pytest.mark.django_db
def test_a_clock_set_back_stops_the_act(acts: Acts) -> None:
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    record_audit(act=acts(recorded_at=noon), what="x", subject="y", before={}, after={})

    with pytest.raises(ClockRanBackwards):
        record_audit(
            act=acts(recorded_at=noon - timedelta(days=1)),
            what="x",
            subject="y",
            before={},
            after={},
        )

    assert AuditRecord.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_record_outside_a_transaction_is_a_mistake_of_ours(acts: Acts) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        three_records(acts)
