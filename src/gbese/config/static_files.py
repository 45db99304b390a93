"""Scripts, styles and fonts under names that change with their content, built into the data.

Browsers may keep such a file for ever. It is built at the start of the server, when the program has
changed since the last time; without it (a test, a developer) the files are served as they are.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

import gbese

DIGEST_FILE = ".digest"


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # it has no types
    """Names with a digest; only addresses in styles are followed, no source maps."""

    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (
                    r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""",
                    """@import url("%(url)s")""",
                ),
            ),
        ),
    )


def build(directory: Path) -> None:
    """Fill `directory` with every static file under its hashed name, unless it is up to date."""
    found = {
        name: Path(storage.path(name))
        for finder in finders.get_finders()
        for name, storage in finder.list([])
    }
    digest = _digest(found)
    kept = directory / DIGEST_FILE
    if kept.exists() and kept.read_text(encoding="ascii") == digest:
        return
    new = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    storage = HashedFiles(location=str(new))
    for name, path in found.items():
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for _name, _hashed, outcome in storage.post_process(
        {name: (storage, name) for name in found}, dry_run=False
    ):
        if isinstance(outcome, Exception):
            raise outcome
    (new / DIGEST_FILE).write_text(digest, encoding="ascii")
    shutil.rmtree(directory, ignore_errors=True)
    new.replace(directory)


def is_built(directory: Path) -> bool:
    """Whether there are hashed files to serve."""
    return (directory / DIGEST_FILE).exists()


def _digest(found: dict[str, Path]) -> str:
    told = hashlib.sha256(gbese.__version__.encode())
    for name, path in sorted(found.items()):
        state = path.stat()
        told.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return told.hexdigest()
