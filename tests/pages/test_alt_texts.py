"""Charts and tables are told in words too."""

import ast
from pathlib import Path

import pytest

PAGES = Path(__file__).parent.parent.parent / "pages"
NEED_WORDS = {"plotly_chart", "dataframe", "data_editor", "table"}


def _without_words(source: str) -> list[int]:
    """The lines of calls that draw something and have no `alt`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in NEED_WORDS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "st"
        and not any(keyword.arg == "alt" for keyword in node.keywords)
    ]


@pytest.mark.parametrize("file", sorted(PAGES.rglob("*.py")), ids=lambda file: file.stem)
def test_every_chart_and_table_has_an_alt_text(file: Path) -> None:
    assert _without_words(file.read_text()) == []


def test_one_without_is_found() -> None:
    assert _without_words("st.table(a, alt='b')\nst.plotly_chart(a)") == [2]
