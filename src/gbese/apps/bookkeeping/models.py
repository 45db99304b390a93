"""The books of an entity: its accounts, its days and fiscal periods, its entries."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Entity(models.Model):
    """Whose books these are."""

    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    base_currency = models.CharField(max_length=3)  # ISO 4217
    fiscal_year_start_month = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=64)  # IANA
    cut_off_hour = models.PositiveSmallIntegerField()  # local; 0 is midnight at the end of the day
    sides_kept = models.CharField(max_length=10)  # a SidesKept
    books_from = models.DateField()  # the first day of the books, a fiscal period's first

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """The code and name an entity gives to a part accounts play."""

    entity = models.ForeignKey("bookkeeping.Entity", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=20)  # an AccountKey
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "key"], name="bookkeeping_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class BookDay(models.Model):
    """The day an entity's books are open on. Every fact holds this row shared; the cut, alone."""

    entity = models.OneToOneField(
        "bookkeeping.Entity", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    open_day = models.DateField()
    cut_number = models.BigIntegerField()  # of the last cut; 0 before the first

    def __str__(self) -> str:
        return f"{self.open_day} after cut {self.cut_number}"


class DayCut(models.Model):
    """A day that was sealed. Append-only; numbers and days follow each other without a gap."""

    entity = models.ForeignKey("bookkeeping.Entity", on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    day = models.DateField()
    recorded_at = models.DateTimeField()
    login = models.CharField(max_length=100)
    request_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "number"], name="bookkeeping_cut_number"),
            models.UniqueConstraint(fields=["entity", "day"], name="bookkeeping_cut_day"),
        ]

    def __str__(self) -> str:
        return f"cut {self.number} of {self.day}"


class FiscalPeriodState(models.Model):
    """Whether a fiscal period takes entries; without a row it is open."""

    entity = models.ForeignKey("bookkeeping.Entity", on_delete=models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    is_closed = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "period_end"], name="bookkeeping_period_once")
        ]

    def __str__(self) -> str:
        return f"{self.period_end:%Y-%m} {'closed' if self.is_closed else 'open'}"


class BooksHead(models.Model):
    """The last entry of an entity's journal; it is held while the next ones are added."""

    entity = models.OneToOneField(
        "bookkeeping.Entity", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    number = models.BigIntegerField()
    entry_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"entry {self.number}"


class Entry(models.Model):
    """A journal entry. Append-only, without a gap in its numbers, chained by hashes."""

    entity = models.ForeignKey(
        "bookkeeping.Entity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.BigIntegerField()
    kind = models.CharField(max_length=20)  # an EntryKind
    value_date = models.DateField()
    posting_date = models.DateField()
    concerns_period = models.DateField()  # the last day of the fiscal period it concerns
    loan_number = models.CharField(max_length=100)  # empty in a summary of many loans
    source = models.CharField(max_length=200)  # the act behind it, as kind and name
    reverses = models.BigIntegerField(null=True)  # the number of the entry it turns round
    recorded_at = models.DateTimeField()  # never earlier than the entry before
    login = models.CharField(max_length=100)
    request_id = models.UUIDField()
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "number"], name="bookkeeping_entry_number"),
            models.UniqueConstraint(
                fields=["entity", "reverses"],
                condition=Q(reverses__isnull=False),
                name="bookkeeping_reversed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "posting_date"], name="bookkeeping_entry_day"),
            models.Index(fields=["loan_number", "number"], name="bookkeeping_entry_loan"),
        ]

    def __str__(self) -> str:
        return f"entry {self.number} of {self.posting_date}"


class EntryLine(models.Model):
    """One line of an entry; debit or credit is above zero, the other is zero. Append-only.

    It repeats the entry's number and posting date so that a balance is a sum over one table. The
    database does not check its entry: `verify` does.
    """

    entity = models.ForeignKey(
        "bookkeeping.Entity",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    entry_number = models.BigIntegerField()
    place = models.PositiveSmallIntegerField()  # 1, 2, 3 … in the entry
    posting_date = models.DateField()
    account_key = models.CharField(max_length=20)  # an AccountKey
    component = models.CharField(max_length=20)  # of the loan; empty where there is none
    currency = models.CharField(max_length=3)
    minor_digits = models.PositiveSmallIntegerField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "entry_number", "place"], name="bookkeeping_line_place"
            ),
            models.CheckConstraint(
                condition=Q(debit_minor__gt=0, credit_minor=0)
                | Q(debit_minor=0, credit_minor__gt=0),
                name="bookkeeping_line_one_side",
            ),
        ]
        indexes = [
            models.Index(
                fields=["entity", "account_key", "currency", "posting_date"],
                name="bookkeeping_line_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_key} {self.debit_minor - self.credit_minor} {self.currency}"


class Subledger(models.Model):
    """A small number for each contract, by which packed blocks name it. Append-only."""

    name = models.CharField(max_length=100, unique=True)  # the loan's number

    def __str__(self) -> str:
        return self.name


class EntryBlock(models.Model):
    """The exact amount of every loan behind a summary entry, packed. Append-only.

    Packed because an ordinary day moves every loan: numbers of contracts and amounts in minor
    units as columns of integers, compressed. The digest is in the entry's hash; the amounts add up
    to the line.
    """

    entity = models.ForeignKey(
        "bookkeeping.Entity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entry_number = models.BigIntegerField()
    place = models.PositiveSmallIntegerField()  # 1, 2, 3 … in the entry
    side = models.CharField(max_length=10)  # a Side
    term_class = models.CharField(max_length=10)  # a TermClass
    currency = models.CharField(max_length=3)
    minor_digits = models.PositiveSmallIntegerField()
    component = models.CharField(max_length=20)  # a Component; empty for cash itself
    cause = models.CharField(max_length=20)  # a Cause
    loans = models.PositiveIntegerField()  # how many
    amount_sum = models.BigIntegerField()  # minor units
    packed = models.BinaryField()
    digest = models.CharField(max_length=64)  # SHA-256 of `packed`

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "entry_number", "place"], name="bookkeeping_block_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.cause} of {self.loans} loans"
