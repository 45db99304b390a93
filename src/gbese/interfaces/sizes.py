"""The unit in which people are told how large a file may be."""

from __future__ import annotations

MEGABYTE = 1024 * 1024  # bytes
