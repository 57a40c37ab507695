"""What the code imports is pinned."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("db", "accounts", "recsys", "pages", "api", "migrations")
MODULES = ("app", "config", "database_url", "health", "language", "latency", "serve", "startup")


def _names(file: str) -> set[str]:
    lines = (ROOT / file).read_text().splitlines()
    found = (re.match(r"[A-Za-z0-9_.\-]+", line) for line in lines if not line.startswith("#"))
    return {name.group().lower().replace("_", "-") for name in found if name}


@pytest.mark.parametrize("kind", ["requirements", "requirements-dev"])
def test_what_is_asked_for_is_pinned(kind: str) -> None:
    assert _names(f"{kind}.in") - _names(f"{kind}.txt") - {"-c"} == set()
    for line in (ROOT / f"{kind}.txt").read_text().splitlines():
        assert line.lstrip().startswith("#") or "==" in line


def test_what_the_product_imports_is_asked_for_by_name() -> None:
    files = [ROOT / f"{name}.py" for name in MODULES]
    files += [file for package in PRODUCT for file in (ROOT / package).rglob("*.py")]
    imported: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    ours = {*PRODUCT, *MODULES}
    distributions = packages_distributions()
    asked = _names("requirements.in") | _names("requirements-peers.txt")
    for module in sorted(imported - ours - set(sys.stdlib_module_names)):
        names = {name.lower().replace("_", "-") for name in distributions.get(module, [module])}
        assert names & asked, f"{module} is imported, and requirements.in does not name it"
