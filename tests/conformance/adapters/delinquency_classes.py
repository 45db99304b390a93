"""Classes of delinquency alone: nothing is paid, and days are counted from the first due date."""

from __future__ import annotations

from datetime import date

from gbese.core.money import Currency, money_from_text
from gbese.core.status.delinquency import Bucket, OverdueAmount, bucket_of, delinquency
from tests.conformance.cases import Case, Document, difference


def run(case: Case) -> str | None:
    """The first difference from the source, if there is one."""
    terms = case.terms
    due = date.fromisoformat(terms["first_due"])
    owed = money_from_text(terms["principal"], Currency("INR", 2)).minor
    overdue = [OverdueAmount(due, owed)]
    buckets = [_bucket(row) for row in terms["classes"]]
    for step in case.steps:
        if "check" not in step:
            continue
        late = delinquency(overdue, (), on=date.fromisoformat(step["date"]), grace_days=0)
        bucket = bucket_of(late.days_past_due, buckets)
        found = (late.days_past_due, bucket.name if bucket else None)
        if told := difference(step["date"], (step["days_past_due"], step["class"]), found):
            return told
    return None


def _bucket(row: Document) -> Bucket:
    return Bucket(row["code"], row["from_day"], row["to_day"])
