"""The steps done for each day of the books, and their findings."""

from __future__ import annotations

from django.db import models


class StepDone(models.Model):
    """A step of a day's work. Append-only, and once for each day: that is what makes it safe."""

    entity = models.ForeignKey(
        "bookkeeping.Entity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    step = models.CharField(max_length=20)  # a ClosingStep
    cut_number = models.BigIntegerField()
    loans = models.PositiveIntegerField()  # how many it looked at
    entries = models.PositiveIntegerField()  # how many it booked
    findings = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    login = models.CharField(max_length=100)
    request_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "day", "step"], name="closing_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.day}"


class FindingRow(models.Model):
    """What a day's work found that a person should see. Append-only."""

    entity = models.ForeignKey(
        "bookkeeping.Entity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    step = models.CharField(max_length=20)
    code = models.CharField(max_length=60)  # of the refusal behind it
    subject = models.CharField(max_length=100)  # the loan's number
    facts = models.TextField()  # canonical text: names and values in order
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["entity", "day"], name="closing_finding_day")]

    def __str__(self) -> str:
        return f"{self.code} {self.subject} on {self.day}"
