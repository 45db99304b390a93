"""The engine as a library: its page runs, its face is whole, and Django is nowhere behind it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

from gbese import core
from tests import documents

WITHOUT_DJANGO = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names | {"gbese"}:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)

sys.meta_path.insert(0, Missing())
"""
PRINTS_A_SCHEDULE = """
from datetime import date
from decimal import Decimal
from gbese.core import Currency, Money, ScheduleKind, common_terms, schedule

terms = common_terms(
    ScheduleKind.LINEAR, Money(1_200, Currency("JPY", 0)), Decimal("0.12"), 3, date(2026, 1, 31)
)
for row in schedule(terms).instalments:
    print(row.period_end, row.interest, row.principal, row.outstanding_after)
"""


def run_alone(program: str) -> str:
    """What a program prints in a Python that has nothing installed but the engine."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", WITHOUT_DJANGO + program],
        env={**os.environ, "PYTHONPATH": str(documents.DOCS.parent / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_schedule_is_printed_where_nothing_else_is_installed() -> None:
    """1 % a month on 1,200, 800 and 400; the 31st falls on each month's last day."""
    assert run_alone(PRINTS_A_SCHEDULE).splitlines() == [
        "2026-02-28 12 400 800",
        "2026-03-31 8 400 400",
        "2026-04-30 4 400 0",
    ]


def test_django_is_out_of_reach_there() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run_alone("import django")


def test_the_page_runs_without_django() -> None:
    assert run_alone("\n".join(documents.blocks("library.md"))) == ""


def test_the_page_takes_everything_from_the_public_face() -> None:
    for node in ast.walk(ast.parse("\n".join(documents.blocks("library.md")))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gbese"):
            assert node.module == "gbese.core"
            assert {name.name for name in node.names} <= set(core.__all__)


def test_all_that_is_offered_is_there_and_nothing_hidden() -> None:
    assert [name for name in core.__all__ if not hasattr(core, name)] == []
    source = ast.parse((documents.DOCS.parent / "src/gbese/core/__init__.py").read_text("utf-8"))
    imported = [
        name.name for node in source.body if isinstance(node, ast.ImportFrom) for name in node.names
    ]
    assert sorted(imported) == sorted(core.__all__)
