"""In the sources of the pages: what Streamlit runs later goes through the guard, without a user."""

import ast
from collections.abc import Iterator

from tests.serving import ROOT

PAGES = ROOT / "pages"
SOURCES = sorted(each for each in PAGES.rglob("*.py") if each.name != "guard.py")
KEPT_BY_STREAMLIT = ("fragment", "dialog", "experimental_fragment", "experimental_dialog")


def _parsed() -> Iterator[tuple[str, ast.Module]]:
    for each in SOURCES:
        yield str(each.relative_to(ROOT)), ast.parse(each.read_text())


def _is_of(node: ast.expr, module: str, names: tuple[str, ...]) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == module
    )


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _takes_a_user(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any("User" in ast.dump(each.annotation) for each in arguments if each.annotation)


def test_what_streamlit_keeps_is_made_by_the_guard_alone() -> None:
    """No fragment and no dialog of Streamlit's own; callbacks are given as `guard.callback(…)`."""
    wrong = []
    for path, tree in _parsed():
        wrong += [
            f"{path}:{node.lineno} uses st.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and _is_of(node, "st", KEPT_BY_STREAMLIT)
        ]
        for call in _calls(tree):
            for given in call.keywords:
                if given.arg is None or not given.arg.startswith("on_"):
                    continue
                is_word = isinstance(given.value, ast.Constant)
                is_guarded = isinstance(given.value, ast.Call) and _is_of(
                    given.value.func, "guard", ("callback",)
                )
                if not (is_word or is_guarded):
                    wrong.append(f"{path}:{call.lineno} {given.arg} without guard.callback")
    assert not wrong


def test_what_runs_later_is_told_no_user() -> None:
    """It asks `identity.current_user`; the one that the page was drawn for may be gone."""
    wrong = []
    for path, tree in _parsed():
        functions = {
            node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }
        for function in functions.values():
            decorated = (
                each.func for each in function.decorator_list if isinstance(each, ast.Call)
            )
            if any(_is_of(each, "guard", ("fragment",)) for each in decorated):
                wrong += [f"{path}:{function.name}"] * _takes_a_user(function)
        for call in _calls(tree):
            if not _is_of(call.func, "guard", ("callback", "dialog")):
                continue
            later = call.args[1 if call.func.attr == "dialog" else 0]  # type: ignore[attr-defined]
            given = [ast.unparse(each) for each in [*call.args, *(k.value for k in call.keywords)]]
            is_nested = isinstance(later, ast.Lambda | ast.Call)
            takes = isinstance(later, ast.Name) and _takes_a_user(functions[later.id])
            if is_nested or takes or any("user" in each for each in given):
                wrong.append(f"{path}:{call.lineno} {ast.unparse(call)}")
    assert not wrong
