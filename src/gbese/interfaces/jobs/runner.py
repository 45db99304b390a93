"""The clockwork of timed work: what is due runs, one job at a time, one runner a job."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import close_old_connections, connection

from gbese.apps.identity.acts import Act
from gbese.config import clock
from gbese.config.files import locked
from gbese.interfaces.jobs import TimedJob

_TICK_SECONDS = 1.0

_log = structlog.stdlib.get_logger("gbese.jobs")


def run(jobs: Sequence[TimedJob], *, is_wanted: Callable[[], bool]) -> None:
    """Run each job at once, and again whenever its time has passed, until it is not wanted."""
    due_at = dict.fromkeys((job.name for job in jobs), time.monotonic())
    while is_wanted():
        for job in jobs:
            if time.monotonic() >= due_at[job.name] and is_wanted():
                run_once(job)
                due_at[job.name] = time.monotonic() + job.every_seconds
        time.sleep(_TICK_SECONDS)


def run_once(job: TimedJob) -> bool:
    """Run one job now, unless it runs elsewhere; False when it did not run or failed.

    What fails is logged and tried again in its turn.
    """
    close_old_connections()
    act = Act(login="system", recorded_at=clock.now(), request_id=uuid4(), channel="job")
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=str(act.request_id), job=job.name)
    begun = time.perf_counter()
    with _only_one(job.name) as is_ours:
        if not is_ours:
            return False
        try:
            job.function(act)
        except Exception:  # noqa: BLE001 - one broken job must not stop the others
            _log.exception("job failed")
            return False
    _log.info("job done", milliseconds=round((time.perf_counter() - begun) * 1000))
    return True


@contextmanager
def _only_one(name: str) -> Iterator[bool]:
    """Hold the job, here and on every machine of the same database; yields whether we do."""
    with locked(settings.ENVIRONMENT.data / f"job-{name}.lock") as is_ours:
        if not is_ours or connection.vendor != "postgresql":
            yield is_ours
            return
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            row = cursor.fetchone()
        is_ours_everywhere = bool(row and row[0])
        try:
            yield is_ours_everywhere
        finally:
            if is_ours_everywhere:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def parent_lives() -> Callable[[], bool]:
    """Whether the process that started this one still runs, so that no orphan goes on working."""
    parent = os.getppid()
    return lambda: os.getppid() == parent
