"""Bring loans, their history, or rates from files into the books; or undo such an import.

Exit status: 0 it is done, or the dry run has no faults, or the same files were imported before;
1 rows have faults and nothing was changed; 2 refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from gbese.apps.imports import queries, services
from gbese.apps.imports.errors import AlreadyImported
from gbese.apps.imports.progress import Progress
from gbese.apps.imports.reading import SourceFile, source_file
from gbese.apps.imports.storage import limits
from gbese.core.contracts.terms import Side
from gbese.interfaces.cli._installation import cli_act
from gbese.interfaces.web.imports import wording
from gbese.interfaces.web.wording import refusal_text

FAULTY = 1
_SHOWN = 200


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--mapping", default="", help="a mapping by name, where none fits by itself"
    )
    parser.add_argument("--side", choices=[side.value for side in Side], help="whose books")
    parser.add_argument("--currency", default="", help="of the amounts, where a file has none")
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and stop")
    parser.add_argument("--yes", action="store_true", help="do not ask, also on a terminal")
    parser.add_argument("--skip-faulty", action="store_true", help="leave rows with faults out")
    parser.add_argument("--undo", type=int, metavar="RUN", help="take back an import by its number")
    parser.add_argument("--mappings", action="store_true", help="list the mappings by name")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(arguments: argparse.Namespace) -> int:
    if arguments.mappings:
        return _list_mappings()
    if arguments.undo is not None:
        return _undo(arguments)
    files = [source_file(path, limits()) for path in arguments.files]
    try:
        planned = services.plan_import(
            files=files,
            act=cli_act(),
            mapping=arguments.mapping,
            side=Side(arguments.side) if arguments.side else None,
            currency=arguments.currency.upper(),
        )
    except AlreadyImported as known:
        return _tell_known(arguments, known)
    faults = planned.plan.faults
    blocked = bool(faults) and not arguments.skip_faulty
    state = "planned"
    if not (arguments.dry_run or blocked) and _agreed(arguments, planned.run):
        _commit(arguments, planned.run)
        state = "committed"
    _tell(arguments, planned.run, files)
    return FAULTY if blocked and state == "planned" else 0


def _commit(arguments: argparse.Namespace, number: int) -> None:
    with _bar(is_shown=sys.stderr.isatty() and not arguments.json) as watch:
        services.commit_import(
            run=number, act=cli_act(), skip_faulty=arguments.skip_faulty, watch=watch
        )


@contextmanager
def _bar(*, is_shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on a terminal; nothing where the output is kept."""
    if not is_shown:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def watch(progress: Progress) -> None:
            bar.update(
                task,
                description=wording.stage_text(progress.stage),
                completed=progress.done,
                total=progress.total or None,
            )

        yield watch


def _agreed(arguments: argparse.Namespace, number: int) -> bool:
    if arguments.yes or arguments.json or not sys.stdin.isatty():
        return True
    _print_page(number)
    sys.stderr.write("Carry this out? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _undo(arguments: argparse.Namespace) -> int:
    undone = services.undo_import(run=arguments.undo, act=cli_act())
    if arguments.json:
        _write_json(
            {"run": undone.run, "state": "undone", "removed": undone.removed,
             "put_back": undone.put_back}
        )  # fmt: skip
    else:
        sys.stdout.write(
            f"Import {undone.run} is undone: {undone.removed} loans taken out, "
            f"{undone.put_back} put back as they were.\n"
        )
    return 0


def _list_mappings() -> int:
    for mapping in queries.mapping_choices():
        sys.stdout.write(f"{mapping.name:<20} {mapping.title}\n")
    return 0


def _tell_known(arguments: argparse.Namespace, known: AlreadyImported) -> int:
    if arguments.json:
        _write_json({"run": known.facts["run"], "state": "already_imported"})
    else:
        sys.stdout.write(f"{refusal_text(known)}\n")
    return 0


def _tell(arguments: argparse.Namespace, number: int, files: Sequence[SourceFile]) -> None:
    if not arguments.json:
        _print_page(number)
        return
    page = queries.run_page(number)
    _write_json(
        {
            "run": number,
            "state": page.state,
            "recipe": page.recipe,
            "mapping": page.mapping,
            "files": [{"name": file.name, "sha256": file.sha256} for file in files],
            "counts": dict(page.counts),
            "left_out": dict(page.left_out),
            "findings": dict(page.findings),
            "sums": [
                {
                    "file": row.file_name,
                    "column": row.column,
                    "currency": row.whole.currency.code,
                    "whole": row.whole.plain(),
                    "taken": row.taken.plain(),
                    "left_out": row.left_out.plain(),
                    "faulty": row.faulty.plain(),
                }
                for row in page.sums
            ],
            "faults": [_row(row, wording.fault_text) for row in _rows(number, "fault")],
        }
    )


def _row(row: queries.ReportRow, worded: Callable[..., str]) -> dict[str, Any]:
    return {
        "file": row.file_name,
        "sheet": row.sheet,
        "line": row.line,
        "column": row.column,
        "text": row.text,
        "code": row.code,
        "message": worded(row.code, row.facts),
    }


def _rows(number: int, kind: str) -> Sequence[queries.ReportRow]:
    return queries.run_rows(number, kind, offset=0, limit=None)


def _print_page(number: int) -> None:
    page = queries.run_page(number)
    out = sys.stdout.write
    out(f"Import {number} ({page.mapping or page.recipe}): {wording.state_text(page.state)}\n")
    for what in wording.COUNTED:
        if count := page.counts.get(what):
            out(f"  {wording.count_text(what)}: {count:,}\n")
    for reason, count in page.left_out.items():
        out(f"    {wording.reason_text(reason)}: {count:,}\n")
    for code, count in page.findings.items():
        out(f"    {code.replace('_', ' ')}: {count:,}\n")
    for row in page.sums:
        out(f"  {row.file_name}  {row.column}: {row.whole}")
        out(f" (left out {row.left_out})\n" if row.left_out else "\n")
    faults = _rows(number, "fault")
    for fault in faults:
        out(f"{_fault_line(fault)}\n")


def _fault_line(row: queries.ReportRow) -> str:
    told = f"{row.place}: {row.column}: " if row.column else f"{row.place}: "
    shown = f"“{row.text[:_SHOWN]}”: " if row.text else ""
    return f"{told}{shown}{wording.fault_text(row.code, row.facts)}"


def _write_json(answer: dict[str, Any]) -> None:
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
