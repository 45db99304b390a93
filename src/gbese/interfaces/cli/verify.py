"""Work everything derived out again: 0 is clean, 1 broken with codes, 2 cannot tell."""

from __future__ import annotations

import argparse
import json
import sys

from gbese.apps.closing.verification import Mismatch, verify
from gbese.interfaces.web.books import wording

CLEAN, BROKEN, CANNOT_TELL = 0, 1, 2


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    found = verify(progress=_tell)
    status = BROKEN if found.mismatches else CANNOT_TELL if found.doubts else CLEAN
    if arguments.format == "json":
        told = {
            "status": ("clean", "broken", "cannot_tell")[status],
            "entries": found.entries,
            "loans": found.loans,
            "audit_records": found.audit_records,
            "mismatches": [_plain(mismatch) for mismatch in found.mismatches],
            "doubts": [_plain(doubt) for doubt in found.doubts],
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return status
    for mismatch in (*found.mismatches, *found.doubts):
        facts = ", ".join(f"{name}: {fact}" for name, fact in mismatch.facts.items())
        sys.stdout.write(f"{mismatch.code} {mismatch.subject} {facts}".rstrip() + "\n")
    answer = ("Clean", "Broken", "Cannot tell")[status]
    sys.stdout.write(
        f"{answer}: {found.entries} entries, {found.loans} loans, "
        f"{found.audit_records} audit records.\n"
    )
    return status


def _tell(check: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{wording.CHECKS[check]}\n")


def _plain(mismatch: Mismatch) -> dict[str, object]:
    return {
        "code": mismatch.code,
        "subject": mismatch.subject,
        "facts": {name: str(fact) for name, fact in mismatch.facts.items()},
    }
