"""docs/faults.md names tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = re.findall(r"`(test_\w+\.py)::(test_\w+)`", (ROOT / "docs" / "faults.md").read_text())


@pytest.mark.parametrize(("file", "test"), ROWS)
def test_a_row_has_its_test(file: str, test: str) -> None:
    (found,) = (ROOT / "tests").rglob(file)
    assert f"\ndef {test}(" in found.read_text()
