"""How an operation is declared, and all that happens before and after it.

In this order: who calls, may they, is the request one that can be read, is its key new; then the
operation itself, once; then its answer. An operation is a function of typed values that returns a
typed answer, and its name is its id in OpenAPI and in the table of rights.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.parser import Parser
from pydantic import BaseModel

from gbese.apps.identity import services
from gbese.apps.identity.acts import Act
from gbese.apps.identity.queries import Caller
from gbese.apps.identity.services import Answer, request_id_of
from gbese.config import clock
from gbese.core.errors import Refusal
from gbese.interfaces.api.callers import caller_of, require_right
from gbese.interfaces.api.errors import ProblemRaised, Told
from gbese.interfaces.api.wording import fault_text
from gbese.interfaces.requests import act_of
from gbese.interfaces.sizes import MEGABYTE

JSON = "application/json"
MULTIPART = "multipart/form-data"
IDEMPOTENCY_KEY = "Idempotency-Key"
FILES_MAX = 20
_KEY_LETTERS_MAX = 255
_MULTIPART_OVERHEAD = MEGABYTE

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Keyed(StrEnum):
    """Whether a request carries a key, and what sending it twice is held together by."""

    NO = "no"
    ONE_TRANSACTION = "one_transaction"  # effect and answer are stored together
    BY_ITSELF = "by_itself"  # the effect is the same however often it is asked for


class IdempotencyKeyMissing(Refusal):
    """A request with an effect came without a key."""

    code = "idempotency_key_missing"


class IdempotencyKeyMalformed(Refusal):
    """The key is empty, too long, or has spaces or letters beyond ASCII. Facts: `most`."""

    code = "idempotency_key_malformed"


@dataclass(frozen=True, slots=True)
class Operation:
    """What is declared of an operation."""

    name: str
    method: str
    path: str
    status: int
    media_type: str  # of the body; empty where there is none
    parameters: frozenset[str]
    several: frozenset[str]  # parameters that may be given more than once
    keyed: Keyed
    has_etag: bool
    answer_media: str


@dataclass(slots=True)
class Area:
    """The operations of one area, under one heading of the documentation."""

    title: str
    router: Router = field(init=False)
    operations: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.router = Router(tags=[self.title])

    def get(
        self,
        path: str,
        *,
        answers: Any,  # noqa: ANN401 - a type
        has_etag: bool = False,
        media: str = JSON,
    ) -> Callable[[Handler], Handler]:
        """Declare a read."""
        return self._declare("GET", path, answers, has_etag=has_etag, answer_media=media)

    def post(
        self,
        path: str,
        *,
        answers: Any,  # noqa: ANN401 - a type
        status: int = 200,
        keyed: Keyed = Keyed.NO,
        media_type: str = JSON,
    ) -> Callable[[Handler], Handler]:
        """Declare an act, or a calculation that stores nothing."""
        return self._declare(
            "POST", path, answers, status=status, keyed=keyed, media_type=media_type
        )

    def patch(self, path: str, *, answers: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401
        """Declare a change of what was read before: it needs the ETag it was read with."""
        return self._declare("PATCH", path, answers, media_type=JSON, has_etag=True)

    def delete(self, path: str) -> Callable[[Handler], Handler]:
        """Declare the end of something; it answers with nothing."""
        return self._declare("DELETE", path, None, status=204)

    def _declare(
        self,
        method: str,
        path: str,
        answers: Any,  # noqa: ANN401 - a type
        *,
        status: int = 200,
        keyed: Keyed = Keyed.NO,
        media_type: str = "",
        has_etag: bool = False,
        answer_media: str = JSON,
    ) -> Callable[[Handler], Handler]:
        def declared(handler: Handler) -> Handler:
            signature = inspect.signature(handler, eval_str=True)
            takes_body = any(name in {"body", "files"} for name in signature.parameters)
            operation = Operation(
                name=handler.__name__,
                method=method,
                path=path,
                status=status,
                media_type=(media_type or JSON) if takes_body else "",
                parameters=frozenset(_parameters(signature)),
                several=frozenset(_several(signature)),
                keyed=keyed,
                has_etag=has_etag,
                answer_media=answer_media,
            )
            self.operations.append(operation)
            lines = inspect.cleandoc(handler.__doc__ or "").partition("\n")
            self.router.api_operation(
                [method],
                path,
                auth=_Gate(operation),
                response={status: answers if answer_media == JSON else None},
                operation_id=handler.__name__,
                summary=lines[0].rstrip("."),
                description=lines[2].strip() or lines[0],
                url_name=handler.__name__,
            )(_called(operation, handler, signature))
            return handler

        return declared


class StrictParser(Parser):
    """JSON as it was meant: no name twice in an object, no NaN."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401
        """The body as Python reads it; any failure is a body that cannot be read."""
        return json.loads(
            request.body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_no_such_number,
        )


def caller(request: HttpRequest) -> Caller:
    """Who made this request; known since the gate."""
    known: Caller = request.auth  # type: ignore[attr-defined]
    return known


def api_act(request: HttpRequest) -> Act:
    """The act of this request; with a key, the same however often it is sent."""
    key = request.headers.get(IDEMPOTENCY_KEY)
    route = getattr(request, "gbese_route", "")
    request_id = (
        request_id_of(login=caller(request).login, route=route, key=key) if key and route else None
    )
    return act_of(request, channel="api", request_id=request_id)


