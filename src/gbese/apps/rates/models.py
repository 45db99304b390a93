"""Rows of exchange rates, reference rates and holidays; append-only, the newest version counts.

A correction is a row with the next `version` of the same series and day; a withdrawal is one whose
`is_withdrawn` is true. Rows of one act share a batch, which tells who recorded them and when, so a
reader can ask what was known at any time.
"""

from __future__ import annotations

from django.db import models


class RateBatch(models.Model):
    """One act of recording: who, when, from where."""

    request_id = models.UUIDField()
    what = models.CharField(max_length=24)
    login = models.CharField(max_length=150)
    channel = models.CharField(max_length=16)
    recorded_at = models.DateTimeField()
    note = models.CharField(max_length=200)  # the file or form the rows come from
    recorded = models.PositiveIntegerField()
    recognised = models.PositiveIntegerField()
    corrected = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_id", "what"], name="rates_batch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.request_id}"


class ExchangeSeries(models.Model):
    """The rates of one pair, of one kind, by one source: units of `quote` for units of `base`."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    kind = models.CharField(max_length=16)
    source = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "kind", "source"], name="rates_exchange_series_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.kind} {self.source}"


class ExchangeRate(models.Model):
    """`rate` units of the series' quote for `quantity` units of its base, valid on a day."""

    series = models.ForeignKey(ExchangeSeries, on_delete=models.PROTECT)
    valid_on = models.DateField()
    version = models.PositiveSmallIntegerField()
    rate = models.CharField(max_length=40)  # exact decimal text, as published
    quantity = models.PositiveIntegerField()
    awaits_confirmation = models.BooleanField()
    is_withdrawn = models.BooleanField()
    batch = models.ForeignKey(RateBatch, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "valid_on", "version"], name="rates_exchange_rate_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.valid_on} {self.rate}"


class RateConfirmation(models.Model):
    """A second person stands behind a rate that is far off the last one of its series."""

    exchange_rate = models.OneToOneField(ExchangeRate, on_delete=models.PROTECT)
    login = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.exchange_rate} {self.login}"


class ReferenceSeries(models.Model):
    """A published rate or index that contracts refer to, by its code."""

    code = models.CharField(max_length=32, unique=True)
    source = models.CharField(max_length=32)
    unit = models.CharField(max_length=16)
    max_age_days = models.PositiveIntegerField()  # how long a value may hold without a newer one

    def __str__(self) -> str:
        return self.code


class ReferenceRate(models.Model):
    """The value of a reference series on a day: a fraction of one a year, or an index level."""

    series = models.ForeignKey(ReferenceSeries, on_delete=models.PROTECT)
    valid_on = models.DateField()
    version = models.PositiveSmallIntegerField()
    rate = models.CharField(max_length=40)  # exact decimal text
    is_withdrawn = models.BooleanField()
    batch = models.ForeignKey(RateBatch, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "valid_on", "version"], name="rates_reference_rate_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.valid_on} {self.rate}"


class HolidayCalendar(models.Model):
    """Whose days off: a country, or a country's branch, and its weekend."""

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    weekend = models.CharField(max_length=7)  # ISO weekdays off: "67" is Saturday and Sunday

    def __str__(self) -> str:
        return self.code


class Holiday(models.Model):
    """A day off that is not a weekend of its calendar."""

    calendar = models.ForeignKey(HolidayCalendar, on_delete=models.PROTECT)
    day = models.DateField()
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    is_withdrawn = models.BooleanField()
    known_since = models.DateField(null=True)  # the business date of its recording; null is always
    batch = models.ForeignKey(RateBatch, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day", "version"], name="rates_holiday_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} {self.day} {self.name}"
