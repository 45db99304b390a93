from __future__ import annotations

from tests.cli.conftest import Installation


def test_the_books_can_be_set_up_without_a_screen(ready: Installation) -> None:
    company = ("init", "--company", "Ade & Sons", "--country", "KZ", "--currency", "KZT")
    zone = ("--time-zone", "Asia/Almaty")
    wrong = ready.gbese(*company, "--time-zone", "Mars/Olympus")
    done = ready.gbese(*company, *zone, "--business-date", "2026-03-31")
    again = ready.gbese(*company, *zone)

    assert (wrong.status, wrong.output) == (2, "")
    assert done.status == 0, done.complaint
    assert "2026-01-01" in done.output
    assert again.status == 2
    [line] = ready.gbese("export", "audit", "--format", "csv").output.splitlines()[1:]
    assert "entity.set_up" in line
    assert "2026-03-31" in line
