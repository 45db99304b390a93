"""Rows of imports: runs, their files and rows, remembered mappings, and stated stocks."""

from __future__ import annotations

from django.db import models


class ImportRun(models.Model):
    """One import: planned, then committed or left; its number is its key."""

    class State(models.TextChoices):
        PLANNED = "planned"
        COMMITTED = "committed"
        UNDONE = "undone"

    state = models.CharField(max_length=10, choices=State.choices)
    recipe = models.CharField(max_length=60)
    mapping_name = models.CharField(max_length=100, blank=True)
    mapping_text = models.TextField(blank=True)  # of a mapping that is not shipped: YAML
    side = models.CharField(max_length=10, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    plan_sha256 = models.CharField(max_length=64)  # what was shown is what will be done
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=100)
    committed_at = models.DateTimeField(null=True)
    committed_by = models.CharField(max_length=100, blank=True)
    request_id = models.UUIDField(null=True, unique=True)
    skips_faulty = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="planned") | models.Q(committed_at__isnull=False),
                name="imports_run_committed_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportFile(models.Model):
    """A file of a run; its bytes are in the store under their SHA-256."""

    run = models.ForeignKey("imports.ImportRun", on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class RunRow(models.Model):
    """What becomes, or became, of one row of a file."""

    class Kind(models.TextChoices):
        LOAN = "loan"  # opens a loan
        REOPENED = "reopened"  # gives a loan an earlier beginning
        EVENTS = "events"  # later events of a loan that exists
        STATEMENT = "statement"  # stocks that are kept
        UNCHANGED = "unchanged"  # known already
        LEFT_OUT = "left_out"  # no loan
        FAULT = "fault"
        FINDING = "finding"

    run = models.ForeignKey("imports.ImportRun", on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=100, blank=True)
    line = models.IntegerField()
    subject = models.CharField(max_length=100, blank=True)  # mostly a loan's number
    column = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=200, blank=True)  # the offending text, cut
    code = models.CharField(max_length=60, blank=True)
    facts = models.TextField(blank=True)  # lines of name=fact, for the words at the edge

    class Meta:
        indexes = [
            models.Index(fields=["run", "kind", "id"], name="imports_row_kind"),
            models.Index(fields=["subject", "kind"], name="imports_row_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}:{self.line} {self.kind}"


class RunCount(models.Model):
    """How many things of a kind a run would make, or made."""

    run = models.ForeignKey("imports.ImportRun", on_delete=models.CASCADE, related_name="counts")
    what = models.CharField(max_length=30)
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"


class ColumnTotal(models.Model):
    """The sum of one column of amounts of a file, in minor units, by what became of its rows."""

    run = models.ForeignKey("imports.ImportRun", on_delete=models.CASCADE, related_name="totals")
    file_name = models.CharField(max_length=200)
    column = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    exponent = models.SmallIntegerField()
    taken = models.BigIntegerField()
    left_out = models.BigIntegerField()
    faulty = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.column}: {self.taken}"


class RememberedMapping(models.Model):
    """A mapping somebody made, offered again for files with the same headers."""

    name = models.CharField(max_length=100, unique=True)
    signature_sha256 = models.CharField(max_length=64, db_index=True)
    text = models.TextField()  # YAML, the same form as shipped ones
    remembered_at = models.DateTimeField()
    remembered_by = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class StatedBalance(models.Model):
    """A loan as its lender stated it at one date: a `Statement` and where it came from."""

    run = models.ForeignKey("imports.ImportRun", on_delete=models.PROTECT, related_name="stated")
    file_name = models.CharField(max_length=200)
    line = models.IntegerField()
    mapping_name = models.CharField(max_length=100)
    loan_number = models.CharField(max_length=100)
    stated_on = models.DateField()
    agreement_number = models.CharField(max_length=100)
    lender_code = models.CharField(max_length=20)
    borrower_key = models.CharField(max_length=120)
    borrower_name = models.CharField(max_length=300)
    guarantor_key = models.CharField(max_length=120, blank=True)
    guarantor_name = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    product = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    external_status = models.CharField(max_length=100, blank=True)
    nominal_rate = models.CharField(max_length=40, blank=True)  # exact decimal; empty is not stated
    currency = models.CharField(max_length=3)
    exponent = models.SmallIntegerField()
    contract_currency = models.CharField(max_length=3, blank=True)
    original = models.BigIntegerField()
    cancelled = models.BigIntegerField()
    undisbursed = models.BigIntegerField()
    drawn = models.BigIntegerField()
    repaid = models.BigIntegerField()
    sold = models.BigIntegerField()
    repaid_to_others = models.BigIntegerField()
    outstanding_historical = models.BigIntegerField()
    exchange_adjustment = models.BigIntegerField(null=True)
    outstanding = models.BigIntegerField()
    first_repayment_on = models.DateField(null=True)
    last_repayment_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    approved_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    drawable_until = models.DateField(null=True)
    last_drawn_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loan_number", "stated_on"], name="imports_stated_once_a_date"
            )
        ]
        indexes = [
            models.Index(fields=["lender_code", "stated_on"], name="imports_stated_lender_date")
        ]

    def __str__(self) -> str:
        return f"{self.loan_number} on {self.stated_on}"
