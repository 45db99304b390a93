"""The state of a loan in the words of its source: information; nothing is worked out from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.lending.models import Loan

_ASKED_AT_ONCE = 900
_LONGEST = 60


@transaction.atomic
def take_external_statuses(*, statuses: Mapping[str, str], act: Act) -> int:
    """Take over what a source now calls the state of its loans, by number; how many changed."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for number, word in sorted(statuses.items()):
        by_word[word[:_LONGEST]].append(number)
    changed = 0
    for word, numbers in sorted(by_word.items()):
        for start in range(0, len(numbers), _ASKED_AT_ONCE):
            changed += (
                Loan.objects.filter(
                    number__in=numbers[start : start + _ASKED_AT_ONCE], removed_at__isnull=True
                )
                .exclude(external_status=word)
                .update(external_status=word)
            )
    if changed:
        record_audit(
            act=act,
            what="loans.external_status_taken",
            subject=f"act:{act.request_id}",
            before={},
            after={"loans": str(changed), "words": ", ".join(sorted(by_word))[:500]},
        )
    return changed
