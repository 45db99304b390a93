"""Interest that has accrued and waits to fall due."""

from __future__ import annotations

from datetime import date

from gbese.core.derivations.accruals import claim_elsewhere, claim_step, told
from gbese.core.derivations.steps import added, less
from gbese.core.derivations.subject import Subject
from gbese.core.derivations.tree import About, Derivation
from gbese.core.projections.rows import Cause, Step, adds
from gbese.core.servicing.events import Component

_INTEREST = Component.INTEREST


def pending_interest(
    subject: Subject, day: date, *, before: int, claim: int | None, but: int | None = None
) -> Derivation:
    """Interest accrued by a day and not due before a step: of each claim, accrued less due.

    Args:
        subject: the loan.
        day: up to which interest counts.
        before: the place of the step; what moved from there on is left out.
        claim: what of it is shown in full; None is all.
        but: a claim that is left out.
    """
    numbers = set(subject.loan.claims_begun(_INTEREST, day)) - {but}
    moved: dict[int, list[Derivation]] = {}
    came: dict[int, list[Derivation]] = {}
    for step in subject.loan.projection.steps[:before]:
        if step.component is not _INTEREST or step.claim == but:
            continue
        if _is_of_later(subject, step, day):
            continue
        if step.cause is Cause.DUE:
            moved.setdefault(step.claim, []).append(told(subject, step))
        elif adds(step.component, step.cause):
            came.setdefault(step.claim, []).append(told(subject, step))
    parts: list[Derivation] = []
    for number in sorted({0, *numbers, *moved, *came}, key=abs):
        accrued = list(came.get(number, ()))
        if number in numbers:
            key = (_INTEREST, number)
            is_shown = claim is None or number == claim
            show = claim_step if is_shown else claim_elsewhere
            accrued.insert(0, show(subject, key, day))
        due = moved.get(number, [])
        about = About(instalment=number if number > 0 else None)
        pending = _of_claim(accrued, due, about)
        if pending.number or number == claim:
            parts.append(pending)
        if number != claim and sum(part.number for part in parts) == 0:
            parts.clear()  # what was put off has fallen due with a later one
    return added("interest_pending", parts)


def _is_of_later(subject: Subject, step: Step, day: date) -> bool:
    """Whether a movement is of a period that begins on a day or after it."""
    row = subject.loan.plan.get(step.claim)
    return row is not None and row.period_start >= day


def _of_claim(accrued: list[Derivation], due: list[Derivation], about: About) -> Derivation:
    first = accrued[0] if len(accrued) == 1 else added("accrued", accrued, about=about)
    return less("interest_pending", first, *due, about=about)
