"""The base of every refusal: a stable code and typed facts, worded at the edge."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Something asked for cannot be done; nothing has changed.

    A subclass sets `code`, a stable word that screens and the API translate, and passes the facts
    a person needs (what, where, which limit) by name. Facts are values, never sentences.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        told = ", ".join(f"{name}={fact}" for name, fact in facts.items())
        super().__init__(f"{self.code}: {told}" if told else self.code)
