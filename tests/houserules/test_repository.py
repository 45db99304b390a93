"""What is true of the repository as a whole: texts, locks, decisions, contracts, migrations."""

import re
import subprocess
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.houserules.rules import REPOSITORY, SOURCE

# A letter in brackets keeps this file from breaking its own rule.
FOREIGN_WORDS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w.])/(?:wor[k]|roo[t]|hom[e])/",  # folders of somebody's machine
        r"\.lib[r]ary/",
        r"\bfar[m]-(?:studio|bench)\b",
        r"\bclaud[e]\b|\banthropi[c]\b|\bchatgp[t]\b|\bcopilo[t]\b",
        r"\bissu[e] #?\d",
        r"pyp[i]\.org|pythonhoste[d]\.org|registry\.npmj[s]\.org|deb\.debia[n]\.org",
    )
]
NOT_OURS = ("vendor/", "LICENSE", "NOTICE", "licences/")
TEXTS = {".py", ".md", ".toml", ".lock", ".in", ".html", ".txt", ".js", ".css", ".yaml", ".yml", ".po", ".json", ""}  # fmt: skip


def tracked() -> list[str]:
    """The files of the repository; of a tree without git, none."""
    done = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()


def foreign_words(text: str) -> list[str]:
    return [
        f"{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if any(pattern.search(line) for pattern in FOREIGN_WORDS)
    ]


def test_no_text_speaks_of_the_workplace() -> None:
    found = []
    for name in tracked():
        path = REPOSITORY / name
        is_ours = not any(part in name for part in NOT_OURS)
        if path.suffix in TEXTS and is_ours and path.is_file():
            found += [f"{name}:{line}" for line in foreign_words(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["see /w|ork/main", "/r|oot/.cache", "fixes is|sue 12", "index: py|pi.org/simple"],
)
def test_finds_a_word_of_the_workplace(line: str) -> None:
    assert foreign_words(line.replace("|", ""))


def _locked(name: str) -> dict[str, set[str]]:
    """The versions a lock pins, by package."""
    pins: dict[str, set[str]] = {}
    for line in (REPOSITORY / "requirements" / name).read_text().splitlines():
        if match := re.match(r"([a-z0-9-]+)==(\S+)", line):
            pins.setdefault(match[1], set()).add(match[2])
    return pins


@pytest.mark.parametrize("name", ["runtime.lock", "postgres.lock", "build.lock"])
def test_a_developer_has_what_the_product_runs_on(name: str) -> None:
    developer = _locked("dev.lock")
    assert {package: developer.get(package) for package in _locked(name)} == _locked(name)


@pytest.mark.parametrize("name", ["runtime.lock", "postgres.lock", "build.lock", "dev.lock"])
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (REPOSITORY / "requirements" / name).read_text()
    assert "://" not in text
    requirements = re.split(r"\n(?=[a-z])", text)
    assert [entry for entry in requirements if "--hash=sha256:" not in entry] == []


def test_two_decisions_do_not_have_one_number() -> None:
    names = sorted(path.name for path in (REPOSITORY / "docs" / "adr").glob("*.md"))
    numbers = [name.partition("-")[0] for name in names]
    assert numbers == [f"{number:04}" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "docs" / "adr").glob("*.md")), ids=lambda p: p.name
)
def test_a_decision_says_what_would_reopen_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wanted = ("Status:", "## Context", "## Decision", "## Consequences", "## What would reopen it")
    assert [part for part in wanted if part not in text] == []


def test_the_rows_of_every_app_are_protected() -> None:
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]
    protected = {
        module
        for contract in contracts["contracts"]
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    rows = {
        f"gbese.apps.{path.parent.name}.{path.stem}"
        for name in ("models.py", "mapping.py")
        for path in (SOURCE / "apps").glob(f"*/{name}")
    }
    assert rows <= protected


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    changes = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=changes)
    except SystemExit:
        pytest.fail(changes.getvalue())


def test_django_has_nothing_to_object_to() -> None:
    call_command("check", fail_level="WARNING", stdout=StringIO())


def test_no_page_asks_another_host() -> None:
    foreign = re.compile(r"""(?:url\(|src=|href=|@import\s|fetch\()["'\s]*(?:https?:)?//""")
    pages = [
        path
        for kind in ("*.html", "*.css", "*.js", "*.svg")
        for path in (SOURCE / "interfaces").rglob(kind)
    ]
    found = [str(path) for path in pages if foreign.search(path.read_text(encoding="utf-8"))]
    assert found == []
