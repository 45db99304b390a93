"""Backups: one ZIP file with the database, the files, and a manifest of their digests.

The secret key stays out of it: it opens sessions, and a restored product makes its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import connection, transaction

import gbese
from gbese.apps.identity import queries
from gbese.config import clock
from gbese.config.files import PRIVATE_DIRECTORY, sync_directory, written_whole
from gbese.interfaces.cli import _installation as installation
from gbese.interfaces.cli._errors import (
    BackupBroken,
    BackupMissing,
    BackupOfOtherEngine,
    DataInTheWay,
    FileInTheWay,
    ToolMissing,
)

FORMAT = "gbese-backup-1"
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
MEDIA = "media/"

_CHUNK = 1024 * 1024

Head = tuple[int, str, datetime | None]  # number, hash and time of the last audit record


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    `data_as_of` is the time of the last audit record in it, None when nothing was ever recorded;
    `audit_number` and `audit_hash` are the head of its audit trail.
    """

    program: str
    engine: str
    made_at: datetime
    data_as_of: datetime | None
    audit_number: int
    audit_hash: str
    files: Mapping[str, tuple[int, str]]  # name → bytes, SHA-256


def make(target: Path) -> Manifest:
    """Write a backup; the product may go on running.

    Raises:
        FileInTheWay: there is a file of this name; no backup is ever overwritten.
        ToolMissing: PostgreSQL's own pg_dump is not installed.
    """
    if target.exists():
        raise FileInTheWay(path=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        folder = Path(name)
        database = folder / DATABASES[connection.vendor]
        head = _dump(database)
        media = installation.environment().media
        stored = {database.name: database}
        for path in sorted(media.rglob("*")):
            if path.is_file():
                stored[MEDIA + path.relative_to(media).as_posix()] = path
        with written_whole(target) as part:
            files = _pack(part, stored)
            manifest = Manifest(
                program=gbese.__version__,
                engine=connection.vendor,
                made_at=clock.now(),
                data_as_of=head[2],
                audit_number=head[0],
                audit_hash=head[1],
                files=files,
            )
            with zipfile.ZipFile(part, "a") as archive:
                archive.writestr(MANIFEST, _written(manifest))
    return manifest


def restore(source: Path, *, replace: bool) -> Manifest:
    """Put a backup in the place of the data; checked whole before anything is replaced.

    Raises:
        BackupMissing: there is no such file.
        BackupBroken: a file is missing, or not the one that was backed up.
        BackupOfOtherEngine: it is of PostgreSQL and this is SQLite, or the other way round.
        DataInTheWay: there are data here, and `replace` was not asked for.
        ProductRunning: the product runs on them.
    """
    environment = installation.environment()
    with installation.at_rest():
        with _unpacked(source, environment.data) as (folder, manifest):
            if manifest.engine != connection.vendor:
                raise BackupOfOtherEngine(engine=manifest.engine, here=connection.vendor)
            if not replace and _has_data():
                raise DataInTheWay(data=str(environment.data))
            connection.close()
            database = folder / DATABASES[manifest.engine]
            if manifest.engine == "sqlite":
                _replace_sqlite(database, environment.database_file)
            else:
                _replace_postgresql(database)
            _replace_media(folder / MEDIA, environment.media)
        installation.migrate()
    return manifest


@contextmanager
def _unpacked(source: Path, beside: Path) -> Iterator[tuple[Path, Manifest]]:
    """The checked content of a backup, in a folder on the disk of the data."""
    if not source.is_file():
        raise BackupMissing(path=str(source))
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile as broken:
        raise BackupBroken(path=str(source), name="") from broken
    with archive, tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as name:
        folder = Path(name)
        manifest = _manifest(archive, source)
        if set(archive.namelist()) != {MANIFEST, *manifest.files}:
            raise BackupBroken(path=str(source), name=MANIFEST)
        for stored, (size, digest) in manifest.files.items():
            target = (folder / stored).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise BackupBroken(path=str(source), name=stored)
            target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_DIRECTORY)
            try:
                with archive.open(stored) as packed, target.open("wb") as unpacked:
                    found = _copy(packed, unpacked)
                    os.fsync(unpacked.fileno())
            except (zipfile.BadZipFile, EOFError) as broken:
                raise BackupBroken(path=str(source), name=stored) from broken
            if found != (size, digest):
                raise BackupBroken(path=str(source), name=stored)
        if manifest.engine == "sqlite":
            _check_sqlite(folder / DATABASES["sqlite"], manifest, source)
        yield folder, manifest


