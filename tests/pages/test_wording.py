"""What people read goes through the catalogue, and the catalogue says all of it in Russian."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from i18n.language import catalogue

ROOT = Path(__file__).parent.parent.parent
PAGES = ROOT / "pages"
MODULES = sorted(PAGES.rglob("*.py"))
EXTRACTED = ("pages", "accounts", "commands", "db", "recsys", "startup")  # the Makefile's TEXTS
KEYWORDS = {
    "_": None,
    "N_": None,
    "Text": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TRANSLATING = {"_", "N_", "ngettext", "pgettext", "say"}

# Where people read what is given by place, and how many of the first places they are.
READ_BY_PLACE = {
    **dict.fromkeys(
        (
            *("title", "header", "subheader", "write", "markdown", "caption", "text", "info"),
            *("warning", "error", "success", "button", "download_button", "link_button"),
            *("form_submit_button", "text_input", "selectbox", "multiselect", "pills"),
            *("segmented_control", "select_slider", "slider", "checkbox", "toggle", "expander"),
            *("popover", "badge", "file_uploader", "spinner", "status", "dialog", "feedback"),
            *("TextColumn", "NumberColumn", "DatetimeColumn", "DateColumn", "CheckboxColumn"),
            *("LinkColumn", "SelectboxColumn", "CannotGoOnError", "_complain"),
        ),
        1,
    ),
    "metric": 2,
}
READ_BY_NAME = {"label", "help", "alt", "placeholder", "title", "name", "hovertemplate", "says"}
READ_BY_NAME |= {"xaxis_title", "yaxis_title", "display_text", "nothing", "main", "body"}
# `st.page_link` takes a file first; these take a name that is nobody's to read.
NO_READER = {"logger", "logging", "re", "json", "models", "evaluations"}
# Texts of other people, and of programs: not ours to translate.
AS_THEY_ARE = {
    "Five Films",  # the product's name
    "five_films_cards",  # a component's
    "NDCG@5",  # figures'
    "fits@5",
    "ratings:",
}


def _literals(node: ast.expr) -> Iterator[ast.Constant]:
    """The literal texts that an expression may have, but those that are translated."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield part
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_literals(node.left), *_literals(node.right))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _literals(node.func.value)  # "…".format(…), "…".join(…)


def _is_words(text: str) -> bool:
    """Whether there is a word to translate, after names of icons, Markdown and Plotly's fields."""
    rest = re.sub(
        r":material/\w+:|:\w+(-badge)?\[|%?\{[^}]*\}|<[^>]*>|&\w+;|/\w+(\?\w+=)?|%\.?\w", " ", text
    )
    return re.search(r"[^\W\d_]{2,}", rest) is not None


def _called(call: ast.Call) -> tuple[str, str]:
    """What is called, and of what: `st.button` is ("button", "st")."""
    if isinstance(call.func, ast.Attribute):
        owner = call.func.value
        return call.func.attr, owner.id if isinstance(owner, ast.Name) else ""
    return (call.func.id, "") if isinstance(call.func, ast.Name) else ("", "")


def untranslated(source: str) -> list[str]:
    """The texts of a module that people read as they stand in it."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name, owner = _called(call)
        if owner in NO_READER or name in TRANSLATING:
            continue
        read = call.args[: READ_BY_PLACE.get(name, 0)]
        read += [each.value for each in call.keywords if each.arg in READ_BY_NAME]
        found += [literal for each in read for literal in _literals(each)]
    texts = sorted({str(literal.value) for literal in found} - AS_THEY_ARE)
    return [text for text in texts if _is_words(text) and not re.fullmatch("[a-z_]+", text)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PAGES)))
def test_no_text_is_left_out(path: Path) -> None:
    assert untranslated(path.read_text()) == []


def test_what_is_left_out_would_be_found() -> None:
    assert untranslated('st.button("Do it" if new else f"Do {n} again", help=_("Why"))') == [
        " again",
        "Do ",
        "Do it",
    ]
    assert untranslated(
        'st.metric(_("Films"), f"{n} films")\nraise CannotGoOnError("No film.")'
    ) == [
        " films",
        "No film.",
    ]
    assert untranslated('st.markdown(f"**{title}** :material/star: {_(said)}")') == []


def _constants(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and _called(node)[0] in TRANSLATING - {"say"}:
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value), node
                elif isinstance(argument, ast.JoinedStr):
                    pytest.fail(f"{path}:{node.lineno}: an f-string can't be looked up")


def _messages() -> dict[tuple[str | None, object], Message]:
    return {(each.context, each.id): each for each in catalogue("ru") if each.id}


@pytest.fixture(scope="module")
def extracted() -> set[tuple[str | None, object]]:
    """The messages that there are in the code, by Babel, as `make texts` finds them."""
    method = [("**.py", "python"), ("**.html", "jinja2")]
    found = [
        each[1:]
        for package in EXTRACTED
        for each in extract_from_dir(str(ROOT / package), method, keywords=KEYWORDS)
    ]
    return {(context, message) for _line, message, _comments, context in found}


def test_the_catalogue_has_what_the_code_has(extracted: set[tuple[str | None, object]]) -> None:
    known = _messages().keys()
    assert extracted - known == set(), "`make texts` writes them into the catalogue"
    assert known - extracted == set(), "`make texts` takes them out"
    assert catalogue("ru").obsolete == {}


def test_what_is_marked_is_extracted(extracted: set[tuple[str | None, object]]) -> None:
    """Babel doesn't look into f-strings: a text there would never be in the catalogue."""
    names = {message[0] if isinstance(message, tuple) else message for _, message in extracted}
    for path in MODULES:
        for text, call in _constants(path):
            if _called(call)[0] != "pgettext":
                assert text in names, f"{path}:{call.lineno}"


def test_everything_is_translated() -> None:
    for message in _messages().values():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), message.id
        assert len(forms) == (3 if message.pluralizable else 1), message.id
        assert not message.fuzzy, message.id


def _fields(text: str) -> set[str]:
    """The placeholders of a text: ours, and Plotly's with their formats."""
    plotly = set(re.findall(r"%\{\{?[^}]+\}?\}", text))
    rest = re.sub(r"%\{\{?[^}]+\}?\}", "", text)
    return plotly | {name for _, name, _, _ in Formatter().parse(rest) if name is not None}


def test_placeholders_are_the_same() -> None:
    for message in _messages().values():
        ours = message.id if isinstance(message.id, tuple) else (message.id,)
        theirs = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in theirs:
            assert _fields(str(text)) == _fields(str(ours[-1])), ours[-1]


def test_links_and_commands_are_the_same() -> None:
    for message in _messages().values():
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            ours = str(message.id[-1] if isinstance(message.id, tuple) else message.id)
            for same in (r"\]\([^)]*\)", r"`[^`]*`", r"https?://[^\s)]+"):
                assert set(re.findall(same, str(text))) == set(re.findall(same, ours)), ours
