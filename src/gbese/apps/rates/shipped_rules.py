"""The rules of law and policy that ship, as the core's dated rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from gbese.core.rulebook import Rule, Scope, Version
from gbese.core.yields.rules import DAYS_IN_YEAR, DECIMALS, YearlyCostRules

SHIPPED_WITH = "shipped"  # who entered and approved what comes with the program


@cache
def yearly_cost_rules() -> YearlyCostRules:
    """What each jurisdiction lays down about its yearly cost figure."""
    return YearlyCostRules(decimals=shipped_rule(DECIMALS), days_in_year=shipped_rule(DAYS_IN_YEAR))


@cache
def shipped_rule(name: str) -> Rule:
    """One shipped rule, in all its versions."""
    text = (files("gbese") / "data" / "rules" / "yearly-cost.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)[name]
    return Rule(name, tuple(_version(row, told["unit"]) for row in told["versions"]))


def _version(row: dict[str, str | date], unit: str) -> Version:
    valid_from, valid_to = row["valid_from"], row.get("valid_to")
    return Version(
        scope=Scope(jurisdiction=str(row["jurisdiction"])),
        valid_from=valid_from if isinstance(valid_from, date) else date.min,
        valid_to=valid_to if isinstance(valid_to, date) else None,
        value=Decimal(str(row["value"])),
        unit=unit,
        source=str(row["source"]),
        entered_by=SHIPPED_WITH,
        approved_by=SHIPPED_WITH,
    )
