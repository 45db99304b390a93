"""Break the engine on purpose, one small change at a time, and see whether its tests notice.

    python -m tools.mutants --seed 1 --count 500
    python -m tools.mutants --seed 1 --count 100 --area money --area calendars

The mutants are a sample, the same for the same seed and source. Each is run in a process of its
own that reads the changed module in place of the file, against the fast tests of its area, until
the first fails. Those that survive are printed with what was changed; docs/mutation.md explains
them.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
CORE = REPOSITORY / "src" / "gbese" / "core"
PROCESSES = 2
SECONDS_MAX = 120
EXAMPLES = 25
SHOWN = 70  # characters of a change
FACTS, CASES = "core/projections/test_facts.py", "core/projections/test_hard_cases.py"
LAWS = "core/projections/test_laws.py"
# What is mutated, and the tests that are to notice, the quickest first.
AREAS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "money": (("money.py",), ("core/test_money.py", "core/schedules/test_plans.py")),
    "calendars": (("calendars",), ("core/calendars", "golden/test_interest.py")),
    "allocation": (("servicing/allocation.py",), ("core/servicing", FACTS, CASES)),
    "accruals": (("accruals",), ("core/accruals", FACTS, CASES, "golden")),
    "schedules": (("schedules",), ("core/schedules", FACTS, CASES, "golden")),
    "projections": (
        ("projections",),
        (FACTS, CASES, "golden", "core/schedules", LAWS, "core/projections/test_properties.py"),
    ),
}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.RShift: ast.LShift,
    ast.LShift: ast.RShift,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


Change = Callable[[ast.AST], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change at one place of one module; `place` counts nodes as `ast.walk` meets them."""

    area: str
    path: Path
    place: int

    def changed(self) -> tuple[str, str]:
        """The source with the change, and the change in words."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        node = next(node for at, node in enumerate(ast.walk(tree)) if at == self.place)
        was, line = ast.unparse(node), getattr(node, "lineno", 0)
        if (change := _change(node)) is not None:
            change(node)
        where = self.path.relative_to(CORE)
        told = f"{where}:{line}  {_short(was)}  ->  {_short(ast.unparse(node))}"
        return ast.unparse(tree), told


def main() -> int:
    arguments = _arguments()
    areas = arguments.area or list(AREAS)
    mutants = [mutant for area in areas for mutant in mutants_of(area)]
    count = min(arguments.count, len(mutants))
    sample = random.Random(arguments.seed).sample(mutants, count)
    print(f"{count} of {len(mutants)} mutants, seed {arguments.seed}", flush=True)
    began = time.monotonic()
    tried, survived = Counter[str](), Counter[str]()
    for mutant, is_noticed in _try(sample):
        tried[mutant.area] += 1
        if not is_noticed:
            survived[mutant.area] += 1
            print(mutant.changed()[1], flush=True)
    print(
        f"{count - survived.total()} noticed, {survived.total()} survived, "
        f"{time.monotonic() - began:.0f} s"
    )
    for area in areas:
        print(f"{area:12} {tried[area]:4} tried {survived[area]:4} survived")
    return 0


def mutants_of(area: str) -> Iterator[Mutant]:
    """Every mutant of an area, in the order of its modules and lines."""
    for name in AREAS[area][0]:
        found = CORE / name
        for path in [found] if found.is_file() else sorted(found.glob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            silent = {id(part) for node in ast.walk(tree) for part in _silent(node)}
            for place, node in enumerate(ast.walk(tree)):
                if id(node) not in silent and _change(node) is not None:
                    yield Mutant(area, path, place)


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """Parts that say nothing a test could notice: types, decorators, and what is raised."""
    parts: list[ast.AST | None] = []
    match node:
        case ast.FunctionDef():
            parts = [node.returns, *node.decorator_list]
            parts += [argument.annotation for argument in node.args.args + node.args.kwonlyargs]
        case ast.ClassDef():
            parts = list(node.decorator_list)
        case ast.AnnAssign():
            parts = [node.annotation]
        case ast.Raise():
            parts = [node.exc]
        case ast.Assign(targets=[ast.Name(id=name)]) if name == "__all__":
            parts = [node.value]
    for part in parts:
        if part is not None:
            yield from ast.walk(part)


def _change(node: ast.AST) -> Change | None:
    """What may be changed at a node: something small, as a tired person might write it."""
    return _change_of_value(node) or _change_of_flow(node)


def _change_of_value(node: ast.AST) -> Change | None:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
            return _set("ops", [_COMPARISONS[type(op)]()])
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _ARITHMETIC:
            return _set("op", _ARITHMETIC[type(op)]())
        case ast.UnaryOp(op=ast.USub()):
            return _set("op", ast.UAdd())
        case ast.Constant(value=bool(value)):
            return _set("value", not value)
        case ast.Constant(value=int(value)):
            return _set("value", value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            return _set("func", ast.Name(_CALLS[name]))
    return None


def _change_of_flow(node: ast.AST) -> Change | None:
    match node:
        case ast.BoolOp(op=op):
            return _set("op", ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return _set("test", ast.UnaryOp(ast.Not(), test))
        case ast.Expr(value=ast.Call()):
            return _set("value", ast.Constant(None))
        case ast.Return(value=value) if value is not None and not _is_none(value):
            return _set("value", ast.Constant(None))
    return None


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _set(field: str, became: object) -> Change:
    return lambda node: setattr(node, field, became)


def _try(sample: Sequence[Mutant]) -> Iterator[tuple[Mutant, bool]]:
    """Run mutants, two at a time; with each, whether a test noticed it."""
    waiting, running = list(reversed(sample)), dict[int, tuple[Mutant, float]]()
    while waiting or running:
        while waiting and len(running) < PROCESSES:
            mutant = waiting.pop()
            running[_start(mutant)] = (mutant, time.monotonic())
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended:
            mutant, _ = running.pop(ended)
            yield mutant, status != 0
            continue
        for process, (_, since) in running.items():
            if time.monotonic() - since > SECONDS_MAX:
                os.kill(process, signal.SIGKILL)  # it goes round for ever: that is noticed
        time.sleep(0.05)


def _start(mutant: Mutant) -> int:
    process = os.fork()
    if process:
        return process
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        status = _is_noticed(mutant)
    os._exit(status)


def _is_noticed(mutant: Mutant) -> int:
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "mutants",
        deadline=None,
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")
    sys.meta_path.insert(0, _Finder(_Changed(mutant.path, mutant.changed()[0])))
    tests = [str(REPOSITORY / "tests" / name) for name in AREAS[mutant.area][1]]
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:django", "-p", "no:schemathesis"]
    options += ["-p", "no:warnings", "--noconftest", "--import-mode=importlib"]
    return int(pytest.main([*options, "-c", os.devnull, "--rootdir", str(REPOSITORY), *tests]))


class _Changed(SourceFileLoader):
    """Reads one module from its changed source."""

    def __init__(self, path: Path, source: str) -> None:
        self.module = ".".join(path.relative_to(CORE.parents[1]).with_suffix("").parts)
        super().__init__(self.module, str(path))
        self._source = source

    def get_code(self, fullname: str) -> CodeType | None:
        return self.source_to_code(self._source.encode(), f"{fullname} (changed)")


class _Finder:
    """Finds the one changed module, and leaves all others to Python."""

    def __init__(self, loader: _Changed) -> None:
        self._loader = loader

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self._loader.module:
            return None
        return spec_from_file_location(name, self._loader.path, loader=self._loader)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--area", action="append", choices=tuple(AREAS))
    return parser.parse_args()


def _short(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 3]}..."


if __name__ == "__main__":
    sys.exit(main())
