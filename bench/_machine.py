"""What the machine can do, so that figures of two machines can be compared."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

SAMPLES = 5
COPIED_BYTES = 256 * 1024 * 1024
SYNCS = 200


def calibrate() -> None:
    """Print the machine and three speeds of it: Python, memory, the disk's promises."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"python loop   {min(_loop() for _ in range(SAMPLES)) * 1e9 / 1_000_000:8.1f} ns a step")
    print(f"memory copy   {max(_copy() for _ in range(SAMPLES)) / 1e9:8.1f} GB/s")
    print(f"disk sync     {_sync() * 1e3:8.2f} ms (median of {SYNCS})")


def percentile(seconds: Sequence[float], hundredths: int) -> float:
    """The time that `hundredths` per cent of the samples do not pass."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)]


def _loop() -> float:
    began = time.perf_counter()
    count = 0
    for number in range(1_000_000):
        count += number
    return time.perf_counter() - began


def _copy() -> float:
    source = np.ones(COPIED_BYTES, dtype=np.uint8)
    target = np.empty_like(source)
    np.copyto(target, source)
    began = time.perf_counter()
    np.copyto(target, source)
    return COPIED_BYTES / (time.perf_counter() - began)


def _sync() -> float:
    times = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        descriptor = os.open(Path(folder) / "sync", os.O_WRONLY | os.O_CREAT, 0o600)
        for _ in range(SYNCS):
            began = time.perf_counter()
            os.write(descriptor, b"x" * 4096)
            os.fsync(descriptor)
            times.append(time.perf_counter() - began)
        os.close(descriptor)
    return statistics.median(times)
