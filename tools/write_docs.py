"""Write the pages of docs/ that the code already knows: refusals, settings, commands.

Run by `make docs`; a test compares the pages with what this would write.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import django

from gbese.core.errors import Refusal

DOCS = Path(__file__).resolve().parents[1] / "docs"


def refusals() -> list[type[Refusal]]:
    """Every refusal of the product that has a code of its own, by code."""
    import gbese

    for module in pkgutil.walk_packages(gbese.__path__, "gbese."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    named = [kind for kind in _subclasses(Refusal) if "code" in vars(kind)]
    return sorted(named, key=lambda kind: (kind.code, kind.__module__))


def _subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith("gbese."):
            yield child
        yield from _subclasses(child)


def errors_page() -> str:
    """docs/errors.md: a row for each refusal."""
    from gbese.interfaces.web import wording

    rows = [
        f"| `{kind.code}` | {_first_line(kind)} | {_sentence(wording, kind.code)} "
        f"| `{kind.__module__.removeprefix('gbese.')}` |"
        for kind in refusals()
    ]
    return "\n".join(
        (
            "# What can be refused",
            "",
            "Written by `make docs`. Nothing has changed when one of these is raised. The code is stable: the",
            "screens word it in the reader's language, the API answers with it. Names in brackets are facts that",
            "come with the refusal.",
            "",
            "| code | when | what a person reads | defined in |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        )
    )


def _first_line(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _sentence(wording: ModuleType, code: str) -> str:
    import re

    from django.utils.translation import override

    with override("en"):
        sentence = str(wording._REFUSALS.get(code, ""))
    return re.sub(r"%\((\w+)\)\w", r"{\1}", sentence).replace("|", "\\|").replace("\n", " ")


def limits_page() -> str:
    """docs/limits.md: a row for each setting."""
    from gbese.config.environment import Environment

    rows = []
    for name, field in Environment.model_fields.items():
        default = "" if field.is_required() or field.default_factory else str(field.default)
        rows.append(
            f"| `GBESE_{name.upper()}` | {f'`{default}`' if default else ''} | {field.description} |"
        )
    return "\n".join(
        (
            "# What can be set, and the limits",
            "",
            "Written by `make docs`. Read from the environment once, at the start; a value that cannot be read stops",
            "the start. `--data` and `--database` of every command stand for the first two. Business date, time zone",
            "and the rest of a firm's own settings are rows of its books, not settings of the machine.",
            "",
            "| setting | default | meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
        )
    )


def commands_page() -> str:
    """docs/commands.md: a section for each command."""
    from gbese.interfaces.cli import main as commands

    sections = []
    for name in commands.command_names():
        module = commands._module(name)
        parser = argparse.ArgumentParser(prog=f"gbese {name}", add_help=False)
        module.configure(parser)
        about, _, more = (inspect.getdoc(module) or "").partition("\n")
        sections += [f"## gbese {name}", "", about, *([more.strip(), ""] if more.strip() else [""])]
        if rows := _arguments(parser):
            sections += ["| argument | meaning |", "| --- | --- |", *rows, ""]
    return "\n".join(
        (
            "# Commands",
            "",
            "Written by `make docs`. Every command works the same on SQLite and PostgreSQL, asks nothing, and takes",
            "`--data DIR` (else `GBESE_DATA`, else `gbese` in the home directory) and `--database URL` (else",
            "`GBESE_DATABASE_URL`, else SQLite in the data directory) before its name: `gbese --data DIR verify`.",
            "",
            "Where a command says nothing else: 0 it is done; 2 it was refused, with one sentence on stderr, and",
            "nothing has changed; 130 it was interrupted. Answers go to stdout, everything else to stderr.",
            "",
            *sections,
        )
    )


def _arguments(parser: argparse.ArgumentParser) -> list[str]:
    rows = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            abouts = {one.dest: one.help for one in action._choices_actions}
            for act, its_parser in action.choices.items():
                rows.append(f"| `{act}` | {abouts[act]} |")
                rows += _arguments(its_parser)[1:]  # without its --help
            continue
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        if action.choices:
            name += " " + "\\|".join(map(str, action.choices))
        elif action.option_strings and action.nargs != 0:
            name += f" {action.metavar or action.dest.upper()}"
        required = " (required)" if action.required and action.option_strings else ""
        told = (action.help or "") % {"default": action.default, "prog": parser.prog}
        rows.append(f"| `{name}` | {told}{required} |")
    return rows


PAGES = {"commands.md": commands_page, "errors.md": errors_page, "limits.md": limits_page}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gbese.config.settings")
    django.setup()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
