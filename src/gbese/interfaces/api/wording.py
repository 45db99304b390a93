"""The sentences of the API: what is wrong with a request before a service sees it.

What services refuse is worded as on the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gbese.core.errors import Refusal

# These word what their areas refuse.
from gbese.interfaces.web import refusals as _words_of_loans  # noqa: F401
from gbese.interfaces.web.books import wording as _words_of_books  # noqa: F401
from gbese.interfaces.web.imports import wording as _words_of_imports  # noqa: F401
from gbese.interfaces.web.wording import refusal_text, word_refusals

refusal_sentence = refusal_text

word_refusals(
    {
        "idempotency_key_missing": _(
            "This request has an effect, so it needs a header Idempotency-Key that is its own."
        ),
        "idempotency_key_malformed": _(
            "An Idempotency-Key has 1 to %(most)s letters, digits and signs of ASCII, no spaces."
        ),
        "right_missing": _("This needs the right %(right)s, which the caller does not have."),
        "etag_missing": _("Send the header If-Match with the ETag of what is to be changed."),
        "etag_differs": _("Somebody has changed it since it was read. Read it again."),
    }
)

_PROBLEMS: dict[str, str | Promise] = {
    "sign_in_needed": _("Sign in first, or send a token that is in force."),
    "csrf_failed": _("A request by a session needs the header X-CSRFToken of that session."),
    "not_found": _("There is nothing at this address."),
    "method_not_allowed": _("This address does not take %(method)s."),
    "body_unreadable": _("The body is not JSON that can be read."),
    "request_unreadable": _("The request cannot be read."),
    "refused_request": _("The request cannot be carried out."),
    "body_too_large": _("The body is larger than this installation accepts."),
    "media_type_unsupported": _("Send the body as %(media_type)s."),
    "too_many_requests": _("Too many requests in a minute. Wait, then go on."),
    "database_busy": _("The books are busy. Send the same request again in a moment."),
    "failed": _("Something failed on our side; nothing was changed. Its number: %(request_id)s."),
}

_FAULT_CODES = {
    "extra_forbidden": "field_unknown",
    "missing": "field_missing",
    "string_type": "not_text",
    "string_too_short": "text_too_short",
    "string_too_long": "text_too_long",
    "string_pattern_mismatch": "text_malformed",
    "string_unicode": "text_malformed",
    "enum": "word_unknown",
    "literal_error": "word_unknown",
    "int_type": "not_whole_number",
    "int_from_float": "not_whole_number",
    "int_parsing": "not_whole_number",
    "bool_type": "not_yes_or_no",
    "greater_than_equal": "number_too_small",
    "less_than_equal": "number_too_large",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "too_long": "list_too_long",
    "too_short": "list_too_short",
    "model_type": "not_object",
    "model_attributes_type": "not_object",
    "dict_type": "not_object",
}

_FAULTS: dict[str, str | Promise] = {
    "field_unknown": _("%(where)s: there is no such field."),
    "field_missing": _("%(where)s is missing."),
    "not_text": _("%(where)s must be text, in quotes."),
    "text_too_short": _("%(where)s must have at least %(min_length)s characters."),
    "text_too_long": _("%(where)s may have at most %(max_length)s characters."),
    "text_malformed": _("%(where)s is not written as it must be."),
    "word_unknown": _("%(where)s must be one of %(expected)s."),
    "not_whole_number": _("%(where)s must be a whole number."),
    "not_yes_or_no": _("%(where)s must be true or false."),
    "number_too_small": _("%(where)s must be at least %(ge)s."),
    "number_too_large": _("%(where)s may be at most %(le)s."),
    "not_list": _("%(where)s must be a list."),
    "list_too_long": _("%(where)s may have at most %(max_length)s items."),
    "list_too_short": _("%(where)s must have at least %(min_length)s items."),
    "not_object": _("%(where)s must be an object of named fields."),
    "not_date": _("%(where)s must be a date of the calendar, as 2026-01-31, from 1900 to 2200."),
    "not_amount": _(
        "%(where)s must be an amount in text: digits, and a dot before the decimals: “1234.50”."
    ),
    "not_rate": _(
        "%(where)s must be a rate in text, a fraction of one: “0.24” is 24 per cent a year."
    ),
    "given_twice": _("%(where)s is given twice."),
    "one_of_two": _("%(where)s must have exactly one of %(names)s."),
    "too_many_periods": _("%(where)s: the terms make more than %(most)s due dates."),
    "currencies_differ": _("%(where)s: all amounts must be in %(currency)s."),
}


FAULT_CODES = frozenset(_FAULT_CODES.values()) | {"not_date", "not_amount", "not_rate"}


def problem_text(code: str, facts: Mapping[str, object]) -> str:
    """The sentence of a problem that no service refuses."""
    sentence = _PROBLEMS.get(code)
    return str(sentence) % dict(facts) if sentence is not None else code.replace("_", " ")


def fault_code(kind: str) -> str:
    """The stable word for what the validator found."""
    return _FAULT_CODES.get(kind, kind)


def fault_text(error: Mapping[str, Any], where: str) -> str:
    """The sentence for one fault of a request; a refusal met while reading is worded as such."""
    code = fault_code(error["type"])
    facts = dict(error.get("ctx", {}))
    sentence = _FAULTS.get(code)
    if sentence is not None:
        return str(sentence) % {**_NO_FACTS, **facts, "where": where}
    met = Refusal(**facts)
    met.code = code  # type: ignore[misc]  # one of many, known by its code alone
    return refusal_text(met)


_NO_FACTS = dict.fromkeys(("min_length", "max_length", "expected", "ge", "le"), "…")


def is_worded(code: str) -> bool:
    """Whether a fault or a problem of the API has a sentence."""
    return code in _FAULTS or code in _PROBLEMS


def job_failed_text() -> str:
    """What is told of a job that ended without an effect."""
    return gettext("It failed and left nothing behind.")
