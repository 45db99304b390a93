from __future__ import annotations

import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Installation

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@dataclass
class Served:
    process: subprocess.Popen[str]
    address: str
    log: Path
    greeting: Path

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        trusting = ssl._create_unverified_context()  # noqa: S323 - the certificate is our own
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=trusting), NoRedirect()
        )
        try:
            with opener.open(self.address + path, timeout=20) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), dict(refused.headers)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@contextmanager
def served(
    installation: Installation, tmp_path: Path, *arguments: str, ends_with: int = 0
) -> Iterator[Served]:
    port = free_port()
    log, greeting = tmp_path / "log", tmp_path / "greeting"
    with log.open("w") as output, greeting.open("w") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "gbese", "serve", "--port", str(port), *arguments],
            env=installation.environment,
            stdout=output,
            stderr=complaints,
            text=True,
        )
        scheme = "https" if "--tls" in arguments else "http"
        running = Served(process, f"{scheme}://127.0.0.1:{port}", log, greeting)
        try:
            wait_until_ready(running)
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == ends_with


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(running: Served) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert running.process.poll() is None, running.greeting.read_text()
        try:
            if running.get("/ready")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(running.log.read_text())


def children(process: int) -> set[int]:
    found = subprocess.run(
        ["pgrep", "--parent", str(process)], capture_output=True, text=True, check=False
    )
    return {int(line) for line in found.stdout.split()}


def is_alive(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_from_an_empty_directory_to_the_first_page(tmp_path: Path) -> None:
    nothing = Installation(tmp_path / "data", "")
    with served(nothing, tmp_path) as running:
        assert running.get("/health")[:2] == (200, '{"status": "ok"}')
        status, _, headers = running.get("/")
        assert (status, headers["location"]) == (302, "/first-start")
        status, page, _ = running.get("/first-start")
        assert status == 200
        style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
        assert style is not None
        assert "immutable" in running.get(style[1])[2]["cache-control"]
        assert running.get("/.git/config")[0] in {302, 404}
        assert running.get("/static/")[0] in {302, 404}
        assert nothing.gbese("restore", str(tmp_path / "none.zip")).status == 2
        taken = nothing.gbese("serve", "--port", running.address.rsplit(":", 1)[1])
        assert (taken.status, "port" in taken.complaint) == (2, True)
    for line in running.log.read_text().splitlines():
        assert json.loads(line)["event"]
    assert running.greeting.read_text().startswith(f"Gbese is served on {running.address}/")


def test_who_is_told_an_address_can_open_it_at_once(
    inhabited: Installation, tmp_path: Path
) -> None:
    """No second try: whoever reads the line may be a script that opens it in the same moment."""
    port = free_port()
    command = [sys.executable, "-m", "gbese", "serve", "--port", str(port), "--no-timed-work"]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            command,
            env=inhabited.environment,
            stdout=log,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        try:
            assert process.stderr is not None
            assert process.stderr.readline() == f"Gbese is served on http://127.0.0.1:{port}/\n"
            address = f"http://127.0.0.1:{port}/health"
            with urllib.request.urlopen(address, timeout=20) as answer:
                assert answer.status == 200
        finally:
            process.terminate()


def test_over_tls_with_a_certificate_of_its_own(inhabited: Installation, tmp_path: Path) -> None:
    with served(inhabited, tmp_path, "--tls", "--sign-in-link", "--no-timed-work") as running:
        status, _, headers = running.get("/sign-in")
        assert status == 200
        assert "__Host-csrf" in headers["set-cookie"]
        link = re.search(r"/sign-in/[\w-]{43}", running.greeting.read_text())
        assert link is not None
        assert running.get(link[0])[0] == 200
        certificate = ssl.get_server_certificate(
            ("127.0.0.1", int(running.address.rsplit(":", 1)[1]))
        )
        assert certificate.strip() == (inhabited.data / "tls/certificate.pem").read_text().strip()
    assert link[0] not in running.log.read_text()


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_nothing_goes_on_when_the_server_ends(inhabited: Installation, tmp_path: Path) -> None:
    with served(inhabited, tmp_path) as running:
        helpers = children(running.process.pid)
        assert helpers
    wait_for_the_end_of(helpers)


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_nothing_goes_on_when_the_server_is_killed(inhabited: Installation, tmp_path: Path) -> None:
    with served(inhabited, tmp_path, ends_with=-signal.SIGKILL) as running:
        helpers = children(running.process.pid)
        running.process.kill()
        wait_for_the_end_of(helpers)
    with served(inhabited, tmp_path) as again:
        assert again.get("/ready")[0] == 200


def wait_for_the_end_of(helpers: set[int]) -> None:
    deadline = time.monotonic() + 30
    while any(map(is_alive, helpers)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not any(map(is_alive, helpers))
