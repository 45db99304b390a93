"""The OpenAPI document: what the framework knows, and every answer that is no success."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from gbese.interfaces.api.errors import MEDIA_TYPE, Problem
from gbese.interfaces.api.operations import (
    FILES_MAX,
    IDEMPOTENCY_KEY,
    MULTIPART,
    Area,
    Keyed,
    Operation,
)

_ALWAYS = {
    400: "The request cannot be read, or its address asks for what there is not.",
    401: "Nobody is signed in, or the token opens nothing.",
    403: "The caller may not do this.",
    405: "The address does not take this method.",
    422: "Something in the request is refused; `where` says what.",
    429: "Too many requests in a minute; `Retry-After` says how long to wait.",
    500: "Something failed on our side; nothing was changed.",
    503: "The books are busy; send the same request again.",
}
_NO_SUCH = {404: "What the address names does not exist."}
_WITH_BODY = {413: "The body is too large.", 415: "The body is of another media type."}
_WITH_EFFECT = {409: "The state things are in does not allow it, or the key is being worked on."}
_EDITED = {
    412: "It was changed since it was read; read it again.",
    428: "The header If-Match is missing.",
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}


class DocumentedAPI(NinjaAPI):
    """The API with all its answers declared."""

    areas: Sequence[Area] = ()

    @cached_property
    def document(self) -> dict[str, Any]:
        """The document, worked out once."""
        return documented(super().get_openapi_schema(), self.areas)

    def get_openapi_schema(self, **_given: Any) -> OpenAPISchema:  # noqa: ANN401
        """The document the framework's own views show."""
        return self.document  # type: ignore[return-value]


def documented(document: dict[str, Any], areas: Sequence[Area]) -> dict[str, Any]:
    """Complete what the framework knows: failures, keys, ETags, ways to sign in."""
    told = {operation.name: operation for area in areas for operation in area.operations}
    for methods in document["paths"].values():
        for found in methods.values():
            _complete(found, told[found["operationId"]])
    components = document["components"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of a role."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "The session of a browser; the header X-CSRFToken goes with it.",
        },
    }
    document["security"] = [{"token": []}, {"session": []}]
    document["tags"] = [{"name": name} for name in dict.fromkeys(area.title for area in areas)]
    return document


def _complete(found: dict[str, Any], operation: Operation) -> None:
    failures = dict(_ALWAYS)
    if "{" in operation.path:
        failures |= _NO_SUCH
    if operation.media_type:
        failures |= _WITH_BODY
    failures |= _WITH_EFFECT  # books that are not set up yet are a state too
    if operation.method == "PATCH":
        failures |= _EDITED
    answered = found["responses"].get(operation.status, {"description": ""})
    answered["description"] = "Done." if operation.method != "GET" else "Found."
    if operation.has_etag:
        answered["headers"] = {"ETag": {"schema": {"type": "string"}, "required": True}}
    if operation.answer_media != "application/json":
        answered["content"] = {operation.answer_media: {"schema": {"type": "string"}}}
    found["responses"] = {str(operation.status): answered} | {
        str(status): {"description": said, "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
        for status, said in sorted(failures.items())
    }
    if operation.media_type == MULTIPART:
        form = found["requestBody"]["content"][MULTIPART]["schema"]
        form["additionalProperties"] = False
        form["properties"]["files"] |= {"minItems": 1, "maxItems": FILES_MAX}
    if operation.keyed is not Keyed.NO:
        found["parameters"].append(_header(IDEMPOTENCY_KEY, _KEY_SAID, "^[!-~]{1,255}$"))
    if operation.method == "PATCH":
        found["parameters"].append(_header("If-Match", "The ETag it was read with.", ".+"))


_KEY_SAID = (
    "A word of your own for this one request. Sent again with the same body it is answered as the "
    "first time and has no second effect."
)


def _header(name: str, said: str, pattern: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": said,
        "schema": {"type": "string", "pattern": pattern},
    }
