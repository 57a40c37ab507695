"""Imports are as docs/architecture.md draws them, services are handed in, and files are short."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
MOST_LINES = 300
UPWARDS = {("recsys", "commands")}  # `python -m recsys`


def _drawn() -> list[set[tuple[str, str]]]:
    text = (ROOT / "docs" / "architecture.md").read_text()
    diagrams = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    return [set(re.findall(r"(\w+) --> (\w+)", diagram)) for diagram in diagrams]


@pytest.fixture(scope="module")
def imports() -> set[tuple[str, str]]:
    graph = grimp.build_graph(*CONFIGURATION["root_packages"])
    return {
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    }


def test_packages_import_along_the_arrows(imports: set[tuple[str, str]]) -> None:
    packages = {(a.partition(".")[0], b.partition(".")[0]) for a, b in imports}
    assert {(a, b) for a, b in packages if a != b} - UPWARDS == _drawn()[0]


def test_rooms_of_recsys_import_along_the_arrows(imports: set[tuple[str, str]]) -> None:
    rooms = {
        (a.split(".")[1], b.split(".")[1])
        for a, b in imports
        if a.startswith("recsys.") and b.startswith("recsys.")
    }
    assert {(a, b) for a, b in rooms if a != b} == _drawn()[1]


def test_no_module_is_part_of_a_circle(imports: set[tuple[str, str]]) -> None:
    left = set(imports)
    while True:
        importing, imported = {a for a, _ in left}, {b for _, b in left}
        kept = {(a, b) for a, b in left if a in imported and b in importing}
        if kept == left:
            break
        left = kept
    assert left == set()


def _calls_for_the_application(source: ast.Module) -> Iterator[str]:
    for node in ast.walk(source):
        if isinstance(node, ast.ImportFrom) and node.module == "startup":
            yield from (each.name for each in node.names if each.name in ("current", "use"))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "startup":
            yield node.attr


def test_services_are_handed_in_not_looked_up() -> None:
    sources = [
        *ROOT.glob("*.py"),
        *(
            file
            for package in CONFIGURATION["root_packages"]
            for file in (ROOT / package).rglob("*.py")
        ),
    ]
    found = {
        (str(file.relative_to(ROOT)), name)
        for file in sources
        for name in _calls_for_the_application(ast.parse(file.read_text()))
    }
    assert found == {("app.py", "current"), ("pages/navigation.py", "current")}


def test_no_file_is_too_long() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = {
        name: len((ROOT / name).read_text().splitlines()) for name in listed.stdout.splitlines()
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
