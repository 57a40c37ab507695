"""What the code imports is pinned, with the hash of each file."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PRODUCT = (*PYPROJECT["tool"]["importlinter"]["root_packages"], "migrations")
MODULES = tuple(file.stem for file in ROOT.glob("*.py"))
KINDS = ("requirements", "requirements-dev", "requirements-peers")
PYTHONS = ("3.11", "3.12", "3.13")
LINUX = {"sys_platform": "linux", "platform_machine": "x86_64"}


def _wanted(kind: str) -> list[Requirement]:
    """What pyproject.toml asks for, and what evaluations compare with."""
    if kind == "requirements-peers":
        return _asked(f"{kind}.in")
    named = {
        "requirements": PYPROJECT["project"]["dependencies"],
        "requirements-dev": PYPROJECT["dependency-groups"]["dev"],
    }
    return [Requirement(each) for each in named[kind]]


def _asked(file: str) -> list[Requirement]:
    """What a file asks for, without its comments, options and hashes."""
    lines = (line.partition("#")[0] for line in (ROOT / file).read_text().splitlines())
    asked = (line.removesuffix("\\").strip() for line in lines if not line.startswith(("-", " ")))
    return [Requirement(line) for line in asked if line]


def _pins(file: str, python: str) -> dict[str, str]:
    """The version of each package that is installed on one version of Python, on Linux."""
    pins: dict[str, str] = {}
    for each in _asked(file):
        if _counts(each, python):
            name = canonicalize_name(each.name)
            assert name not in pins, f"{file} names {name} twice for Python {python}"
            (pin,) = each.specifier
            assert pin.operator == "==", each
            pins[name] = pin.version
    return pins


def _counts(asked: Requirement, python: str) -> bool:
    where = {"python_version": python, "python_full_version": f"{python}.9"}
    return asked.marker is None or asked.marker.evaluate({**LINUX, **where})


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_asked_for_is_pinned(kind: str, python: str) -> None:
    pins = _pins(f"{kind}.txt", python)
    for asked in _wanted(kind):
        if _counts(asked, python):
            assert asked.specifier.contains(pins[canonicalize_name(asked.name)]), asked


@pytest.mark.parametrize("python", PYTHONS)
def test_what_tests_need_is_of_the_products_versions(python: str) -> None:
    product, tests = (_pins(f"{kind}.txt", python) for kind in KINDS[:2])
    assert {name: product[name] for name in product.keys() & tests} == {
        name: tests[name] for name in product.keys() & tests
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_package_has_its_hashes_and_no_index_is_named(kind: str) -> None:
    """pip refuses a package of another content, and all of them where one has no hash."""
    text = (ROOT / f"{kind}.txt").read_text()
    packages = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    hashed = r"[\w.\-]+(\[\w,]+\])?==\S+( ; [^\n]+?)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    assert re.fullmatch(f"({hashed})+", packages)


def test_nothing_is_installed_without_its_hash() -> None:
    for file in ("Makefile", "Dockerfile"):
        text = (ROOT / file).read_text().replace("\\\n", " ")
        installing = [line for line in text.splitlines() if re.search(r"pip.* install ", line)]
        assert installing, file
        for line in installing:
            assert "--require-hashes" in line or line.endswith("install --quiet uv"), line


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
    asked = {
        canonicalize_name(each.name)
        for kind in ("requirements", "requirements-peers")
        for each in _wanted(kind)
    }
    for module in sorted(imported - ours - set(sys.stdlib_module_names)):
        names = {canonicalize_name(name) for name in distributions.get(module, [module])}
        assert names & asked, f"{module} is imported, and pyproject.toml does not name it"
