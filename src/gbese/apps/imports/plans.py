"""What an import would do: the plan that a dry run shows and a commit carries out.

A recipe turns tables into a plan and changes nothing. Its loans name their parties by a key of the
plan, so a plan can be made, shown and thrown away before anybody exists in the database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from gbese.apps.imports.statements import Statement
from gbese.apps.imports.tables import Place, Table
from gbese.apps.rates.services import NewExchangeRate, SeriesFixings
from gbese.core.contracts.terms import Side, Terms
from gbese.core.money import Currency, Money
from gbese.core.servicing.events import LoanEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedParty:
    """A person or an organisation that the loans of a plan name by `key`.

    An identifier is (scheme, number): the same pair is the same party in every import, whatever
    its name has become.
    """

    key: str
    name: str
    kind: str = "organisation"  # or "person"
    country: str = ""  # ISO 3166-1 alpha-2; empty is unknown
    identifiers: tuple[tuple[str, str], ...] = ()
    born_on: date | None = None  # of a person
    sex: str = ""  # of a person, where the source says: "female" or "male"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLoan:
    """A loan that would be opened, with the events that are its history up to now."""

    place: Place
    loan_number: str
    side: Side
    lender: str  # keys of parties
    borrower: str
    guarantor: str | None = None
    terms: Terms
    events: tuple[LoanEvent, ...] = ()
    purpose: str = ""
    product: str = ""
    agreement_number: str = ""
    external_status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterEvents:
    """Events that would be recorded on a loan that exists; their numbers are given at commit."""

    place: Place
    loan_number: str
    events: tuple[LoanEvent, ...]
    external_status: str = ""  # in the words of the source, from now on


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be taken, and why. `code` is stable; `column` is as the file spells it."""

    place: Place
    column: str
    text: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that is taken, and what a person should know of it."""

    place: Place
    subject: str  # mostly a loan's number
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not taken on purpose: it is no loan, a grant for instance."""

    place: Place
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """The sum of one column of amounts over all rows of a file, as a person can check it.

    `taken`, `left_out` and `faulty` are the parts of it; together they are the file's own sum.
    """

    file_name: str
    column: str
    currency: Currency
    taken: Money
    left_out: Money
    faulty: Money

    @property
    def whole(self) -> Money:
        return self.taken + self.left_out + self.faulty


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import would do. An empty `faults` is the condition of the commit."""

    recipe: str
    mapping: str = ""  # the name of the mapping it was read through
    parties: Sequence[PlannedParty] = ()
    loans: Sequence[PlannedLoan] = ()
    reopened: Sequence[PlannedLoan] = ()  # exist already; their history now begins earlier
    later_events: Sequence[LaterEvents] = ()
    statements: Sequence[tuple[Place, Statement]] = ()  # stocks a lender states
    exchange_rates: Sequence[NewExchangeRate] = ()
    fixings: Sequence[SeriesFixings] = ()
    unchanged: Sequence[tuple[Place, str]] = ()  # rows that say what is known already
    faults: Sequence[Fault] = ()
    findings: Sequence[Finding] = ()
    left_out: Sequence[LeftOut] = ()
    column_sums: Sequence[ColumnSum] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a recipe may know besides the tables.

    Attributes:
        side: whose books; None leaves it to the recipe.
        currency: the code a file counts in where it does not say.
        business_date: the open day; later days are the future.
        own_party: the firm itself, where a file does not name its own side.
        mapping: the name of a mapping, or empty for the one that fits.
        known_loans: numbers of the loans that exist.
        changed_loans: of those, the ones on which something else than an import was recorded.
        known_statements: of each loan with stated stocks, all of them, by date.
    """

    business_date: date
    own_party: PlannedParty | None = None
    side: Side | None = None
    currency: str = ""
    mapping: str = ""
    known_loans: Collection[str] = frozenset()
    changed_loans: Collection[str] = frozenset()
    known_statements: Mapping[str, Sequence[Statement]] = field(default_factory=dict)


class Recipe(Protocol):
    """How files of one source become a plan.

    A recipe that reads several files together (loans, clients, payments) looks at all tables; one
    that reads each file by itself looks at them one by one. Neither touches the database.
    """

    name: str  # stable: it is kept with the run

    def recognises(self, tables: Sequence[Table]) -> bool:
        """Whether these are the files this recipe reads, told by their headers."""
        ...

    def plan(self, tables: Sequence[Table], context: Context) -> Plan:
        """What importing them would do."""
        ...
