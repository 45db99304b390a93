"""Version 1 of the API: its areas, its document, and the page that shows it."""

from __future__ import annotations

from gbese.interfaces.api.errors import answer_failures
from gbese.interfaces.api.openapi import DocumentedAPI
from gbese.interfaces.api.operations import StrictParser
from gbese.interfaces.api.v1 import (
    audit,
    books,
    facts,
    imports,
    loan,
    loans,
    methods,
    parties,
    people,
    rates,
    reports,
    why,
)
from gbese.interfaces.api.v1.documentation import OwnSwagger, signed_in_only

AREAS = (
    loans.area,
    facts.area,
    parties.area,
    rates.area,
    imports.area,
    books.area,
    methods.area,
    reports.area,
    people.area,
    audit.area,
    why.area,
    loan.area,  # last: its address ends with the loan's number, which may have slashes
)

api = DocumentedAPI(
    title="Gbese",
    version="1",
    description=(
        "Loans and the books behind them. Amounts are exact text with their currency, rates are "
        "fractions in text, days are ISO dates. A request with an effect carries an "
        "Idempotency-Key: sent again, it is answered as before. Every failure has one shape."
    ),
    urls_namespace="api",
    docs=OwnSwagger(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    docs_decorator=signed_in_only,
    parser=StrictParser(),
)
api.areas = AREAS
for _area in AREAS:
    api.add_router("", _area.router)
answer_failures(api)
