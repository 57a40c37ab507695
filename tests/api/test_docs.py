"""The handles that README.md and docs/api.md name are those there are."""

import re
from pathlib import Path

import pytest

from api.application import create

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("file", ["README.md", "docs/api.md"])
def test_every_handle_is_named_as_it_is(file: str) -> None:
    handles = {
        (f"{method.upper()} /api{path}", operation["summary"])
        for path, operations in create().openapi()["paths"].items()
        for method, operation in operations.items()
    }
    rows = re.findall(
        r"^\| `([A-Z]+ /api[^`]*)` \| ([^|]+?) \|", (ROOT / file).read_text(), re.MULTILINE
    )
    assert set(rows) == handles


def test_every_operation_says_what_it_does_and_how_it_fails() -> None:
    for path, operations in create().openapi()["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], f"{method} {path}"
            takes_input = operation.get("parameters") or operation.get("requestBody")
            assert not takes_input or "422" in operation["responses"], f"{method} {path}"


def test_every_status_is_documented_as_it_is() -> None:
    words = (ROOT / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| `([A-Z]+ /api[^`]*)` \|.*\| ([0-9 ]+) \|$", words, re.MULTILINE)
    told = {handle: set(statuses.split()) for handle, statuses in rows}
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


def test_what_takes_a_body_says_what_becomes_of_one_that_is_too_large() -> None:
    for path, operations in create().openapi()["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation:
                assert {"413", "422"} <= set(operation["responses"]), f"{method} {path}"
