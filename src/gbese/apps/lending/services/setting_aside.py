from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from gbese.apps.bookkeeping import queries as books
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.lending.models import Loan
from gbese.apps.lending.services.renewing import reread


@transaction.atomic
def set_loans_aside(*, reasons: Mapping[str, str], first_unbooked: date, act: Act) -> None:
    """Set loans aside that a day could not compute: they are not booked from that day on.

    A loan that is set aside already keeps its day.

    Args:
        reasons: the code of the refusal by loan number.
        first_unbooked: the day.
        act: who, when, in which request.
    """
    newly: list[str] = []
    for number, reason in sorted(reasons.items()):
        changed = Loan.objects.filter(
            number=number, removed_at__isnull=True, set_aside_from__isnull=True
        ).update(set_aside_from=first_unbooked, set_aside_reason=reason)
        if changed:
            newly.append(number)
            record_audit(
                act=act,
                what="loan.set_aside",
                subject=f"loan:{number}",
                before={},
                after={"from": first_unbooked.isoformat(), "reason": reason},
            )
    reread(newly, books.open_day().open_day)


@transaction.atomic
def take_loans_back(*, loan_numbers: Sequence[str], act: Act) -> None:
    """Take loans back that can be computed again, now that a day has booked what they missed."""
    for number in sorted(loan_numbers):
        loan = Loan.objects.filter(
            number=number, removed_at__isnull=True, set_aside_from__isnull=False
        ).first()
        if loan is None or loan.set_aside_from is None:
            continue
        before = {"from": loan.set_aside_from.isoformat(), "reason": loan.set_aside_reason}
        Loan.objects.filter(pk=loan.pk).update(set_aside_from=None, set_aside_reason="")
        record_audit(
            act=act, what="loan.taken_back", subject=f"loan:{number}", before=before, after={}
        )
    reread(loan_numbers, books.open_day().open_day)
