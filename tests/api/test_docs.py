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
