"""Run published loan cases: `python -m tests.conformance DIRECTORY [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.conformance.cases import read_cases
from tests.conformance.running import FamilyCount, count, run_case, source_errs

FIGURES = ("family", "cases", "passed", "unsupported", "failed")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("directory", type=Path, help="a folder of *.jsonl, one case a line")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there as JSON")
    asked = parser.parse_args()
    if not asked.directory.is_dir():
        parser.error(f"no folder {asked.directory}")

    met = source_errs()
    families = count(run_case(case, met) for case in read_cases(asked.directory))
    _print_table(list(families.values()))
    if asked.json:
        asked.json.write_text(
            json.dumps({"families": [_row(family) for family in families.values()]}, indent=1),
            encoding="utf-8",
        )
    passed = sum(family.passed for family in families.values())
    failed = sum(family.cases for family in families.values()) - passed
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed else 0


def _row(family: FamilyCount) -> dict[str, str | int]:
    return {name: getattr(family, name) for name in FIGURES}


def _print_table(families: list[FamilyCount]) -> None:
    rows = [FIGURES, *(tuple(str(_row(family)[name]) for name in FIGURES) for family in families)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(FIGURES))]
    for family, *figures in rows:
        cells = [family.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(figures, widths[1:], strict=True)]
        sys.stdout.write("  ".join(cells) + "\n")
    for result in (result for family in families for result in family.differences):
        sys.stdout.write(f"failed {result.case_id}: {result.difference}\n")


if __name__ == "__main__":
    sys.exit(main())
