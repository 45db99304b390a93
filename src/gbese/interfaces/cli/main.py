"""The command `gbese`.

A command is a module of this package: `gbese create-user` is `create_user.py`. The first line of
its docstring is its help, and it has

    def configure(parser: argparse.ArgumentParser) -> None   # its arguments
    def run(arguments: argparse.Namespace) -> int            # one call; 0 is done

so adding a file adds a command. Django is set up before the module is imported. What is refused
prints one sentence on stderr and ends with 2, and nothing has changed then. A module whose name
begins with an underscore, and a package, is no command.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pkgutil import iter_modules
from types import ModuleType

from pydantic import ValidationError

import gbese
from gbese.interfaces import cli

REFUSED = 2
INTERRUPTED = 130

# These make the data directory and its database when there is none.
_BEGINNING = frozenset({"init", "serve", "demo"})
# These do not touch the database of the installation, or bring it themselves.
_WITHOUT_DATABASE = frozenset({"restore", "migrate", "schedule"})
# These write their log to stdout; the others have an answer to write there.
_LOGGING = frozenset({"serve", "worker"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    first, rest = _first_parser().parse_known_args(words)
    names = command_names()
    if first.version:
        sys.stdout.write(f"gbese {gbese.__version__}\n")
        return 0
    if first.command is not None and first.command not in names:
        _first_parser().error(f"there is no command {first.command}; there are {', '.join(names)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gbese.config.settings")
    if first.data:
        os.environ["GBESE_DATA"] = first.data
    if first.database is not None:
        os.environ["GBESE_DATABASE_URL"] = first.database
    if first.command not in _LOGGING:
        os.environ.setdefault("GBESE_LOG_STREAM", "stderr")
        os.environ.setdefault("GBESE_LOG_LEVEL", "WARNING")
    try:
        return _run(first.command, rest)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our answer has read enough
        return 0


def command_names() -> tuple[str, ...]:
    """Every command there is, as it is typed."""
    return tuple(
        sorted(
            found.name.rstrip("_").replace("_", "-")
            for found in iter_modules(cli.__path__)
            if not found.ispkg and not found.name.startswith("_") and found.name != "main"
        )
    )


def _run(command: str | None, rest: Sequence[str]) -> int:
    try:
        import django  # noqa: PLC0415 - the environment must be complete first

        django.setup()
    except ValidationError as wrong:
        names = ", ".join(f"GBESE_{error['loc'][0]}".upper() for error in wrong.errors())
        return _refuse(f"{names} cannot be read: {wrong.errors()[0]['msg']}.")
    except ValueError as wrong:
        return _refuse(f"{wrong}.")
    if command is None or rest[:1] in (["-h"], ["--help"]):
        return _help(command)
    module = _module(command)
    parser = _parser(command, module)
    return _call(command, module, parser.parse_args(rest))


def _call(command: str, module: ModuleType, arguments: argparse.Namespace) -> int:
    from django.db import DatabaseError  # noqa: PLC0415 - after the set-up

    from gbese.core.errors import Refusal  # noqa: PLC0415
    from gbese.interfaces.cli import _installation as installation  # noqa: PLC0415
    from gbese.interfaces.cli import _wording  # noqa: F401, PLC0415
    from gbese.interfaces.web.wording import refusal_text  # noqa: PLC0415

    try:
        if command in _BEGINNING:
            installation.prepare()
        elif command not in _WITHOUT_DATABASE:
            installation.require()
        status: int = module.run(arguments)
    except Refusal as refusal:
        return _refuse(refusal_text(refusal))
    except DatabaseError as failed:
        return _refuse(f"The database cannot be used: {str(failed).strip().splitlines()[0]}.")
    except OSError as failed:
        where = f" ({failed.filename})" if failed.filename else ""
        return _refuse(f"{failed.strerror or failed}{where}.")
    return status


def _first_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gbese", add_help=False, allow_abbrev=False)
    _add_global_options(parser)
    parser.add_argument("command", nargs="?")
    return parser


def _add_global_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="data directory; else GBESE_DATA")
    parser.add_argument("--database", metavar="URL", help="postgres://…; else SQLite in the data")
    parser.add_argument("--version", action="store_true", help="print the version")


def _help(command: str | None) -> int:
    if command is not None:
        _parser(command, _module(command)).print_help()
        return 0
    parser = argparse.ArgumentParser(
        prog="gbese",
        description=gbese.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(
            ["commands:", *(f"  {name:<14} {_about(_module(name))}" for name in command_names())]
        ),
    )
    _add_global_options(parser)
    parser.add_argument("command", nargs="?", help="one of those below; it has its own --help")
    parser.print_help()
    return 0


def _parser(command: str, module: ModuleType) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"gbese {command}", description=_about(module), allow_abbrev=False
    )
    module.configure(parser)
    return parser


def _module(command: str) -> ModuleType:
    name = command.replace("-", "_")
    return import_module(f"{cli.__name__}.{f'{name}_' if iskeyword(name) else name}")


def _about(module: ModuleType) -> str:
    return (module.__doc__ or "").strip().splitlines()[0]


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"gbese: {sentence.rstrip('.')}.\n")
    return REFUSED
