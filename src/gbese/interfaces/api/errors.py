"""The one shape of every answer that is no success, and how each failure gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from http import HTTPStatus
from typing import Any, cast

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, ConfigDict, Field

from gbese.core.errors import Refusal
from gbese.interfaces.api import wording
from gbese.interfaces.requests import id_of

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 1
_NUMBERED_PLACES = 6  # deeper places are cut: nobody reads them

_log = structlog.stdlib.get_logger("gbese.api")

# What is not there, by the address that was called.
_NOT_FOUND = frozenset(
    {
        "loan_unknown", "import_unknown", "entry_unknown", "user_unknown", "token_unknown",
        "party_unknown", "calendar_unknown", "rate_unknown", "method_change_unknown",
    }
)  # fmt: skip
# What is refused for the state things are in; the same request may succeed later.
_CONFLICTS = frozenset(
    {
        "already_imported", "already_reversed", "already_set_up", "books_already_set_up",
        "books_not_set_up", "close_backwards", "close_before_books", "close_beyond_tomorrow",
        "confirmed_by_same_person",
        "day_not_open", "earlier_period_open", "event_reversed_already", "import_built_upon",
        "import_continued_later", "import_file_missing", "import_has_faults", "import_is_empty",
        "import_loans_changed", "import_not_committed", "import_not_planned", "import_plan_changed",
        "last_administrator", "later_period_closed", "loan_number_taken", "loan_set_aside",
        "loan_written_off", "login_taken", "mapping_name_taken",
        "approved_by_proposer", "books_moved_on", "method_change_approved",
        "method_change_outdated",
        "method_changes_nothing", "period_closed", "period_not_over",
        "period_open", "rate_not_awaiting_confirmation", "rate_request_reused", "request_reused",
        "request_still_running", "side_not_kept",
    }
)  # fmt: skip
_STATUSES = {
    "idempotency_key_missing": 400,
    "idempotency_key_malformed": 400,
    "file_too_large": 413,
    "clock_ran_backwards": 503,
    "right_missing": 403,
    "etag_missing": 428,
    "etag_differs": 412,
}
# Where in the request the cause of a refusal stands.
_PLACES = {
    "amount_not_positive": "body.amount",
    "charge_above_ceiling": "body.amount",
    "currency_mismatch": "body.amount.currency",
    "drawdown_above_limit": "body.amount",
    "drawdown_after_maturity": "body.value_date",
    "entity_not_party": "body.side",
    "entity_on_other_side": "body.side",
    "event_reversed_already": "body.event_number",
    "event_unknown": "body.event_number",
    "idempotency_key_malformed": "header.Idempotency-Key",
    "idempotency_key_missing": "header.Idempotency-Key",
    "idempotency_key_reused": "header.Idempotency-Key",
    "instruction_exceeds_payment": "body.instruction",
    "lender_is_borrower": "body.borrower",
    "loan_number_taken": "body.loan_number",
    "login_malformed": "body.login",
    "login_taken": "body.login",
    "password_weak": "body.password",
    "reason_missing": "body.reason",
    "refund_exceeds_unallocated": "body.amount",
    "role_above_own": "body.role",
    "role_unknown": "body.role",
    "side_not_kept": "body.side",
    "token_life_too_long": "body.lives_days",
    "value_date_after_open_day": "body.value_date",
    "value_date_before_drawdown": "body.value_date",
    "value_date_before_takeover": "body.value_date",
    "waiver_exceeds_claim": "body.amount",
    "etag_differs": "header.If-Match",
    "etag_missing": "header.If-Match",
}


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description="A stable word.")
    detail: str = Field(description="A sentence in the language asked for.")
    where: str = Field(description="The place in the request: body.amount, query.limit.")


class Problem(BaseModel):
    """Why a request did not succeed; nothing has changed. RFC 9457."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="urn:gbese:problem: and the code.")
    title: str = Field(description="What kind of answer this is.")
    status: int
    code: str = Field(description="A stable word; programs decide by it.")
    detail: str = Field(description="A sentence in the language asked for.")
    facts: dict[str, str] = Field(description="What the sentence is made of.")
    where: str = Field(description="The place in the request; empty where it is no one place.")
    errors: list[Fault] = Field(description="All that is wrong, where there is more than one.")


@dataclass(frozen=True, slots=True)
class Told:
    """A problem on its way out."""

    status: int
    code: str
    detail: str = ""
    where: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    errors: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class ProblemRaised(Exception):
    """A request that ends with a problem that no service refuses."""

    def __init__(self, told: Told) -> None:
        self.told = told
        super().__init__(told.code)


class NamesNothing(Exception):
    """Something named in the body does not exist: it is the body that is wrong, not the address."""

    def __init__(self, refusal: Refusal, where: str) -> None:
        self.refusal, self.where = refusal, where
        super().__init__(refusal.code)


