"""SQLite with a queue for writers: they wait their turn, instead of trying again and again.

SQLite lets one transaction write at a time. Left alone, a second one sleeps and retries, and under
load some wait for seconds. Here a transaction first takes a gate: a lock between the threads of
this process, then a lock on a file beside the database between processes.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from gbese.config.files import PRIVATE_FILE, try_lock

_STEP_SECONDS = 0.001
_LONGEST_STEP_SECONDS = 0.016

_thread_gates: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class WriteGate:
    """One writer at a time on one database file; who waits too long is refused."""

    def __init__(self, database: str, *, wait_seconds: float) -> None:
        self._threads = _thread_gates[database]
        self._path = Path(f"{database}-gate")
        self._wait_seconds = wait_seconds
        self._file: int | None = None

    def enter(self) -> None:
        """Wait for the writer before, at most `wait_seconds`.

        Raises:
            OperationalError: the writer before did not finish in time.
        """
        if self._file is not None:
            return
        deadline = time.monotonic() + self._wait_seconds
        if not self._threads.acquire(timeout=self._wait_seconds):
            raise OperationalError("database is locked")
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
            self._wait_for_processes(file, deadline)
        except BaseException:
            self._threads.release()
            raise
        self._file = file

    def leave(self) -> None:
        """Let the next writer in; does nothing when the gate was not taken."""
        if self._file is None:
            return
        file, self._file = self._file, None
        os.close(file)  # which also unlocks it
        self._threads.release()

    @staticmethod
    def _wait_for_processes(file: int, deadline: float) -> None:
        step = _STEP_SECONDS
        while not try_lock(file):
            if time.monotonic() > deadline:
                os.close(file)
                raise OperationalError("database is locked")
            time.sleep(step)
            step = min(step * 2, _LONGEST_STEP_SECONDS)


# The stubs leave out the methods Django's own backends override; hence the ignored lines.
class DatabaseWrapper(base.DatabaseWrapper):
    _gate: WriteGate | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - as Django's
        if not self.is_in_memory_db():
            self._gate = WriteGate(
                str(conn_params["database"]), wait_seconds=conn_params.get("timeout", 30.0)
            )
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        if self._gate is None:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        self._gate.enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._gate.leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._leave()  # a failed commit is followed by a rollback, which leaves

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._gate is not None:
            self._gate.leave()
