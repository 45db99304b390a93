"""Loans: what was agreed, what happened, and what follows from it.

`Loan`, `TermsVersion` and `LoanEvent` are facts. `ProjectionVersion` and `LoanReading` are derived
from them; a version that was booked is kept for ever, a reading can be thrown away.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Loan(models.Model):
    """One contract, on one side, between two parties."""

    number = models.CharField(max_length=60)
    side = models.CharField(max_length=10)  # a Side: whose books
    lender = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    borrower = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    guarantor = models.ForeignKey(
        "parties.Party", null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreement_number = models.CharField(max_length=60, blank=True)  # groups its tranches
    purpose = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=100, blank=True)
    external_status = models.CharField(max_length=60, blank=True)  # in the words of its source
    source = models.CharField(max_length=200)  # the act that opened it, as kind and name
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    request_id = models.UUIDField()
    removed_at = models.DateTimeField(null=True)  # its import was undone
    set_aside_from = models.DateField(null=True)  # the first day that is not booked
    set_aside_reason = models.CharField(max_length=200, blank=True)
    # What finds the loans that depend on a shared fact; taken from the terms in force.
    reference_series = models.CharField(max_length=40, blank=True)
    calendar_code = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(removed_at__isnull=True), name="lending_loan_number"
            )
        ]
        indexes = [
            models.Index(fields=["reference_series"], name="lending_loan_series"),
            models.Index(fields=["source"], name="lending_loan_source"),
        ]

    def __str__(self) -> str:
        return self.number


class TermsVersion(models.Model):
    """Terms as agreed, whole. Append-only.

    `event_number` is that of the amendment that brought them; null for terms as first agreed, of
    which the newest counts.
    """

    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveIntegerField()
    event_number = models.PositiveIntegerField(null=True)
    document = models.TextField()  # canonical, see documents.py
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="lending_terms_number")
        ]

    def __str__(self) -> str:
        return f"{self.loan} terms {self.number}"


class LoanEvent(models.Model):
    """Something that happened to a loan. Append-only; numbers of a loan have no gaps."""

    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    value_date = models.DateField()
    amount_minor = models.BigIntegerField(null=True)  # where the event has one amount
    document = models.TextField()  # the whole event, canonical
    reverses = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    request_id = models.UUIDField()
    channel = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="lending_event_number"),
            models.UniqueConstraint(
                fields=["loan", "reverses"],
                condition=Q(reverses__isnull=False),
                name="lending_reversed_once",
            ),
            models.UniqueConstraint(fields=["request_id"], name="lending_event_request"),
        ]

    def __str__(self) -> str:
        return f"{self.loan} event {self.number}"


class ProjectionVersion(models.Model):
    """What would happen to the loan, as it was known. Append-only; the highest number is in force.

    `cut_number` is the last cut when it was made; `event_number` the last event it knows.
    """

    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=20)
    event_number = models.PositiveIntegerField()
    cut_number = models.BigIntegerField()
    method = models.CharField(max_length=20)
    horizon = models.DateField(null=True)
    open_ended_until = models.DateField(null=True)
    block = models.BinaryField()  # packed rows, see blocks.py
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="lending_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.loan} version {self.number}"


class MethodChange(models.Model):
    """What a new version of the program moves in loans, put forward by one person.

    It waits until another one approves it; without `approved_at` nothing has been booked.
    """

    method = models.CharField(max_length=20)
    open_day = models.DateField()  # the entries shown are those of this day
    reason = models.CharField(max_length=500)
    loans = models.PositiveIntegerField()
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=100)
    request_id = models.UUIDField(unique=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=100, blank=True)
    booked_loans = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("proposed_by")),
                name="lending_method_change_two_people",
            )
        ]

    def __str__(self) -> str:
        return f"method {self.method} proposed by {self.proposed_by}"


class MethodChangeLoan(models.Model):
    """A loan of a proposed change: its version in force then, and what it would become."""

    change = models.ForeignKey(
        "lending.MethodChange", on_delete=models.PROTECT, related_name="moved"
    )
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="+")
    version_number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "loan"], name="lending_method_change_loan")
        ]

    def __str__(self) -> str:
        return f"{self.change} of {self.loan}"


class LoanReading(models.Model):
    """What lists show of a loan on the open day. Derived: rebuilt from the version in force.

    It holds from `read_on` until the day before `changes_on` if nothing is recorded.
    """

    loan = models.OneToOneField("lending.Loan", on_delete=models.CASCADE, primary_key=True)
    version = models.ForeignKey("lending.ProjectionVersion", on_delete=models.PROTECT)
    read_on = models.DateField()
    changes_on = models.DateField(null=True, db_index=True)
    number = models.CharField(max_length=60)
    side = models.CharField(max_length=10)
    lender_id = models.BigIntegerField(db_index=True)
    borrower_id = models.BigIntegerField(db_index=True)
    folded_text = models.CharField(max_length=1500)  # number and names, without case and marks
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20)
    trouble_rank = models.PositiveSmallIntegerField()
    oldest_unpaid = models.DateField(null=True)
    has_penalties = models.BooleanField()
    is_restructured = models.BooleanField()
    is_by_statement = models.BooleanField()
    has_assumptions = models.BooleanField()
    term_class = models.CharField(max_length=10)
    maturity_date = models.DateField(null=True)
    nominal_rate = models.CharField(max_length=30)  # an exact fraction; empty is unknown
    effective_rate = models.CharField(max_length=30)  # the same; empty is none that fits
    next_due_date = models.DateField(null=True)
    next_due_minor = models.BigIntegerField(null=True)
    outstanding_minor = models.BigIntegerField()
    overdue_minor = models.BigIntegerField()
    current_minor = models.BigIntegerField()  # principal due within twelve months, and overdue
    noncurrent_minor = models.BigIntegerField()
    undrawn_minor = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["trouble_rank", "oldest_unpaid", "number"], name="lending_reading_trouble"
            ),
            models.Index(fields=["number"], name="lending_reading_number"),
            # All that the totals of a list ask for: they read this alone, and not every row.
            models.Index(
                fields=[
                    "side",
                    "currency",
                    "status",
                    "term_class",
                    "outstanding_minor",
                    "overdue_minor",
                    "undrawn_minor",
                    "current_minor",
                    "noncurrent_minor",
                ],
                name="lending_reading_totals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} on {self.read_on}"
