"""An installation of the product for one trial: a data directory or a database of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.houserules.rules import REPOSITORY


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a trial's product keeps everything; programs of it run as processes of their own."""

    environment: dict[str, str]

    def gbese(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product to its end."""
        return subprocess.run(
            [sys.executable, "-m", "gbese", *words],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *words: str, module: str = "tests.kill.programs") -> subprocess.Popen[str]:
        """Start a program of the trials, in a group of its own so that all of it can be killed."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env=self.environment,
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, name: str, *words: str) -> str:
        """Run a program of the trials to its end; what it printed."""
        program = self.start(name, *words)
        printed, errors = program.communicate(timeout=300)
        assert program.returncode == 0, errors
        return printed

    def report(self, *after: str) -> dict[str, Any]:
        """What is on record here, once the program `after` has run."""
        printed = self.run(*after, "then", "report") if after else self.run("report")
        told: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return told


def kill(program: subprocess.Popen[str]) -> list[str]:
    """SIGKILL for the whole group; the whole lines it had printed and nobody had read yet."""
    assert program.stdout is not None
    assert program.stderr is not None
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    with program.stdout, program.stderr:
        printed = program.stdout.read().splitlines(keepends=True)
    return [line.strip() for line in printed if line.endswith("\n")]


@contextmanager
def fresh_installation(folder: Path) -> Iterator[Installation]:
    """An empty installation on the engine of this run."""
    environment = {
        name: told
        for name, told in os.environ.items()
        if not name.startswith(("GBESE_", "DJANGO_"))
    }
    environment |= {
        "GBESE_DATA": str(folder),
        "GBESE_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "gbese.config.settings",
    }
    if os.environ["GBESE_TEST_DATABASE"] == "sqlite":
        yield _initialised(environment)
        return
    import psycopg

    server, name = os.environ["GBESE_TEST_POSTGRES"], f"trial_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield _initialised({**environment, "GBESE_DATABASE_URL": f"{server}/{name}"})
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _initialised(environment: dict[str, str]) -> Installation:
    made = Installation(environment)
    done = made.gbese("init")
    assert done.returncode == 0, done.stderr
    return made
