"""No request that the schema allows, and none that it forbids, breaks a handle."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.application import create
from startup import Application

pytestmark = pytest.mark.data_layer

schema = schemathesis.openapi.from_asgi("/openapi.json", create())


@pytest.fixture(autouse=True)
def _application(application: Application) -> Application:
    return application


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_breaks_the_schema(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ]
    )
