"""A page read word by word, to find what is not in Russian."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from tests.catalogue import FILMS

# What elements call the texts that people read.
_READ = {
    *("label", "body", "help", "placeholder", "alt", "text", "content", "options", "title"),
    *("display_text", "caption"),
}
# Latin words that stand in Russian texts as they are.
_NAMES = {
    # products, services and their buttons
    *("Five", "Films", "English", "MovieLens", "Letterboxd", "IMDb", "TMDB", "GroupLens"),
    *("Settings", "Data", "Export", "Your", "ratings", "About", "you", "Import", "export"),
    *("PostgreSQL", "Redis", "Valkey", "Prometheus", "Python", "SHA", "JSON", "CSV", "API", "UTC"),
    # models, figures and methods, as the literature has them
    *("LightFM", "EASE", "Item", "kNN", "NDCG", "Hit", "rate", "Recall", "Precision", "MAP", "SNE"),
    *("Coverage", "Novelty", "Variety", "Popularity", "implicit", "Steck", "van", "der", "Maaten"),
    *("IPS", "ips", "Disliked", "disliked", "fits", "Yang", "Fan", "Smucker", "Chamani"),
    *("ndcg", "hit", "recall", "precision", "map", "coverage", "novelty", "variety", "popularity"),
    *("and", "Hinton"),  # … who wrote of t-SNE
    # the citation that MovieLens asks for
    *("Maxwell", "Harper", "Joseph", "Konstan", "The", "Datasets", "History", "Context"),
    *("ACM", "Transactions", "on", "Interactive", "Intelligent", "Systems"),
    *("script", "scrip", "alert", "Sons"),  # of a film's title, which charts escape and cut
    # what is typed, keys of the keyboard, sources and names of this test
    *(
        "Shift",
        "Page",
        "Down",
        "Up",
        "godfather",
        "amelie",
        "city",
        "of",
        "lost",
        "sci",
        "fi",
        "name",
        "Test",
    ),
    *("DATA", "DIR", "IMAX", "small", "release", "demo", "test", "Ada", "Ops", "md", "quality"),
    *("docs", "example", "org", "mail", "com", "bcrypt"),
}
_TITLES = re.compile(
    "|".join(
        sorted(
            {
                re.escape(part)
                for title, _ in FILMS.values()
                for part in (title, title.rpartition(" (")[0], "The Interview")
                if part
            },
            key=len,
            reverse=True,
        )
    )
)
_NO_WORDS = re.compile(
    r"`[^`]*`|\]\([^)]*\)|https?://\S+|<script>.*?</script>|<style>.*?</style>|<[^>]*>|&\w+;"
    r"|Presenter \w+|:material/\w+:"
    r"|:\w+(-badge)?\[|\\(?=\W)|%\{[^}]*\}|%[a-z]|\S+@\S+|\b[DMYHm]+\b",
    re.DOTALL,
)


def _strings(message: Message) -> Iterator[str]:
    """The texts in an element's message that somebody reads."""
    for field, value in message.ListFields():
        values: list[Any] = list(value) if field.is_repeated else [value]
        for each in values:
            if isinstance(each, Message):
                yield from _strings(each)
            elif isinstance(each, str) and field.name in _READ:
                yield each
            elif isinstance(each, str) and field.name == "spec":  # a chart
                yield from _of_chart(json.loads(each))
            elif isinstance(each, str) and field.name == "columns":  # of a table
                yield from _of_table(json.loads(each or "{}"))
            elif isinstance(each, str) and field.name == "json":  # the cards
                yield from _of_cards(json.loads(each)["html"])


def _of_chart(spec: dict[str, Any]) -> Iterator[str]:
    layout = dict(spec["layout"])
    layout.pop("template", None)
    for part in (spec["data"], layout):
        yield from _named(part, {"hovertemplate", "name", "text", "hovertext", "ticktext"})


def _named(part: Any, names: set[str]) -> Iterator[str]:
    """The texts under these names, wherever they are."""
    if isinstance(part, dict):
        for name, value in part.items():
            for each in value if isinstance(value, list) else [value]:
                if name in names and isinstance(each, str):
                    yield each
            yield from _named(value, names)
    elif isinstance(part, list):
        for each in part:
            yield from _named(each, names)


def _of_table(columns: dict[str, Any]) -> Iterator[str]:
    for name, column in columns.items():
        if name != "_index" and not (column or {}).get("hidden"):
            yield str((column or {}).get("label") or name)
            yield str((column or {}).get("help") or "")


def _of_cards(html: str) -> Iterator[str]:
    html = re.sub('<span class="icon".*?</span>', "", html)
    yield unescape(html)
    yield from re.findall(r'(?:aria-label|title)="([^"]*)"', unescape(html))


def _texts(page: AppTest) -> Iterator[str]:
    assert not page.exception
    nodes: list[Block | Element] = [page._tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Block):
            nodes += node.children.values()
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield from _strings(proto)


def not_russian(page: AppTest) -> set[str]:
    """The words on a page that are neither Russian nor a name."""
    words: set[str] = set()
    for each in _texts(page):
        rest = _NO_WORDS.sub(" ", _TITLES.sub(" ", unescape(each).replace("\\", "")))
        words |= set(re.findall("[A-Za-z]{2,}", rest))
    return words - _NAMES
