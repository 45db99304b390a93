"""Which posting of a published loan a step means."""

from __future__ import annotations

from datetime import date

from gbese.core.contracts.progressive import PaymentKind
from gbese.core.servicing.progressive.history import ProgressiveHistory
from gbese.core.servicing.progressive.postings import Posting, PostingKind
from tests.conformance.cases import Document, Unsupported

_LAST = {
    "last_repayment": (PostingKind.REPAYMENT, PostingKind.DOWN_PAYMENT),
    "last_disbursement": (PostingKind.DISBURSEMENT,),
}
_PAYMENTS = tuple(PostingKind(kind.value) for kind in PaymentKind)


def undone(history: ProgressiveHistory, step: Document, day: date) -> Posting:
    """The posting that a step takes back."""
    postings = [each for each in history.postings if not each.is_reverted]
    if step["what"] in _LAST:
        return [each for each in postings if each.kind in _LAST[step["what"]]][-1]
    that_day = [each for each in postings if each.day == day]
    if step["what"] == "any_of_that_date":
        found = that_day
    else:
        try:
            kind = PostingKind(step["what"])
        except ValueError:
            raise Unsupported(f"undo {step['what']}") from None
        every = [each for each in history.postings if each.day == day]
        found = [each for each in every if each.kind is kind]
    numbered = dict(enumerate(found, start=1))
    if int(step.get("nth", 1)) not in numbered and step["what"] != "any_of_that_date":
        every = [each for each in history.postings if each.kind is kind]
        numbered = dict(enumerate(every, start=1))
    if (nth := int(step.get("nth", 1))) not in numbered:
        raise Unsupported(f"undo {step['what']} {nth} of {len(found)}")
    return numbered[nth]


def payment_charged_back(history: ProgressiveHistory, step: Document) -> Posting:
    """The payment that a step takes back."""
    payments = [
        each for each in history.postings if each.kind in _PAYMENTS and not each.is_reverted
    ]
    if "nth" not in step:
        return payments[-1]
    of_kind = [each for each in payments if each.kind.value == step["of"]]
    return dict(enumerate(of_kind, start=1))[int(step["nth"])]
