from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Installation, Workshop

Backup = tuple[Installation, Path]


def backed_up_in(workshop: Workshop, folder: Path) -> Backup:
    product = workshop.inhabited()
    (product.data / "media" / "papers").mkdir()
    (product.data / "media" / "papers" / "contract").write_bytes(b"signed")
    backup = folder / "backup.zip"
    done = product.gbese("backup", "--to", str(backup))
    assert done.status == 0, done.complaint
    return product, backup


@pytest.fixture
def backed_up(workshop: Workshop, tmp_path: Path) -> Backup:
    return backed_up_in(workshop, tmp_path)


@pytest.fixture(scope="module")
def unharmed(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    """One for all tests that must leave it as it is."""
    return backed_up_in(workshop, tmp_path_factory.mktemp("backups"))


def test_a_backup_brings_back_everything(backed_up: Backup, ready: Installation) -> None:
    product, backup = backed_up
    head = product.gbese("audit-head").output
    product.with_user("late")

    done = ready.gbese("restore", str(backup))

    assert done.status == 0, done.complaint
    assert "data as of 20" in done.output
    assert ready.gbese("audit-head").output == head
    assert (ready.data / "media" / "papers" / "contract").read_bytes() == b"signed"
    assert ready.with_user("late").gbese("audit-head").output.startswith("2 ")


def test_no_secret_is_in_it(unharmed: Backup) -> None:
    _product, backup = unharmed
    with zipfile.ZipFile(backup) as archive:
        assert "secret-key" not in archive.namelist()


def test_data_are_replaced_only_when_asked(backed_up: Backup) -> None:
    product, backup = backed_up
    product.with_user("late")
    head = product.gbese("audit-head").output

    refused = product.gbese("restore", str(backup))
    assert refused.status == 2
    assert "--replace" in refused.complaint
    assert product.gbese("audit-head").output == head

    assert product.gbese("restore", str(backup), "--replace").status == 0
    assert product.gbese("audit-head").output.startswith("1 ")


def test_a_backup_overwrites_no_file(unharmed: Backup) -> None:
    product, backup = unharmed
    before = backup.read_bytes()

    assert product.gbese("backup", "--to", str(backup)).status == 2
    assert backup.read_bytes() == before


def changed(backup: Path, name: str, content: bytes) -> Path:
    other = backup.with_name("changed.zip")
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(other, "w") as target:
        for found in source.namelist():
            if found != name:
                target.writestr(found, source.read(found))
        target.writestr(name, content)
    return other


def truncated(backup: Path) -> Path:
    other = backup.with_name("truncated.zip")
    other.write_bytes(backup.read_bytes()[:-200])
    return other


@pytest.mark.parametrize(
    "damage",
    [
        lambda backup: changed(backup, "media/papers/contract", b"forged"),
        lambda backup: changed(backup, "media/papers/unsigned", b"added"),
        lambda backup: changed(backup, "../outside", b"escaped"),
        lambda backup: changed(backup, "manifest.json", b"{}"),
        lambda backup: changed(backup, "manifest.json", json.dumps({"format": "other"}).encode()),
        truncated,
        lambda backup: backup.with_name("missing.zip"),
    ],
)
def test_a_damaged_backup_changes_nothing(unharmed: Backup, damage: Callable[[Path], Path]) -> None:
    product, backup = unharmed
    head = product.gbese("audit-head").output

    done = product.gbese("restore", str(damage(backup)), "--replace")

    assert done.status == 2
    assert "Traceback" not in done.complaint
    assert product.gbese("audit-head").output == head
    assert (product.data / "media" / "papers" / "contract").read_bytes() == b"signed"
