"""Rules of this house that no linter has. Each finds the lines of a module that break it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "gbese"

# What the core may not know, although the standard library has it: time, chance, the machine, words.
NOT_IN_CORE = {
    "asyncio", "gettext", "locale", "logging", "os", "random", "secrets", "shutil", "socket",
    "sqlite3", "statistics", "subprocess", "threading", "time", "uuid",
}  # fmt: skip
EXACT_MATH = {"ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "prod"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
          ("time", "time"), ("timezone", "now")}  # fmt: skip
NO_SUBJECT = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
INEXACT_FIELDS = {"FloatField", "DecimalField", "JSONField"}
WORDING = {"gettext", "django.utils.translation"}
SIGNALS = {"django.db.models.signals", "django.dispatch", "django.core.signals"}
# The outermost edge: what stands between a program that fails and the person in front of it.
EDGES = {
    "interfaces/cli/main.py",
    "interfaces/api/errors.py",
    "interfaces/web/errors.py",
    "interfaces/jobs/runner.py",
}

Broken = Iterator[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` gives line numbers and what is wrong there; `covers` picks modules by their path."""

    name: str
    covers: Callable[[PurePosixPath], bool]
    find: Callable[[ast.Module, PurePosixPath], Broken]


def broken_lines(rule: Rule, source: str, path: str) -> list[int]:
    """The lines of `source`, as it stood at `path` under src/gbese, that break the rule."""
    where = PurePosixPath(path)
    if not rule.covers(where):
        return []
    return sorted({line for line, _ in rule.find(ast.parse(source), where)})


def findings(rule: Rule) -> list[str]:
    """Every breach of the rule in the product, as `path:line what`."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        where = PurePosixPath(file.relative_to(SOURCE).as_posix())
        if rule.covers(where):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found += [f"src/gbese/{where}:{line} {what}" for line, what in rule.find(tree, where)]
    return found


def in_core(path: PurePosixPath) -> bool:
    return path.parts[0] == "core"


def in_core_or_apps(path: PurePosixPath) -> bool:
    return path.parts[0] in {"core", "columns", "apps"}


def everywhere(path: PurePosixPath) -> bool:
    return True


def everywhere_but_the_clock(path: PurePosixPath) -> bool:
    return path != PurePosixPath("config/clock.py")


def inside_the_edge(path: PurePosixPath) -> bool:
    return str(path) not in EDGES


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module a module imports, also within functions, with what is taken out of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)


def _foreign_imports(tree: ast.Module, path: PurePosixPath) -> Broken:
    for line, module in imported(tree):
        top = module.partition(".")[0]
        if top == "gbese":
            if module != "gbese" and not f"{module}.".startswith("gbese.core."):
                yield line, f"the core imports {module}"
        elif top not in sys.stdlib_module_names or top in NOT_IN_CORE:
            yield line, f"the core imports {module}"


def _floats(tree: ast.Module, path: PurePosixPath) -> Broken:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float()):
                yield node.lineno, "a float literal"
            case ast.Name(id="float"):
                yield node.lineno, "float"
            case ast.Attribute(value=ast.Name(id="math"), attr=attr) if attr not in EXACT_MATH:
                yield node.lineno, f"math.{attr} gives a float"
            case ast.ImportFrom(module="math", names=names):
                yield from (
                    (node.lineno, f"math.{name.name} gives a float")
                    for name in names
                    if name.name not in EXACT_MATH
                )


def _clocks(tree: ast.Module, path: PurePosixPath) -> Broken:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if (name, node.attr) in CLOCKS:
                yield node.lineno, f"{name}.{node.attr} reads a clock"


def _words(tree: ast.Module, path: PurePosixPath) -> Broken:
    for line, module in imported(tree):
        if module in WORDING:
            yield line, f"{module} is for the edge"
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for keyword in node.exc.keywords:
                fact = keyword.value
                parts = fact.values if isinstance(fact, ast.JoinedStr) else [fact]
                if any(
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and " " in part.value
                    for part in parts
                ):
                    yield fact.lineno, f"the fact {keyword.arg} is a sentence"


def _undocumented(tree: ast.Module, path: PurePosixPath) -> Broken:
    if ast.get_docstring(tree) is None:
        yield 1, "the module does not say what it is for"
    for node in tree.body:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and ast.get_docstring(node) is None
        ):
            yield node.lineno, f"{node.name} does not say what it is"


def _no_subject(tree: ast.Module, path: PurePosixPath) -> Broken:
    for part in (*path.parts[:-1], path.stem):
        if part in NO_SUBJECT:
            yield 1, f"a module named {part} has no subject"


def _catch_all(tree: ast.Module, path: PurePosixPath) -> Broken:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(
                kind is None
                or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})
                for kind in caught
            ) and not _ends_by_raising(node):
                yield node.lineno, "a catch-all except"


def _ends_by_raising(handler: ast.ExceptHandler) -> bool:
    """Whether the handler cleans up and lets the same failure go on."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _inexact_fields(tree: ast.Module, path: PurePosixPath) -> Broken:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="models"), attr=attr) if attr in INEXACT_FIELDS:
                yield node.lineno, f"models.{attr}"
            case ast.ImportFrom(module="django.db.models", names=names):
                yield from (
                    (node.lineno, name.name) for name in names if name.name in INEXACT_FIELDS
                )


def _signals(tree: ast.Module, path: PurePosixPath) -> Broken:
    for line, module in imported(tree):
        if module in SIGNALS or module.endswith(".signals"):
            yield line, f"{module}: call what must happen"


STANDARD_LIBRARY = Rule("the core imports the standard library alone", in_core, _foreign_imports)
NO_FLOATS = Rule("the core has no floats", in_core, _floats)
NO_CLOCK = Rule("only the clock reads the clock", everywhere_but_the_clock, _clocks)
NO_WORDS = Rule("core and apps have facts, the edge has words", in_core_or_apps, _words)
DOCUMENTED = Rule("what the core offers says what it is", in_core, _undocumented)
SUBJECTS = Rule("a module has a subject", everywhere, _no_subject)
NO_CATCH_ALL = Rule("only the outermost edge catches everything", inside_the_edge, _catch_all)
EXACT_FIELDS = Rule("columns are exact", everywhere, _inexact_fields)
NO_SIGNALS = Rule("there are no signals", everywhere, _signals)

RULES = (
    STANDARD_LIBRARY,
    NO_FLOATS,
    NO_CLOCK,
    NO_WORDS,
    DOCUMENTED,
    SUBJECTS,
    NO_CATCH_ALL,
    EXACT_FIELDS,
    NO_SIGNALS,
)
