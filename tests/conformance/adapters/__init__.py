"""One adapter per kind of case: it reads the terms, calls the engine, compares, and never computes.

`ADAPTERS[kind](case)` returns the first difference, or None; it raises `Unsupported` where the
engine has no such method.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.adapters import (
    accounting,
    amortisation,
    amortisation_given,
    apr,
    apr_interval,
    contract_events,
    daily_interest,
    date_schedule,
    due_dates,
    effective_interest,
    instalment_model,
    irr,
    loan_timeline,
    year_fraction,
)
from tests.conformance.cases import Case

ADAPTERS: dict[str, Callable[[Case], str | None]] = {
    "contract_events": contract_events.run,
    "year_fraction": year_fraction.run,
    "date_schedule": date_schedule.run,
    "due_dates": due_dates.run,
    "apr": apr.run,
    "apr_interval": apr_interval.run,
    "amortisation": amortisation.run,
    "amortisation_given_payments": amortisation_given.run,
    "daily_interest_loan": daily_interest.run,
    "effective_interest": effective_interest.run,
    "fee_spreading": effective_interest.run_fee_spreading,
    "modification_test": accounting.run_modification,
    "foreign_currency_loan": accounting.run_foreign_currency,
    "current_noncurrent": accounting.run_current_part,
    "irr_dated": irr.run_dated,
    "irr_periodic": irr.run_periodic,
    "instalment_model": instalment_model.run,
    "loan_timeline": loan_timeline.run,
}
