from __future__ import annotations

from pathlib import Path

import pytest

from gbese.config.environment import Environment


def test_nothing_is_written_until_it_is_asked_for(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first, second = Environment(data=data), Environment(data=data)

    assert first.key != second.key  # no default key, and none kept
    assert not data.exists()

    first.prepare()
    assert Environment(data=data).key == Environment(data=data).key == first.key_file.read_text()


def test_sqlite_is_durable_by_default(tmp_path: Path) -> None:
    database = Environment(data=tmp_path, database_url="").database()
    options = database["OPTIONS"]

    assert isinstance(options, dict)
    assert options["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON"):
        assert f"PRAGMA {pragma}" in options["init_command"]


@pytest.mark.parametrize(
    ("url", "name", "user", "password", "host", "port"),
    [
        ("postgres://ada:p%40ss@db.local:5433/loans", "loans", "ada", "p@ss", "db.local", "5433"),
        ("postgresql:///loans?host=/run/postgresql", "loans", "", "", "/run/postgresql", ""),
    ],
)
def test_postgresql_by_its_address(
    url: str, name: str, user: str, password: str, host: str, port: str
) -> None:
    database = Environment(database_url=url).database()

    assert [database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        name,
        user,
        password,
        host,
        port,
    ]
    assert "synchronous_commit=on" in str(database["OPTIONS"])


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="GBESE_DATABASE_URL"):
        Environment(database_url="mysql://a/b").database()
