from __future__ import annotations

from tests.cli.conftest import Installation


def test_a_company_is_set_up_without_a_screen(ready: Installation) -> None:
    company = ("set-up-books", "--name", "Ade & Sons", "--country", "KZ", "--currency", "KZT")
    wrong = ready.gbese(*company, "--time-zone", "Mars/Olympus")
    almaty = ("--time-zone", "Asia/Almaty", "--open-day", "2026-03-31")
    done = ready.gbese(*company, *almaty)
    again = ready.gbese(*company, *almaty)

    assert (wrong.status, wrong.output) == (2, "")
    assert done.status == 0, done.complaint
    assert "2026-01-01" in done.output
    assert again.status == 2
    [line] = ready.gbese("export", "audit", "--format", "csv").output.splitlines()[1:]
    assert "entity.set_up" in line
    assert "2026-03-31" in line


def test_a_branch_is_declared_to_belong_to_the_company(ready: Installation) -> None:
    company = ("set-up-books", "--name", "Ade & Sons", "--country", "KZ", "--currency", "KZT")
    assert ready.gbese(*company, "--time-zone", "Asia/Almaty").status == 0
    assert ready.gbese("belonging", "--name", "Ade Astana").output == (
        "Ade Astana belongs to Ade & Sons.\n"
    )
    assert ready.gbese("belonging", "--name", "ade astana", "--no").output == (
        "Ade Astana does not belong to Ade & Sons.\n"
    )
    audit = ready.gbese("export", "audit", "--format", "csv").output
    assert audit.count("party.belonging") == 2
