"""What the operator can set: each value has a type, a documented default, and the prefix GBESE_."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gbese.config.files import PRIVATE_DIRECTORY, PRIVATE_FILE
from gbese.interfaces.sizes import MEGABYTE

MINUTE = 60
HOUR = 60 * MINUTE


class Environment(BaseSettings):
    """The settings of one installation, read from the environment once, at start.

    A value that cannot be read stops the start. There is no default secret key: `prepare` writes a
    random one into the data directory.
    """

    model_config = SettingsConfigDict(env_prefix="GBESE_", frozen=True, extra="forbid")

    data: Path = Field(
        default_factory=lambda: Path.home() / "gbese",
        description="Directory of everything this installation keeps.",
    )
    database_url: str = Field(
        default="", description="postgres://user:password@host:port/name; empty is SQLite in data."
    )
    database_pool: bool = Field(
        default=False, description="PostgreSQL: keep a pool of connections."
    )
    secret_key: str = Field(default="", description="Empty is the key kept in the data directory.")
    debug: bool = Field(default=False, description="For developers only; `serve` refuses it.")
    tls: bool = Field(default=False, description="Set by `serve --tls`; cookies are then Secure.")
    behind_proxy: bool = Field(
        default=False, description="A proxy ends TLS and sets X-Forwarded-Proto and -For."
    )
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1,[::1]", description="Names users may call it by, with commas."
    )
    language: str = Field(default="en", description="Language before a user has chosen one.")
    preview_languages: bool = Field(
        default=False, description="Offer the pseudo-language that runs from right to left."
    )
    log_stream: str = Field(default="stdout", description="stdout or stderr.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    upload_bytes: int = Field(default=50 * MEGABYTE, description="Largest file accepted.")
    files_at_once: int = Field(default=4, description="Largest files one form may bring.")
    import_rows: int = Field(default=1_000_000, description="Most rows read from one file.")
    dry_run_days: int = Field(
        default=30, description="A dry run nobody carries out is kept so many days."
    )
    page_rows: int = Field(default=200, description="Most rows on one page or API answer.")
    api_requests_a_minute: int = Field(
        default=60_000, description="Most API requests of one person in a minute, by process."
    )
    first_start_secret: str = Field(
        default="", description="The word the first start asks other machines for; by `serve`."
    )
    idle_seconds: int = Field(default=30 * MINUTE, description="A session ends when idle so long.")
    session_seconds: int = Field(default=12 * HOUR, description="A session ends after so long.")
    sign_in_link_seconds: int = Field(default=15 * MINUTE, description="Life of a sign-in link.")
    token_days: int = Field(default=365, description="Longest life of an API token.")
    sign_in_failures: int = Field(default=5, description="Wrong passwords before a pause.")
    sign_in_failures_address: int = Field(
        default=20, description="Wrong passwords from one address, for any logins, before a pause."
    )
    sign_in_pause_seconds: int = Field(default=15 * MINUTE, description="Length of that pause.")
    write_wait_seconds: float = Field(
        default=30.0, description="SQLite: how long a writer waits for the one before it."
    )

    @field_validator("data")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @property
    def database_file(self) -> Path:
        return self.data / "gbese.sqlite3"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def key_file(self) -> Path:
        return self.data / "secret-key"

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(_words(self.allowed_hosts))

    @cached_property
    def key(self) -> str:
        """The secret key of this installation.

        Without a data directory (a check, a type checker) it is random and forgotten.
        """
        if self.secret_key:
            return self.secret_key
        if self.key_file.exists():
            return self.key_file.read_text(encoding="ascii").strip()
        return secrets.token_urlsafe(64)

    def prepare(self) -> None:
        """Make the data directory and its secret key, readable by the owner only."""
        self.data.mkdir(parents=True, exist_ok=True, mode=PRIVATE_DIRECTORY)
        self.media.mkdir(exist_ok=True, mode=PRIVATE_DIRECTORY)
        try:
            file = os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        except FileExistsError:
            return
        with os.fdopen(file, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(64))

    def database(self) -> dict[str, object]:
        """The database as Django's settings name it."""
        if not self.database_url:
            return _sqlite(self.database_file, wait_seconds=self.write_wait_seconds)
        return _postgresql(self.database_url, pool=self.database_pool)


def _words(listed: str) -> Iterable[str]:
    return (word for word in (part.strip() for part in listed.split(",")) if word)


def _sqlite(file: Path, *, wait_seconds: float) -> dict[str, object]:
    pragmas = (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",  # an answer is given only after the commit is on disk
        "PRAGMA foreign_keys=ON",
        "PRAGMA recursive_triggers=ON",  # else INSERT OR REPLACE walks through append-only triggers
        "PRAGMA cache_size=-16384",
        "PRAGMA mmap_size=268435456",
        "PRAGMA temp_store=MEMORY",
    )
    return {
        "ENGINE": "gbese.config.sqlite",
        "NAME": str(file),
        "CONN_MAX_AGE": 600,  # a warm connection for each thread of the server
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": wait_seconds,
            "init_command": ";".join(pragmas),
        },
    }


def _postgresql(address: str, *, pool: bool) -> dict[str, object]:
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"GBESE_DATABASE_URL must start with postgres://, not {parts.scheme}://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    options: dict[str, object] = {
        "options": "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed",
        **{name: unquote(value) for name, value in query.items() if name != "host"},
    }
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 8}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket directory cannot stand where a host name does, so it comes as ?host=.
        "HOST": parts.hostname or unquote(query.get("host", "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
    }
