"""Long-term, short-term and overdue principal of many loans at a reporting date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gbese.columns.steps import Amounts, PrincipalSteps
from gbese.core.status.term import DAYS_LEFT_MAX, TermPolicy, twelve_months_after


@dataclass(frozen=True, slots=True)
class TermColumns:
    """One figure a loan, minor units; the three add up to the outstanding principal."""

    long_term: Amounts
    short_term: Amounts
    overdue: Amounts


def split_by_term(
    steps: PrincipalSteps,
    on: date,
    *,
    policy: TermPolicy,
    is_long_by_contract: NDArray[np.bool_],
    maturity: NDArray[np.int32],
) -> TermColumns:
    """Divide outstanding principal as `gbese.core.status.term.split_by_term` does for one loan.

    Args:
        steps: of the loans.
        on: the reporting date.
        policy: how a debt is divided.
        is_long_by_contract: one a loan.
        maturity: the ordinal of the maturity date; 0 where there is none.
    """
    outstanding = steps.outstanding(on)
    overdue = np.minimum(steps.overdue(on), np.maximum(outstanding, 0))
    rest = outstanding - overdue
    match policy:
        case TermPolicy.ORIGINAL_TERM:
            long_term = np.where(is_long_by_contract, rest, 0)
        case TermPolicy.DAYS_LEFT:
            days_left = np.where(maturity > 0, maturity - on.toordinal(), 0)
            long_term = np.where(is_long_by_contract & (days_left > DAYS_LEFT_MAX), rest, 0)
        case TermPolicy.REPORTING_DATE:
            later = np.maximum(steps.due_between(twelve_months_after(on), None), 0)
            long_term = np.where(maturity > 0, np.minimum(later, rest), 0)
    return TermColumns(long_term, rest - long_term, overdue)
