"""Serve the product, and do its timed work; an empty data directory is made ready first."""

from __future__ import annotations

import argparse
import ipaddress
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from granian import Granian
from granian.constants import Interfaces

from gbese.apps.identity import queries
from gbese.apps.identity.permissions import Role
from gbese.apps.identity.queries import UserRow
from gbese.apps.identity.secrets import new_secret
from gbese.config import clock, logs, static_files
from gbese.interfaces.cli import _installation as installation
from gbese.interfaces.cli import _links as links
from gbese.interfaces.cli._certificate import Certificate, certificate, names_of_this_machine
from gbese.interfaces.cli._errors import DebugServed, PortTaken, TlsMissing

_LOOK_SECONDS = 0.05


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--tls", action="store_true", help="encrypt; makes a certificate if needed")
    parser.add_argument(
        "--name", action="append", default=[], help="another name users call it by; repeatable"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that answer (1)")
    parser.add_argument("--threads", type=int, default=4, help="requests each answers at once (4)")
    parser.add_argument(
        "--sign-in-link", action="store_true", help="print a one-time link for an administrator"
    )
    parser.add_argument(
        "--no-timed-work", action="store_true", help="leave timed work to `gbese worker`"
    )


def run(arguments: argparse.Namespace) -> int:
    environment = installation.environment()
    if environment.debug:
        raise DebugServed
    if not arguments.tls and not environment.behind_proxy and not _is_loopback(arguments.host):
        raise TlsMissing(host=arguments.host)
    _require_free(arguments.host, arguments.port)
    static_files.build(environment.data / "static")
    names = (*names_of_this_machine(arguments.host), *arguments.name)
    _tell_the_workers(arguments, names)
    tls = certificate(environment.data / "tls", names, at=clock.now()) if arguments.tls else None
    greeting = _greeting(arguments, tls)
    # A forked worker would keep the settings of this process; a spawned one reads its own.
    multiprocessing.set_start_method("spawn", force=True)
    with installation.in_use(), _timed_work(is_wanted=not arguments.no_timed_work):
        _greet_when_it_listens(greeting, arguments.host, arguments.port)
        Granian(
            "gbese.config.wsgi:application",
            address=arguments.host,
            port=arguments.port,
            interface=Interfaces.WSGI,
            workers=arguments.workers,
            blocking_threads=arguments.threads,
            websockets=False,
            ssl_cert=tls.certificate_file if tls else None,
            ssl_key=tls.key_file if tls else None,
            respawn_failed_workers=True,
            workers_kill_timeout=20,
            log_dictconfig=logs.configuration(level="WARNING", stream=environment.log_stream),
        ).serve()
    return 0


def _tell_the_workers(arguments: argparse.Namespace, names: tuple[str, ...]) -> None:
    """Workers are processes of their own: they read their settings from the environment again."""
    environment = installation.environment()
    hosts = [f"[{name}]" if ":" in name else name for name in names]
    os.environ["GBESE_DATA"] = str(environment.data)
    if not queries.has_users():
        # Only whoever reads the screen of this machine may begin from another one.
        os.environ["GBESE_FIRST_START_SECRET"] = environment.first_start_secret or new_secret()
    os.environ["GBESE_SERVER_PROCESS"] = str(os.getpid())  # so that they end when it is killed
    os.environ["GBESE_TLS"] = "true" if arguments.tls else "false"
    os.environ["GBESE_ALLOWED_HOSTS"] = ",".join(dict.fromkeys([*environment.hosts, *hosts]))


def _greeting(arguments: argparse.Namespace, tls: Certificate | None) -> Sequence[str]:
    """Where it is served and how to get in, for the person who started it."""
    host = socket.gethostname() if _is_everywhere(arguments.host) else arguments.host
    shown = f"[{host}]" if ":" in host else host
    address = f"{'https' if tls else 'http'}://{shown}:{arguments.port}"
    lines = [f"Gbese is served on {address}/"]
    if tls:
        lines.append(f"Its own certificate has the SHA-256 fingerprint {tls.fingerprint}")
    if not queries.has_users():
        lines.append("Nobody can sign in yet: open the address to begin.")
        if not _is_loopback(arguments.host):
            lines.append(f"It asks for this word: {os.environ['GBESE_FIRST_START_SECRET']}")
    elif administrator := _administrator(even_known=arguments.sign_in_link):
        link = links.new_link(administrator.login, address)
        lines.append(f"Sign in as {administrator.login}, once, within 15 minutes: {link}")
    return lines


def _greet_when_it_listens(lines: Sequence[str], host: str, port: int) -> None:
    """Say it on stderr, once, when an address that is opened then is answered."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound

    def greet() -> None:
        while not _listens(reached, port):
            time.sleep(_LOOK_SECONDS)
        sys.stderr.write("\n".join([*lines, ""]))
        sys.stderr.flush()

    threading.Thread(target=greet, daemon=True).start()


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _is_everywhere(host: str) -> bool:
    """Whether the host stands for every address of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _administrator(*, even_known: bool) -> UserRow | None:
    """Whom to print a link for: the first administrator, if they have no other way in yet."""
    administrators = [
        user for user in queries.users() if user.is_active and user.role == Role.ADMINISTRATOR
    ]
    return next((user for user in administrators if even_known or not user.has_password), None)


@contextmanager
def _timed_work(*, is_wanted: bool) -> Iterator[None]:
    """Run the worker beside the server; it ends with it, even when the server is killed."""
    if not is_wanted:
        yield
        return
    environment = {**os.environ, "GBESE_LOG_STREAM": installation.environment().log_stream}
    worker = subprocess.Popen(
        [sys.executable, "-m", "gbese", "worker", "--with-parent"], env=environment
    )
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(timeout=20)
        except subprocess.TimeoutExpired:
            worker.kill()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise PortTaken(host=host, port=str(port)) from taken
