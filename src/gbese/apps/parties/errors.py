"""The refusals of parties."""

from __future__ import annotations

from gbese.core.errors import Refusal


class PartyNameMissing(Refusal):
    """A party needs a name. Facts: none, or `row` in a list."""

    code = "party_name_missing"


class PartyNameTooLong(Refusal):
    """A name has at most 300 characters. Facts: `name`, `most`."""

    code = "party_name_too_long"


class PartyKindUnknown(Refusal):
    """A party is a person or an organisation. Facts: `kind`, `kinds`."""

    code = "party_kind_unknown"


class CountryMalformed(Refusal):
    """A country is two capital letters, ISO 3166-1, or not known. Facts: `country`."""

    code = "country_malformed"


class PartyUnknown(Refusal):
    """There is no such party. Facts: `party`."""

    code = "party_unknown"
