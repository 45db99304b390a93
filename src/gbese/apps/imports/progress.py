"""How far an import is: one small file beside the database, which is locked while it runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import monotonic

_WRITTEN_EVERY_SECONDS = 0.2


class Stage(StrEnum):
    """What an import is doing."""

    READING = "reading"
    PARTIES = "parties"
    LOANS = "loans"
    EVENTS = "events"
    STATEMENTS = "statements"
    RATES = "rates"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage, and how many of how many things of it are done; 0 of 0 where nothing is counted."""

    stage: Stage
    done: int
    total: int

    @property
    def percent(self) -> int:
        if self.stage is Stage.DONE:
            return 100
        return 100 * self.done // self.total if self.total else 0


class ProgressFile:
    """Writes the progress of one run, at most five times a second, each time as a whole."""

    def __init__(
        self, folder: Path, run: int, watch: Callable[[Progress], None] | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = _path(folder, run)
        self._stage = Stage.READING
        self._total = 0
        self._written_at = 0.0
        self._watch = watch

    def stage(self, stage: Stage, total: int = 0) -> None:
        self._stage, self._total = stage, total
        self._write(0)

    def __call__(self, done: int) -> None:
        if monotonic() - self._written_at >= _WRITTEN_EVERY_SECONDS:
            self._write(done)

    def _write(self, done: int) -> None:
        self._written_at = monotonic()
        part = self._path.with_suffix(f".{os.getpid()}")
        part.write_text(f"{self._stage} {done} {self._total}", encoding="ascii")
        part.replace(self._path)
        if self._watch is not None:
            self._watch(Progress(self._stage, done, self._total))


def progress_of(folder: Path, run: int) -> Progress | None:
    """How far a run is; None where it never began."""
    try:
        stage, done, total = _path(folder, run).read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return None
    return Progress(Stage(stage), int(done), int(total))


def _path(folder: Path, run: int) -> Path:
    return folder / f"run-{run}.progress"
