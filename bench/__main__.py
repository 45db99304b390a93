"""`make bench`: calibrate the machine, then run each measurement; `python -m bench NAME` runs one.

A measurement is a module of this folder with a docstring that says what it measures and a function
`measure()` that prints its lines. It checks that its figures are right before it prints a time.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench
from bench._machine import calibrate


def main() -> int:
    names = sorted(
        module.name
        for module in pkgutil.iter_modules(bench.__path__)
        if not module.name.startswith("_")
    )
    wanted = sys.argv[1:] or names
    if unknown := sorted(set(wanted) - set(names)):
        print(f"no measurement {', '.join(unknown)}; there are {', '.join(names) or 'none'}")
        return 2
    calibrate()
    for name in wanted:
        module = importlib.import_module(f"bench.{name}")
        print(f"\n{name}: {(module.__doc__ or '').partition(chr(10))[0]}")
        module.measure()
    return 0


if __name__ == "__main__":
    sys.exit(main())