def _dump(target: Path) -> Head:
    """Copy the database as it is at one moment; returns the audit head of that moment."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return _head_of(target)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={snapshot}", f"--file={target}",
        )  # fmt: skip
        head = queries.audit_head()
        records = queries.audit_records(limit=1)
    return head.number, head.record_hash, records[0].recorded_at if records else None


def _head_of(database: Path) -> Head:
    """The head of the audit trail in a copy, which may be older than the one in use."""
    with closing(sqlite3.connect(database)) as copy:
        number, record_hash = copy.execute(
            "SELECT number, record_hash FROM identity_chainhead WHERE chain = 'audit'"
        ).fetchone()
        row = copy.execute(
            "SELECT recorded_at FROM identity_auditrecord WHERE number = ?", [number]
        ).fetchone()
    return number, record_hash, datetime.fromisoformat(f"{row[0]}+00:00") if row else None


def _pack(part: Path, stored: Mapping[str, Path]) -> dict[str, tuple[int, str]]:
    files: dict[str, tuple[int, str]] = {}
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, path in stored.items():
            with path.open("rb") as plain, archive.open(name, "w", force_zip64=True) as packed:
                files[name] = _copy(plain, packed)
    return files


def _copy(source: IO[bytes], target: IO[bytes]) -> tuple[int, str]:
    """Copy to the end; returns how many bytes there were, and their SHA-256."""
    size, digest = 0, hashlib.sha256()
    while chunk := source.read(_CHUNK):
        target.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def _written(manifest: Manifest) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "program": manifest.program,
            "engine": manifest.engine,
            "made_at": manifest.made_at.isoformat(),
            "data_as_of": manifest.data_as_of.isoformat() if manifest.data_as_of else None,
            "audit_number": manifest.audit_number,
            "audit_hash": manifest.audit_hash,
            "files": {
                name: {"bytes": size, "sha256": digest}
                for name, (size, digest) in manifest.files.items()
            },
        },
        indent=2,
        ensure_ascii=False,
    )


def _manifest(archive: zipfile.ZipFile, source: Path) -> Manifest:
    try:
        read = json.loads(archive.read(MANIFEST))
        if read["format"] != FORMAT or DATABASES[read["engine"]] not in read["files"]:
            raise BackupBroken(path=str(source), name=MANIFEST)
        return Manifest(
            program=read["program"],
            engine=read["engine"],
            made_at=datetime.fromisoformat(read["made_at"]),
            data_as_of=datetime.fromisoformat(read["data_as_of"]) if read["data_as_of"] else None,
            audit_number=read["audit_number"],
            audit_hash=read["audit_hash"],
            files={name: (told["bytes"], told["sha256"]) for name, told in read["files"].items()},
        )
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as broken:
        raise BackupBroken(path=str(source), name=MANIFEST) from broken


def _check_sqlite(database: Path, manifest: Manifest, source: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0]
        head = _head_of(database)
    except sqlite3.DatabaseError as broken:
        raise BackupBroken(path=str(source), name=database.name) from broken
    if sound != "ok" or head[:2] != (manifest.audit_number, manifest.audit_hash):
        raise BackupBroken(path=str(source), name=database.name)


def _has_data() -> bool:
    """Whether somebody can sign in here: an empty database is not in the way."""
    return installation.is_installed() and _has_users()


def _has_users() -> bool:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return "identity_user" in tables and queries.has_users()


def _replace_sqlite(new: Path, database: Path) -> None:
    """One file takes the place of the other; until then the old data are whole.

    The old write-ahead log must not meet the new file, so first it goes into the old one.
    """
    if database.exists():
        with closing(sqlite3.connect(database)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for suffix in ("-wal", "-shm"):
            Path(f"{database}{suffix}").unlink(missing_ok=True)
    new.replace(database)
    sync_directory(database.parent)


def _replace_postgresql(dump: Path) -> None:
    """All or nothing: the old tables go and the new ones come in one transaction."""
    name = str(connection.settings_dict["NAME"])
    script = dump.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    _run(
        "psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--dbname={name}",
        "--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public", f"--file={script}",
    )  # fmt: skip


def _replace_media(new: Path, media: Path) -> None:
    old = media.with_name(f"{media.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if media.exists():
        media.replace(old)
    if new.exists():
        new.replace(media)
    else:
        media.mkdir(mode=PRIVATE_DIRECTORY)
    shutil.rmtree(old, ignore_errors=True)


def _run(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools on our database; the password goes by the environment."""
    program = shutil.which(tool)
    if program is None:
        raise ToolMissing(tool=tool)
    ours = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, "PGDATABASE": str(ours["NAME"])}
    environment |= {name: str(ours[key]) for name, key in names.items() if ours[key]}
    done = subprocess.run(  # noqa: S603 - the tool's own path, and no word of a user's
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise OSError(f"{tool} failed: {told[-1]}")
