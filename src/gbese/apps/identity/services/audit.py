from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gbese.apps.identity import locks
from gbese.apps.identity.acts import Act
from gbese.apps.identity.audit import Link, canonical
from gbese.apps.identity.bulk_rows import add_rows
from gbese.apps.identity.errors import ClockRanBackwards
from gbese.apps.identity.models import AuditRecord

# Acts that wait for each other may be recorded in another order than they began, and clocks of two
# machines differ a little; more than this is a clock that was set back.
_CLOCK_TOLERANCE = timedelta(hours=1)
_COLUMNS = (
    "number", "recorded_at", "login", "request_id", "channel", "what", "subject", "before",
    "after", "previous_hash", "record_hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFact:
    """What one record of the audit trail tells.

    Args:
        what: the act as verb and noun, `repayment.recorded`.
        subject: the thing it was done to, as kind and name, `loan:KZ-0007`.
        before: old values by name; empty when nothing was there.
        after: new values by name. Never a password, a token or a key.
    """

    what: str
    subject: str
    before: Mapping[str, str]
    after: Mapping[str, str]


def record_audit(
    *, act: Act, what: str, subject: str, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """Append one record to the audit trail, in the transaction of the act itself.

    Raises:
        ClockRanBackwards: the act is dated more than an hour before the last record.
    """
    record_audits(
        act=act, facts=[AuditFact(what=what, subject=subject, before=before, after=after)]
    )


def record_audits(*, act: Act, facts: Sequence[AuditFact]) -> None:
    """Append the records of one act to the audit trail, in its transaction and in this order.

    Raises:
        ClockRanBackwards: the act is dated more than an hour before the last record.
    """
    if not facts:
        return
    head = locks.audit_head()
    recorded_at = act.recorded_at
    if head.recorded_at is not None and recorded_at < head.recorded_at:
        if head.recorded_at - recorded_at > _CLOCK_TOLERANCE and act.channel in {"web", "api"}:
            raise ClockRanBackwards(recorded_at=recorded_at, last_recorded_at=head.recorded_at)
        recorded_at = head.recorded_at
    rows: list[tuple[object, ...]] = []
    for fact in facts:
        link = Link(
            number=head.number + 1,
            recorded_at=recorded_at,
            login=act.login,
            request_id=act.request_id,
            channel=act.channel,
            what=fact.what,
            subject=fact.subject,
            before=canonical(fact.before),
            after=canonical(fact.after),
            previous_hash=head.record_hash,
        )
        head.number, head.record_hash = link.number, link.hash()
        rows.append(
            (
                link.number, link.recorded_at, link.login, link.request_id, link.channel, link.what,
                link.subject, link.before, link.after, link.previous_hash, head.record_hash,
            )
        )  # fmt: skip
    add_rows(AuditRecord, _COLUMNS, rows)
    head.recorded_at = recorded_at
    head.save(update_fields=["number", "record_hash", "recorded_at"])
