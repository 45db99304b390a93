"""The command as a person runs it: a process of its own, on a data directory of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    status: int
    output: str
    complaint: str


@dataclass(frozen=True)
class Installation:
    """A data directory, with the database of the engine under test."""

    data: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GBESE_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return {
            **kept,
            "GBESE_DATA": str(self.data),
            "GBESE_DATABASE_URL": self.database_url,
            "PYTHONPATH": str(REPOSITORY / "src"),
        }

    def gbese(self, *arguments: str, told: str = "", **settings: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "gbese", *arguments],
            env={**self.environment, **settings},
            input=told,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def with_user(self, login: str = "amina") -> Installation:
        done = self.gbese(
            *("create-user", "--login", login, "--role", "administrator", "--name", login),
            told="seven goats on a hill\n",
        )
        assert done.status == 0, done.complaint
        return self


class Workshop:
    """Makes installations quickly: the first of a kind by its commands, the others as copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._patterns: dict[str, Installation] = {}
        self._urls: list[str] = []

    def ready(self) -> Installation:
        """An installation fresh from `gbese init`."""
        return self._copy(self._pattern("ready"))

    def inhabited(self) -> Installation:
        """One with an administrator, amina."""
        return self._copy(self._pattern("inhabited"))

    def close(self) -> None:
        for url in self._urls:
            drop_postgres_database(url)

    def _pattern(self, kind: str) -> Installation:
        if kind not in self._patterns:
            self._patterns[kind] = (
                self._copy(self._pattern("ready")).with_user()
                if kind == "inhabited"
                else self._initialised()
            )
        return self._patterns[kind]

    def _initialised(self) -> Installation:
        made = Installation(self._new_folder(), self._new_url())
        done = made.gbese("init")
        assert done.status == 0, done.complaint
        return made

    def _copy(self, pattern: Installation) -> Installation:
        made = Installation(self._new_folder(), self._new_url(like=pattern.database_url))
        shutil.copytree(pattern.data, made.data)
        return made

    def _new_folder(self) -> Path:
        return self._folder / uuid4().hex[:8]

    def _new_url(self, like: str = "") -> str:
        if os.environ["GBESE_TEST_DATABASE"] != "postgres":
            return ""
        url = new_postgres_database(like.rsplit("/", 1)[-1])
        self._urls.append(url)
        return url


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Where installations come from."""
    opened = Workshop(tmp_path_factory.mktemp("installations"))
    yield opened
    opened.close()


@pytest.fixture
def ready(workshop: Workshop) -> Installation:
    """An installation fresh from `gbese init`."""
    return workshop.ready()


@pytest.fixture
def inhabited(workshop: Workshop) -> Installation:
    """An installation with an administrator, amina."""
    return workshop.inhabited()


def new_postgres_database(like: str = "") -> str:
    """A database on the server under test: a copy of one, or empty."""
    name = f"cli_{uuid4().hex[:12]}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {like or 'template0'}")
    return f"{os.environ['GBESE_TEST_POSTGRES']}/{name}"


def drop_postgres_database(url: str) -> None:
    """Remove it again."""
    _on_server(f"DROP DATABASE {url.rsplit('/', 1)[-1]} WITH (FORCE)")


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(
        f"{os.environ['GBESE_TEST_POSTGRES']}/postgres", autocommit=True
    ) as server:
        server.execute(statement)
