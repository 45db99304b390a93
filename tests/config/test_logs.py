from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings

from gbese.config import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the product would write, in place of standard output."""
    written = io.StringIO()
    configuration = logs.configuration(level="INFO", stream="stdout")
    configuration["handlers"]["lines"]["stream"] = written
    logging.config.dictConfig(configuration)
    yield written
    logging.config.dictConfig(settings.LOGGING)


TOKEN = "gbese_" + "A1b2C3d4E5" * 4
LINK = "Zx9_-" * 8


def test_every_line_is_json_whoever_writes_it(lines: io.StringIO) -> None:
    structlog.stdlib.get_logger("gbese").info("repayment recorded", loan="KZ-0007")
    logging.getLogger("another.package").warning("took %d ms", 7)

    ours, theirs = (json.loads(line) for line in lines.getvalue().splitlines())

    assert (ours["event"], ours["loan"], ours["level"]) == ("repayment recorded", "KZ-0007", "info")
    assert (theirs["event"], theirs["logger"]) == ("took 7 ms", "another.package")


@pytest.mark.parametrize(
    "told",
    [
        {"password": "swordfish"},
        {"api_token": "swordfish"},
        {"Authorization": "Bearer swordfish"},
        {"session_key": "swordfish"},
        {"headers": {"Cookie": "swordfish"}},
        {"rows": [{"iban": "swordfish"}]},
    ],
)
def test_what_opens_a_door_is_hidden_by_its_name(
    lines: io.StringIO, told: dict[str, object]
) -> None:
    structlog.stdlib.get_logger("gbese").info("something", **told)

    assert "swordfish" not in lines.getvalue()
    assert logs.HIDDEN in lines.getvalue()


def test_what_opens_a_door_is_hidden_by_its_looks(lines: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: /sign-in/%s", LINK)
    structlog.stdlib.get_logger("gbese").info(f"sent Bearer {TOKEN} and {TOKEN}")
    structlog.stdlib.get_logger("gbese").info("to postgres://ada:swordfish@db/loans")

    for secret in (TOKEN, LINK, "swordfish"):
        assert secret not in lines.getvalue()


def test_a_failure_is_one_line_with_its_story(lines: io.StringIO) -> None:
    try:
        int("wrong")
    except ValueError:
        structlog.stdlib.get_logger("gbese").exception("failed")

    [line] = lines.getvalue().splitlines()
    assert "ValueError: invalid literal" in json.loads(line)["exception"]
