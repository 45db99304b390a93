from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from gbese.apps.identity import locks
from gbese.apps.identity.acts import Act
from gbese.apps.identity.audit import Link, canonical
from gbese.apps.identity.errors import ClockRanBackwards
from gbese.apps.identity.models import AuditRecord

# Acts that wait for each other may be recorded in another order than they began, and clocks of two
# machines differ a little; more than this is a clock that was set back.
_CLOCK_TOLERANCE = timedelta(hours=1)


def record_audit(
    *, act: Act, what: str, subject: str, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """Append one record to the audit trail, in the transaction of the act itself.

    Args:
        act: who did it, when, through which door.
        what: the act as verb and noun, `repayment.recorded`.
        subject: the thing it was done to, as kind and name, `loan:KZ-0007`.
        before: old values by name; empty when nothing was there.
        after: new values by name. Never a password, a token or a key.

    Raises:
        ClockRanBackwards: the act is dated more than an hour before the last record.
    """
    head = locks.audit_head()
    recorded_at = act.recorded_at
    if head.recorded_at is not None and recorded_at < head.recorded_at:
        if head.recorded_at - recorded_at > _CLOCK_TOLERANCE and act.channel in {"web", "api"}:
            raise ClockRanBackwards(recorded_at=recorded_at, last_recorded_at=head.recorded_at)
        recorded_at = head.recorded_at
    link = Link(
        number=head.number + 1,
        recorded_at=recorded_at,
        login=act.login,
        request_id=act.request_id,
        channel=act.channel,
        what=what,
        subject=subject,
        before=canonical(before),
        after=canonical(after),
        previous_hash=head.record_hash,
    )
    record = AuditRecord.objects.create(
        number=link.number,
        recorded_at=link.recorded_at,
        login=link.login,
        request_id=link.request_id,
        channel=link.channel,
        what=link.what,
        subject=link.subject,
        before=link.before,
        after=link.after,
        previous_hash=link.previous_hash,
        record_hash=link.hash(),
    )
    head.number = record.number
    head.record_hash = record.record_hash
    head.recorded_at = record.recorded_at
    head.save(update_fields=["number", "record_hash", "recorded_at"])