def problem(told: Told) -> HttpResponse:
    """The answer of a problem."""
    body = Problem(
        type=f"urn:gbese:problem:{told.code}",
        title=HTTPStatus(told.status).phrase,
        status=told.status,
        code=told.code,
        detail=told.detail or wording.problem_text(told.code, told.facts),
        facts={name: _plain(fact) for name, fact in told.facts.items()},
        where=told.where,
        errors=list(told.errors),
    )
    answer = HttpResponse(
        body.model_dump_json().encode(),
        status=told.status,
        content_type=MEDIA_TYPE,
        headers=dict(told.headers),
    )
    # The log has the request's line already; the framework's own would tell the address too.
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return answer


def of_refusal(refusal: Refusal, *, where: str = "", status: int | None = None) -> Told:
    """A refusal as a problem: its status by its code, its sentence as the pages word it."""
    status = status or status_of(refusal.code)
    place = where or _PLACES.get(refusal.code, "")
    if refusal.code == "terms_refused":
        place = f"body.terms.{refusal.facts.get('field_name', '')}"
    return Told(
        status,
        refusal.code,
        detail=wording.refusal_sentence(refusal),
        where=place,
        facts=refusal.facts,
        headers={"Retry-After": str(_RETRY_SECONDS)} if status in {409, 503} else {},
    )


def status_of(code: str) -> int:
    """The HTTP status of a refusal's code."""
    if code in _NOT_FOUND:
        return 404
    if code in _CONFLICTS:
        return 409
    return _STATUSES.get(code, 422)


def answer_failures(api: NinjaAPI) -> None:
    """Give every failure of the API its shape."""
    for kind, told in (
        (ProblemRaised, lambda failure: failure.told),
        (Refusal, of_refusal),
        (NamesNothing, lambda f: of_refusal(f.refusal, where=f.where, status=422)),
        (ValidationError, _of_faults),
        (AuthenticationError, lambda _: unauthenticated()),
        (RequestDataTooBig, lambda _: Told(413, "body_too_large")),
        (SuspiciousOperation, lambda _: Told(400, "request_unreadable")),
        (UnreadablePostError, lambda _: Told(400, "request_unreadable")),
        (MultiPartParserError, lambda _: Told(400, "request_unreadable")),
        (HttpError, _of_http_error),
        (Http404, lambda _: Told(404, "not_found")),
        (OperationalError, _of_busy_database),
    ):
        _answer(api, cast("type[Exception]", kind), told)

    @api.exception_handler(Exception)
    def failed(request: HttpRequest, failure: Exception) -> HttpResponse:
        _log.error("request failed", exc_info=failure)
        return problem(Told(500, "failed", facts={"request_id": id_of(request)}))


def unauthenticated() -> Told:
    """Nobody is signed in, or the token opens nothing."""
    return Told(401, "sign_in_needed", headers={"WWW-Authenticate": 'Bearer realm="gbese"'})


def _answer(api: NinjaAPI, kind: type[Exception], told: Any) -> None:  # noqa: ANN401 - a table
    def handler(request: HttpRequest, failure: Any) -> HttpResponse:  # noqa: ANN401
        return problem(told(failure))

    api.add_exception_handler(kind, handler)


def _of_http_error(failure: HttpError) -> Told:
    code = "body_unreadable" if failure.status_code == HTTPStatus.BAD_REQUEST else "refused_request"
    return Told(failure.status_code, code)


def _of_busy_database(failure: OperationalError) -> Told:
    _log.warning("database busy", exc_info=failure)
    return Told(503, "database_busy", headers={"Retry-After": str(_RETRY_SECONDS)})


def _of_faults(failure: ValidationError) -> Told:
    faults = [_fault(error) for error in failure.errors]
    first = failure.errors[0]
    is_of_address = all(fault.where.partition(".")[0] in _ADDRESS for fault in faults)
    return Told(
        HTTPStatus.BAD_REQUEST if is_of_address else HTTPStatus.UNPROCESSABLE_ENTITY,
        faults[0].code,
        detail=faults[0].detail,
        where=faults[0].where,
        facts={
            name: fact
            for name, fact in first.get("ctx", {}).items()
            if isinstance(fact, str | int | date)
        },
        errors=faults if len(faults) > 1 else (),
    )


def _fault(error: Mapping[str, Any]) -> Fault:
    source, *path = error["loc"]
    if path and path[0] in _LEVELS:
        path = path[1:]
    place = ".".join(str(part) for part in (source, *path[:_NUMBERED_PLACES]))
    return Fault(
        code=wording.fault_code(error["type"]),
        detail=wording.fault_text(error, place),
        where=place[:200],
    )


_ADDRESS = frozenset({"path", "query"})
_LEVELS = frozenset({"asked", "body", "form"})  # names under which the operations gather fields


def _plain(fact: object) -> str:
    match fact:
        case Enum():
            return str(fact.value)
        case date() | datetime():
            return fact.isoformat()
        case tuple() | list() | frozenset():
            return ", ".join(_plain(one) for one in fact)
        case _:
            return str(fact)
