"""README.md and docs/api.md list exactly the existing endpoints."""

import re
from pathlib import Path

import pytest

from api.application import create

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("file", ["README.md", "docs/api.md"])
def test_every_endpoint_is_listed_under_its_name(file: str) -> None:
    endpoints = {
        (f"{method.upper()} /api{path}", operation["summary"])
        for path, operations in create().openapi()["paths"].items()
        for method, operation in operations.items()
    }
    rows = re.findall(
        r"^\| `([A-Z]+ /api[^`]*)` \| ([^|]+?) \|", (ROOT / file).read_text(), re.MULTILINE
    )
    assert set(rows) == endpoints


def test_every_operation_documents_what_it_does_and_how_it_fails() -> None:
    for path, operations in create().openapi()["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], f"{method} {path}"
            takes_input = operation.get("parameters") or operation.get("requestBody")
            assert not takes_input or "422" in operation["responses"], f"{method} {path}"


def test_every_status_is_documented() -> None:
    words = (ROOT / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| `([A-Z]+ /api[^`]*)` \|.*\| ([0-9 ]+) \|$", words, re.MULTILINE)
    told = {endpoint: set(statuses.split()) for endpoint, statuses in rows}
    given = {
        f"{method.upper()} /api{path}": set(operation["responses"]) - {"503"}
        for path, operations in create().openapi()["paths"].items()
        for method, operation in operations.items()
    }
    assert told == given
    explained = set(re.findall(r"^\| ([45][0-9]{2}) \| \S", words, re.MULTILINE))
    assert explained == {
        status for statuses in given.values() for status in statuses if status >= "400"
    } | {"405", "500", "503"}


def test_operations_with_a_body_document_the_size_limit() -> None:
    for path, operations in create().openapi()["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation:
                assert {"413", "422"} <= set(operation["responses"]), f"{method} {path}"
