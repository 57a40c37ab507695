"""No request breaks an endpoint, whether or not the schema allows it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text

from accounts import sessions
from accounts.registration import register
from api.application import create
from startup import Application
from tests.measurements import tell

pytestmark = pytest.mark.data_layer

API = create()
schema = schemathesis.openapi.from_asgi("/openapi.json", API)


# Far more than any response takes, even on a busy machine: anything slower is unbounded.
MOST_TIME = timedelta(seconds=20)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def _ask_all(application: Application, examples: int) -> Counter[tuple[str, bool]]:
    """Call every operation with generated bodies and parameters, as a guest and as Jane."""
    API.state.application = application
    jane = register(
        application.services.engine, email="jane@mail.com", password="a fine long sentence"
    )
    asked: Counter[tuple[str, bool]] = Counter()

    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)
        # A new session for each call: some endpoints end the session that calls them.
        token = sessions.open_session(application.services.engine, jane, days=1)
        mine = case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"})
        asked[case.operation.label, mine.status_code != 401] += 1

    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    for operation in operations:
        settings(
            max_examples=examples,
            deadline=MOST_TIME,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(given(operation.as_strategy())(ask))()

    assert {label for label, _ in asked} == {operation.label for operation in operations}
    assert {label for label, is_known in asked if not is_known} == {"POST /auth/login"}
    return asked


def test_no_response_violates_the_schema(application: Application) -> None:
    _ask_all(application, examples=10)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_none_of_ten_thousand_calls_breaks_an_endpoint(application: Application) -> None:
    calls = 2 * _ask_all(application, examples=290).total()
    tell(f"{calls:,} calls from the schema: no 500, none longer than {MOST_TIME}")
    assert calls >= 10_000
    with application.services.engine.connect() as connection:
        others = connection.scalar(
            text("SELECT count(*) FROM ratings WHERE rating * 2 <> trunc(rating * 2)")
        )
    assert others == 0, "ratings other than half-stars"
