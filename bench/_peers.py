"""Other Python packages that make repayment schedules, asked for the same loan in their own way.

Each gives rows of (due, interest, principal, outstanding after) as it keeps them: floats where it
reckons in floats. None is needed to run Gbese; they are the extra `bench`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gbese.core import Currency, Money, ScheduleKind, common_terms, schedule

Row = tuple[Any, Any, Any, Any]
STARTS_ON = date(2026, 1, 31)
_NGN = Currency("NGN", 2)


@dataclass(frozen=True, slots=True)
class Case:
    """A loan in level monthly payments: hundredths, a fraction a year, months."""

    principal_minor: int
    rate: Decimal
    months: int


@dataclass(frozen=True, slots=True)
class Way:
    """A name and a function from a case to rows."""

    name: str
    rows: Callable[[Case], Sequence[Row]]


def ways() -> list[Way]:
    """Gbese first, then the peers that are installed; says which are missing."""
    found = [Way("gbese", _gbese)]
    for module, rows in _PEERS.items():
        try:
            importlib.import_module(module)
        except ModuleNotFoundError:
            print(f"{module} is not installed (pip install 'gbese[bench]'), so it is left out")
        else:
            found.append(Way(module, rows))
    return found


def _gbese(case: Case) -> list[Row]:
    terms = common_terms(
        ScheduleKind.ANNUITY,
        Money(case.principal_minor, _NGN),
        case.rate,
        case.months,
        STARTS_ON,
    )
    return [
        (
            Decimal(row.due).scaleb(-2),
            Decimal(row.interest).scaleb(-2),
            Decimal(row.principal).scaleb(-2),
            Decimal(row.outstanding_after).scaleb(-2),
        )
        for row in schedule(terms).instalments
    ]


def _amortization(case: Case) -> list[Row]:
    from amortization.schedule import amortization_schedule

    rows = amortization_schedule(case.principal_minor / 100, float(case.rate), case.months)
    return [(row.amount, row.interest, row.principal, row.balance) for row in rows]


def _mortgagemath(case: Case) -> list[Row]:
    from mortgagemath import LoanParams, PaymentRounding, amortization_schedule

    loan = LoanParams(
        principal=Decimal(case.principal_minor).scaleb(-2),
        annual_rate=case.rate.scaleb(2),
        term_months=case.months,
        payment_rounding=PaymentRounding.ROUND_HALF_UP,
    )
    rows = [row for row in amortization_schedule(loan) if row.number]
    return [(row.payment, row.interest, row.principal, row.balance) for row in rows]


def _pyloan(case: Case) -> list[Row]:
    from pyloan.pyloan import Loan

    loan = Loan(
        loan_amount=case.principal_minor / 100,
        interest_rate=float(case.rate * 100),
        loan_term=case.months,
        loan_term_period="M",
        start_date=STARTS_ON.isoformat(),
        payment_end_of_month=True,
    )
    rows = loan.get_payment_schedule()[1:]
    return [
        (row.payment_amount, row.interest_amount, row.principal_amount, row.loan_balance_amount)
        for row in rows
    ]


def _numpy_financial(case: Case) -> list[Row]:
    """The formulas as its documentation shows them: nothing is rounded."""
    import numpy as np
    import numpy_financial as npf

    monthly, amount = float(case.rate) / 12, case.principal_minor / 100
    periods = np.arange(1, case.months + 1)
    interest = -npf.ipmt(monthly, periods, case.months, amount)
    principal = -npf.ppmt(monthly, periods, case.months, amount)
    left = amount - np.cumsum(principal)
    due = interest + principal
    return list(
        zip(due.tolist(), interest.tolist(), principal.tolist(), left.tolist(), strict=True)
    )


_PEERS: dict[str, Callable[[Case], Sequence[Row]]] = {
    "amortization": _amortization,
    "mortgagemath": _mortgagemath,
    "pyloan": _pyloan,
    "numpy_financial": _numpy_financial,
}
