"""Rows of imports ↔ the values others read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal

from gbese.apps.imports.models import StatedBalance
from gbese.apps.imports.statements import Statement
from gbese.apps.imports.tables import Place
from gbese.core.money import Currency

_PLAIN = tuple(
    field.name for field in fields(Statement) if field.name not in {"nominal_rate", "currency"}
)


def to_statement(row: StatedBalance) -> Statement:
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Statement(
        **plain,
        nominal_rate=Decimal(row.nominal_rate) if row.nominal_rate else None,
        currency=Currency(row.currency, row.exponent),
    )


def to_stated_balance(
    place: Place, statement: Statement, *, run: int, mapping_name: str
) -> StatedBalance:
    plain = {name: getattr(statement, name) for name in _PLAIN}
    plain["purpose"] = statement.purpose[:300]
    rate = statement.nominal_rate
    return StatedBalance(
        run_id=run,
        file_name=place.file_name,
        line=place.line,
        mapping_name=mapping_name,
        **plain,
        nominal_rate="" if rate is None else format(rate, "f"),
        currency=statement.currency.code,
        exponent=statement.currency.exponent,
    )


def facts_to_text(facts: Mapping[str, str]) -> str:
    return "\n".join(f"{name}={' '.join(fact.split())}" for name, fact in facts.items())


def facts_from_text(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
