"""Where files of imports are kept: under their SHA-256, outside of everything that is served."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gbese.apps.imports.errors import FileMissing
from gbese.apps.imports.reading import Limits, SourceFile


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def progress_folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / "progress"


def limits() -> Limits:
    """The limits of this installation."""
    return Limits(
        bytes_max=settings.ENVIRONMENT.upload_bytes, rows_max=settings.ENVIRONMENT.import_rows
    )


def keep(file: SourceFile) -> None:
    """Write the bytes once, whole or not at all."""
    target = folder() / file.sha256
    if target.exists():
        return
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(f".{os.getpid()}")
    with part.open("wb") as opened:
        opened.write(file.content)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(target)


def kept(name: str, sha256: str) -> SourceFile:
    """The bytes of a file of an earlier run.

    Raises:
        FileMissing: they are gone, or are not what they were.
    """
    try:
        content = (folder() / sha256).read_bytes()
    except FileNotFoundError as gone:
        raise FileMissing(file=name) from gone
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileMissing(file=name)
    return SourceFile(name, content, sha256)


def forget(*, before: datetime, needed: Collection[str]) -> int:
    """Remove files that were last written before a moment and are not among those needed."""
    if not folder().is_dir():
        return 0
    old = [
        path
        for path in folder().iterdir()
        if path.is_file() and path.name not in needed and path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
