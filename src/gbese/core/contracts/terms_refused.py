"""What is said of terms that contradict themselves."""

from __future__ import annotations

from typing import NoReturn

from gbese.core.errors import Refusal


class TermsRefused(Refusal):
    """The terms contradict themselves; `problem` is a stable word, `field_name` says where."""

    code = "terms_refused"


def refuse(problem: str, field_name: str, **facts: object) -> NoReturn:
    """Refuse terms.

    Raises:
        TermsRefused: always.
    """
    raise TermsRefused(problem=problem, field_name=field_name, **facts)
