"""A portfolio taken over from a file, and how long others who write meanwhile wait.

The file has invented loans with balances, 10,000 rows or GBESE_BENCH_ROWS; every row becomes a loan
with its entries. Beside the import one person charges a fee again and again. The engine is SQLite,
or what GBESE_BENCH_DATABASE names, which must be an empty PostgreSQL database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bench._machine import percentile

ROWS = int(os.environ.get("GBESE_BENCH_ROWS", "10000"))
SEED = 43
HEADERS = (
    "Loan number,Side,Lender,Borrower,Currency,Amount,Signed on,First due date,Maturity date,"
    "Frequency,Schedule,Rate,Day count,Balance at,Outstanding"
)


def measure() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            **os.environ,
            "GBESE_DATA": str(Path(scratch) / "data"),
            "GBESE_DATABASE_URL": os.environ.get("GBESE_BENCH_DATABASE", ""),
            "GBESE_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "gbese.config.settings",
        }
        file = Path(scratch) / "portfolio.csv"
        file.write_text("\n".join([HEADERS, *rows(ROWS)]), encoding="utf-8")
        _run(environment, "bench._writer", "prepare")
        print(f"  dry run of {ROWS} rows {_import(environment, file, '--dry-run'):.0f} s")
        writing = subprocess.Popen(
            [sys.executable, "-m", "bench._writer", "charge"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        seconds = _import(environment, file, "--yes")
        waits = json.loads(writing.communicate("")[0])
        told = json.loads(_run(environment, "bench._writer", "check"))
        if told != {"loans": ROWS + 1, "charges": len(waits)}:
            raise AssertionError(told)
        print(
            f"  import of {ROWS} rows {seconds:.0f} s; {len(waits)} others wrote meanwhile: median "
            f"{percentile(waits, 50):.0f} ms, p95 {percentile(waits, 95):.0f} ms, worst "
            f"{max(waits):.0f} ms"
        )


def rows(count: int) -> Iterator[str]:
    """Lines of the file, the same for the same count."""
    chance = Random(SEED)
    for number in range(count):
        day, month = chance.randint(1, 28), chance.randint(1, 12)
        amount = chance.randint(50, 5_000) * 1_000
        left = amount * chance.randint(30, 100) // 100
        due = f"2026-{month + 1:02}-{day:02}" if month < 12 else f"2027-01-{day:02}"
        yield (
            f"B-{number},issued,Bench Lending,Client {number % (count // 3 + 1)},NGN,{amount}.00,"
            f"2025-{month:02}-{day:02},{due},{2027 + number % 4}-{month:02}-{day:02},monthly,"
            f"annuity,{chance.randint(18, 36)},ACT/365F,2026-02-28,{left}.00"
        )


def _import(environment: dict[str, str], file: Path, how: str) -> float:
    began = time.perf_counter()
    _run(environment, "gbese", "import", str(file), how)
    return time.perf_counter() - began


def _run(environment: dict[str, str], module: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssertionError(done.stdout[-2_000:] + done.stderr[-2_000:])
    return done.stdout
