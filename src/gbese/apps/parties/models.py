"""The people and organisations that lend, borrow and guarantee."""

from __future__ import annotations

from django.db import models


class Party(models.Model):
    """A person or an organisation: a name, a country, and the numbers others know it by."""

    name = models.CharField(max_length=300)
    folded_name = models.CharField(max_length=400)  # for search: no case, no marks
    kind = models.CharField(max_length=20)  # a PartyKind
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2; empty is unknown
    belongs_to_entity = models.BooleanField(default=False)  # a branch, or another name of it
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["folded_name", "country", "kind"], name="parties_party_folded")
        ]

    def __str__(self) -> str:
        return self.name


class PartyIdentifier(models.Model):
    """A number that names a party in some register, or in a file it came from."""

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=60)
    number = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="parties_identifier_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"
