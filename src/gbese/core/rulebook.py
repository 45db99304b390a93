"""Rules of law and policy: figures that hold for a scope, each in force from a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from gbese.core.errors import Refusal


class RuleNotInForce(Refusal):
    """No approved version of the rule holds for the scope on the day."""

    code = "rule_not_in_force"


class RuleAmbiguous(Refusal):
    """Two scopes, equally narrow, cover the contract on the same day."""

    code = "rule_ambiguous"


class RuleVersionsOverlap(Refusal):
    """Two versions of one scope would be in force on the same day."""

    code = "rule_versions_overlap"


class RuleVersionEndsBeforeItStarts(Refusal):
    """A version must be in force for a day at least."""

    code = "rule_version_ends_before_it_starts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a rule covers, or what a contract is. Empty, or None, covers everything."""

    jurisdiction: str = ""
    product: str = ""
    borrower: str = ""
    is_secured: bool | None = None

    def covers(self, contract: Scope) -> bool:
        """Whether a contract of that scope falls under this one."""
        return (
            self.jurisdiction in {"", contract.jurisdiction}
            and self.product in {"", contract.product}
            and self.borrower in {"", contract.borrower}
            and self.is_secured in {None, contract.is_secured}
        )

    @property
    def narrowness(self) -> int:
        """How many of its parts are given; the narrower of two scopes goes first."""
        parts = (self.jurisdiction, self.product, self.borrower)
        return sum(map(bool, parts)) + (self.is_secured is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A figure in force from `valid_from` to `valid_to`, both days in; None is open.

    It counts once somebody has approved it. A contract keeps the version of the day it was signed
    on, unless a later one `applies_to_existing` contracts.
    """

    scope: Scope
    valid_from: date
    valid_to: date | None
    value: Decimal
    unit: str
    source: str
    entered_by: str
    approved_by: str
    applies_to_existing: bool = False

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise RuleVersionEndsBeforeItStarts(
                valid_from=self.valid_from, valid_to=self.valid_to, source=self.source
            )

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule by its name, in all its versions."""

    name: str
    versions: tuple[Version, ...]

    def __post_init__(self) -> None:
        for place, version in enumerate(self.versions):
            for other in self.versions[place + 1 :]:
                if version.scope == other.scope and _overlap(version, other):
                    raise RuleVersionsOverlap(
                        rule=self.name, scope=version.scope, day=_later_start(version, other)
                    )

    def within(self, scope: Scope) -> Rule:
        """The same rule for contracts of one scope: only what covers them."""
        covering = (version for version in self.versions if version.scope.covers(scope))
        return replace(self, versions=tuple(covering))

    def on(self, day: date) -> Version:
        """The version in force on the day; where several cover, the one of the narrowest scope.

        Raises:
            RuleNotInForce: none is, or none that is approved.
            RuleAmbiguous: two cover and neither is the narrower.
        """
        return self._narrowest(
            [version for version in self.versions if version.is_in_force(day)], day
        )

    def for_contract(self, *, signed_on: date, day: date) -> Version:
        """What binds on `day` a contract signed on `signed_on`.

        Raises:
            RuleNotInForce: none was in force when it was signed, and none reaches it since.
            RuleAmbiguous: two cover and neither is the narrower.
        """
        reaching = [
            version
            for version in self.versions
            if version.applies_to_existing and version.is_in_force(day) and version.approved_by
        ]
        return self._narrowest(reaching, day) if reaching else self.on(signed_on)

    def _narrowest(self, in_force: Sequence[Version], day: date) -> Version:
        approved = [version for version in in_force if version.approved_by]
        if not approved:
            raise RuleNotInForce(rule=self.name, day=day, awaiting_approval=len(in_force))
        narrowness = max(version.scope.narrowness for version in approved)
        narrowest = [version for version in approved if version.scope.narrowness == narrowness]
        if len(narrowest) > 1:
            scopes = tuple(version.scope for version in narrowest)
            raise RuleAmbiguous(rule=self.name, day=day, scopes=scopes)
        return narrowest[0]


def _overlap(one: Version, other: Version) -> bool:
    return one.is_in_force(_later_start(one, other)) and other.is_in_force(_later_start(one, other))


def _later_start(one: Version, other: Version) -> date:
    return max(one.valid_from, other.valid_from)
