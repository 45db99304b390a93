from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Installation, drop_postgres_database, new_postgres_database

pytestmark = pytest.mark.postgres


def test_everything_moves_from_sqlite_to_postgresql(tmp_path: Path) -> None:
    here = Installation(tmp_path / "data", "")
    assert here.gbese("init").status == 0
    here.with_user().with_user("timur")
    url = new_postgres_database()
    try:
        there = Installation(here.data, url)
        done = here.gbese("move", "--to", url)

        assert done.status == 0, done.complaint
        assert "identity_user: 2 rows" in done.output
        assert there.gbese("audit-head").output == here.gbese("audit-head").output
        assert there.gbese("export", "audit").output == here.gbese("export", "audit").output
        there.with_user("late")  # the sequences go on where they were
        assert there.gbese("audit-head").output.startswith("3 ")

        again = here.gbese("move", "--to", url)
        assert again.status == 2
        assert "empty" in again.complaint
        assert there.gbese("audit-head").output.startswith("3 ")
        assert there.gbese("move", "--to", url).status == 2
    finally:
        drop_postgres_database(url)


def test_where_nothing_can_be_moved_to(tmp_path: Path) -> None:
    here = Installation(tmp_path / "data", "")
    assert here.gbese("init").status == 0

    for address in ("mysql://a/b", "", "postgres://nobody:x@127.0.0.1:1/none"):
        done = here.gbese("move", "--to", address)
        assert done.status == 2
        assert "Traceback" not in done.complaint
