"""Whatever a program sends, every operation answers as its document says it does.

`GBESE_CONTRACT_EXAMPLES` asks for more requests of each operation: 300 is a good night's run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from gbese.interfaces.api.v1 import api
from gbese.interfaces.api.wording import FAULT_CODES
from tests.api.conftest import Callers

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = int(os.environ.get("GBESE_CONTRACT_EXAMPLES", "8"))
SEED = 20260310
# A body may be as the document says and yet make no sense: another day, another currency. What
# the document says of its shape, however, must be enough for the shape never to be refused.
OF_SHAPE = FAULT_CODES - {"text_malformed"}

schema = schemathesis.openapi.from_dict(api.document)
OPERATIONS = {
    result.ok().definition.raw["operationId"]: result.ok() for result in schema.get_all_operations()
}
load_all_checks()
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture
def application() -> Iterator[Any]:
    """The product as a server calls it, but on the connection of the test."""
    from gbese.config.wsgi import application

    for sent in (signals.request_started, signals.request_finished):
        sent.disconnect(close_old_connections)
    yield application
    for sent in (signals.request_started, signals.request_finished):
        sent.connect(close_old_connections)


@pytest.mark.usefixtures("loans")
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_as_declared(
    caller_of: Callers, name: str, parties: dict[str, int], application: Any
) -> None:
    program = caller_of("administrator", "fuzz")
    # What a program must not end while it is tried out: its own token and login.
    operation = OPERATIONS[name]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def holds(case: Case) -> None:
        case.path_parameters = _that_exist(case, parties)
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {program.token}"}
        response = case.call(app=application)
        case.validate_response(response, checks=CHECKS, additional_checks=[_shape_is_enough])
        assert response.status_code not in {401, 403, 405}, response.text

    holds()


def _shape_is_enough(context: Any, response: Any, case: Case) -> None:
    is_positive = case.meta is not None and case.meta.generation.mode.is_positive
    if is_positive and response.status_code in {400, 422}:
        assert json.loads(response.text)["code"] not in OF_SHAPE, response.text


def _that_exist(case: Case, parties: dict[str, int]) -> dict[str, Any]:
    """Parameters of the address as generated, some of them of what there is."""
    told = dict(case.path_parameters or {})
    if "loan_number" in told and len(str(told["loan_number"])) % 2:
        told["loan_number"] = "L/1"
    if "party" in told:
        told["party"] = parties["bank"]
    return told
