"""Write the journal, the audit trail or the loans as lines of JSON or as CSV."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from gbese.config.files import written_whole
from gbese.interfaces.cli.exports import Subject, subject, subject_names
from gbese.interfaces.spreadsheets import harmless_cell


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", choices=subject_names())
    parser.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    parser.add_argument("--to", type=Path, metavar="FILE", help="else standard output")


def run(arguments: argparse.Namespace) -> int:
    write = _as_csv if arguments.format == "csv" else _as_json_lines
    with _output(arguments.to) as output:
        write(subject(arguments.subject), output)
    return 0


def _as_json_lines(exported: Subject, output: TextIO) -> None:
    for row in exported.rows():
        told = dict(zip(exported.COLUMNS, row, strict=True))
        output.write(json.dumps(told, ensure_ascii=False) + "\n")


def _as_csv(exported: Subject, output: TextIO) -> None:
    written = csv.writer(output, lineterminator="\n")
    written.writerow(exported.COLUMNS)
    written.writerows([harmless_cell(text or "") for text in row] for row in exported.rows())


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file
