"""The wheel that Windows and macOS install holds all that the product needs, and runs by itself."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.houserules.rules import REPOSITORY
from tests.houserules.test_repository import tracked


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir")
    subprocess.run([*build, str(folder), str(REPOSITORY)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_holds_every_file_of_the_package(wheel: Path) -> None:
    package = {
        name.removeprefix("src/")
        for name in tracked()
        if name.startswith("src/gbese/") and (REPOSITORY / name).is_file()
    }
    assert package - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_holds_catalogues_assets_and_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for ending in (".mo", ".woff2", ".min.js", ".min.css", ".html", ".yaml", "/NOTICE", "/LICENSE"):
        assert any(name.endswith(ending) for name in names), ending


@pytest.mark.slow
def test_runs_from_its_own_files(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    environment = {
        **{name: told for name, told in os.environ.items() if not name.startswith("GBESE_")},
        "PYTHONPATH": str(tmp_path / "installed"),
        "GBESE_DATA": str(tmp_path / "data"),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    def gbese(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "gbese", *words],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = "import gbese; print(gbese.__file__)"
    located = subprocess.run(
        [sys.executable, "-P", "-c", where],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(tmp_path / "installed") in located
    assert gbese("--version").startswith("gbese ")
    assert "serve" in gbese("--help")
    gbese("init")
    assert (tmp_path / "data" / "gbese.sqlite3").exists()