@dataclass(frozen=True, slots=True)
class _Gate:
    """Stands before one operation: nothing of the request is read before its caller is known."""

    operation: Operation

    def __call__(self, request: HttpRequest) -> Caller | None:
        known = caller_of(request)
        if known is None:
            return None
        require_right(known, self.operation.name)
        self._require_readable(request)
        if self.operation.keyed is not Keyed.NO:
            _require_key(request)
        return known

    def _require_readable(self, request: HttpRequest) -> None:
        for name in request.GET:
            if name not in self.operation.parameters:
                raise _fault("field_unknown", f"query.{name[:100]}", parameter=name[:100])
            if name not in self.operation.several and len(request.GET.getlist(name)) > 1:
                raise _fault("given_twice", f"query.{name}", parameter=name)
        if not self.operation.media_type:
            return
        if request.content_type != self.operation.media_type:
            raise ProblemRaised(
                Told(
                    415,
                    "media_type_unsupported",
                    facts={"media_type": self.operation.media_type},
                    where="header.Content-Type",
                )
            )
        most = (
            settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            if self.operation.media_type == JSON
            else settings.ENVIRONMENT.upload_bytes + _MULTIPART_OVERHEAD
        )
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdecimal() and int(length) > most:
            raise ProblemRaised(Told(413, "body_too_large", facts={"bytes_max": most}))


def _called(
    operation: Operation, handler: Callable[..., Any], signature: inspect.Signature
) -> Callable[..., HttpResponseBase]:
    """The operation as it is called: with its key where it has one, and answered as JSON."""

    def called(request: HttpRequest, **given: Any) -> HttpResponseBase:  # noqa: ANN401
        def work() -> Answer:
            return _answer(operation, handler(request, **given))

        match operation.keyed:
            case Keyed.NO:
                done = handler(request, **given)
                if isinstance(done, HttpResponseBase):
                    return done
                answer = _answer(operation, done)
            case Keyed.ONE_TRANSACTION:
                answer = _once(operation, request, work)
            case Keyed.BY_ITSELF:
                request.gbese_route = _route(operation)  # type: ignore[attr-defined]
                done_by_itself = work()
                answer = _once(operation, request, lambda: done_by_itself)
        response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
        if not answer.body:
            del response["Content-Type"]
        if operation.has_etag:
            response["ETag"] = etag(answer.body)
        if answer.is_repeated:
            response["Idempotency-Replayed"] = "true"
        response["Cache-Control"] = "no-store"
        return response

    called.__name__ = handler.__name__
    called.__doc__ = handler.__doc__
    called.__module__ = handler.__module__
    called.__signature__ = signature  # type: ignore[attr-defined]  # what the framework reads
    return called


def etag(body: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


class EtagMissing(Refusal):
    """A change came without the ETag of what it changes."""

    code = "etag_missing"


class EtagDiffers(Refusal):
    """What is to be changed is no longer as it was read."""

    code = "etag_differs"


def require_unchanged(request: HttpRequest, current: BaseModel) -> None:
    """Refuse to change what is not as the caller read it.

    Raises:
        EtagMissing, EtagDiffers: by the header If-Match.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise EtagMissing
    if given.strip() != etag(_json(current)):
        raise EtagDiffers


def _answer(operation: Operation, told: BaseModel | None) -> Answer:
    body = b"" if told is None else _json(told)
    return Answer(operation.status, JSON, body)


def _json(told: BaseModel) -> bytes:
    return told.model_dump_json().encode()


def _once(operation: Operation, request: HttpRequest, work: Callable[[], Answer]) -> Answer:
    route = _route(operation)
    request.gbese_route = route  # type: ignore[attr-defined]
    return services.answer_once(
        login=caller(request).login,
        route=route,
        key=request.headers[IDEMPOTENCY_KEY],
        body=_what_was_asked(operation, request),
        recorded_at=clock.now(),
        work=work,
    )


def _route(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _what_was_asked(operation: Operation, request: HttpRequest) -> bytes:
    """What must be the same when a key comes again: the address, and the body or the files."""
    if operation.media_type != MULTIPART:
        return request.get_full_path().encode() + b"\n" + request.body
    digest = hashlib.sha256(request.get_full_path().encode())
    for name, values in sorted(request.POST.lists()):
        digest.update(json.dumps([name, values]).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            digest.update(json.dumps([name, file.name, content.hexdigest()]).encode())
    return digest.digest()


def _require_key(request: HttpRequest) -> None:
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        raise IdempotencyKeyMissing
    is_sound = key.isascii() and key.isprintable() and " " not in key
    if not is_sound or not 1 <= len(key) <= _KEY_LETTERS_MAX:
        raise IdempotencyKeyMalformed(most=_KEY_LETTERS_MAX)


def _parameters(signature: inspect.Signature) -> Iterable[str]:
    for kind in _gathered(signature):
        yield from kind.model_fields


def _several(signature: inspect.Signature) -> Iterable[str]:
    for kind in _gathered(signature):
        for name, told in kind.model_fields.items():
            if getattr(told.annotation, "__origin__", None) is list:
                yield name


def _gathered(signature: inspect.Signature) -> Iterable[type[BaseModel]]:
    """The model that an address's parameters are gathered in."""
    for name, parameter in signature.parameters.items():
        if name == "asked":
            yield getattr(parameter.annotation, "__origin__", parameter.annotation)


def _fault(code: str, where: str, **facts: object) -> ProblemRaised:
    return ProblemRaised(
        Told(400, code, detail=fault_text({"type": code}, where), where=where, facts=facts)
    )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError
    return named


def _no_such_number(name: str) -> Any:  # noqa: ANN401 - the parser's own signature
    raise ValueError(name)
