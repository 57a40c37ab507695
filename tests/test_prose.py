"""The words of the code and the docs are those of docs/glossary.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("accounts", "api", "commands", "db", "pages", "recsys", "startup")
# Phrases that read as translated, whatever they are about.
PHRASES = (
    r"HTTP handles?",
    r"(is|are|was|were) away",
    r"(lies|lie) in",
    r"a fault of ours",
    r"nobody thought of",
    r"how it is with",
    r"does with a third",
    r"behind people's backs",
    r"ends something",
    r"speaks? for (other|each|another|a) film",
)


def _avoided() -> dict[str, str]:
    """Return each word that the glossary refuses, with its term."""
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", GLOSSARY.read_text(), re.MULTILINE)
    return {word: term for term, words in rows for word in re.findall(r"`(\w+)`", words)}


def _docstrings(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text


def test_the_glossary_has_words_to_avoid() -> None:
    assert {"handles": "endpoint", "starters": "onboarding films"}.items() <= _avoided().items()


@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_use_the_terms(package: str) -> None:
    words = (*PHRASES, *_avoided())
    refused = re.compile(r"\b(?<!-)(" + "|".join(words) + r")\b", re.IGNORECASE)
    found = [
        f"{file.relative_to(ROOT)}:{line}: {match[0]!r}"
        for file in sorted((ROOT / package).rglob("*.py"))
        for line, text in _docstrings(file)
        for match in refused.finditer(text)
    ]
    assert found == []
