from __future__ import annotations

import csv
import io
import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, Installation

LINK = re.compile(r"http://127\.0\.0\.1:8000/sign-in/[\w-]{43}")


def test_there_is_no_installation_until_init(tmp_path: Path) -> None:
    nothing = Installation(tmp_path / "data", "")

    done = nothing.gbese("audit-head")

    assert (done.status, done.output) == (2, "")
    assert "gbese init" in done.complaint
    assert not nothing.data.exists()


def test_init_makes_a_private_place_and_can_be_repeated(ready: Installation) -> None:
    key = (ready.data / "secret-key").read_text()

    assert ready.gbese("init").status == 0

    assert (ready.data / "secret-key").read_text() == key
    assert len(key) > 60
    if sys.platform != "win32":
        assert stat.S_IMODE((ready.data / "secret-key").stat().st_mode) == 0o600
        assert stat.S_IMODE(ready.data.stat().st_mode) == 0o700
    assert ready.gbese("migrate", "--plan").output == ""


def test_a_user_comes_with_a_password_or_a_link(inhabited: Installation) -> None:
    ready = inhabited
    timur = ("create-user", "--login", "timur", "--role", "cashier", "--name", "Timur")

    assert ready.gbese(*timur).status == 2  # neither
    assert ready.gbese(*timur, told="123\n").status == 2  # a weak one
    by_link = ready.gbese(*timur, "--link")
    again = ready.gbese(*timur, "--link")

    assert by_link.status == 0
    assert LINK.search(by_link.output)
    assert (again.status, again.output) == (2, "")
    assert "timur" in again.complaint
    assert again.complaint.count("\n") == 1
    assert LINK.fullmatch(ready.gbese("sign-in-link", "--login", "timur").output.strip())
    assert ready.gbese("sign-in-link", "--login", "ghost").status == 2


def test_a_word_that_is_no_command(ready: Installation) -> None:
    done = ready.gbese("dance")

    assert done.status == 2
    assert "dance" in done.complaint


def test_help_names_every_command(tmp_path: Path) -> None:
    done = Installation(tmp_path / "data", "").gbese("--help")

    assert done.status == 0
    for command in ("init", "create-user", "serve", "worker", "backup", "restore", "move"):
        assert re.search(rf"^  {command} ", done.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("GBESE_DATABASE_URL", "mysql://x/y"), ("GBESE_UPLOAD_BYTES", "many")],
)
def test_a_setting_that_cannot_be_read_stops_the_start(
    tmp_path: Path, setting: str, value: str
) -> None:
    done = Installation(tmp_path / "data", "").gbese("init", **{setting: value})

    assert done.status == 2
    assert setting in done.complaint
    assert "Traceback" not in done.complaint


def test_the_audit_trail_is_exported_and_its_head_printed(inhabited: Installation) -> None:
    ready = inhabited

    lines = [json.loads(line) for line in ready.gbese("export", "audit").output.splitlines()]
    as_csv = list(
        csv.DictReader(io.StringIO(ready.gbese("export", "audit", "--format", "csv").output))
    )
    number, record_hash = ready.gbese("audit-head").output.split()

    assert lines == as_csv
    assert [line["what"] for line in lines] == ["user.created"]
    assert (number, record_hash) == ("1", lines[-1]["record_hash"])


@pytest.mark.parametrize(
    ("arguments", "settings", "word"),
    [
        (("--host", "0.0.0.0"), {}, "--tls"),  # noqa: S104 - refused
        (("--host", "192.0.2.1"), {}, "--tls"),
        ((), {"GBESE_DEBUG": "true"}, "GBESE_DEBUG"),
    ],
)
def test_what_is_not_served(
    ready: Installation, arguments: tuple[str, ...], settings: dict[str, str], word: str
) -> None:
    done = ready.gbese("serve", *arguments, **settings)

    assert done.status == 2
    assert word in done.complaint


def test_timed_work_can_be_done_once(ready: Installation) -> None:
    done = ready.gbese("worker", "--once")

    assert done.status == 0
    assert all(json.loads(line)["event"] for line in done.output.splitlines())


def test_the_trail_is_checked_by_the_program_of_its_page(inhabited: Installation) -> None:
    page = (REPOSITORY / "docs" / "audit-trail.md").read_text(encoding="utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    trail = inhabited.gbese("export", "audit").output

    checked = subprocess.run(
        [sys.executable, "-c", program], input=trail, capture_output=True, text=True, check=True
    )
    forged = subprocess.run(
        [sys.executable, "-c", program],
        input=trail.replace("amina", "emily"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout == inhabited.gbese("audit-head").output
    assert forged.returncode != 0


def test_a_figure_nobody_has_is_told_in_one_sentence(ready: Installation) -> None:
    done = ready.gbese("why", "L/1", "debt", "--on", "2026-01-01")
    assert (done.status, done.output) == (2, "")
    assert "L/1" in done.complaint
