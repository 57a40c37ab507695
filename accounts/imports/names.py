"""What two spellings of a title have in common."""

import re
import unicodedata
from dataclasses import dataclass

# Letters that Unicode doesn't take apart, and fractions, which it would glue to their number.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "½": " 1 2",
        "¼": " 1 4",
        "¾": " 3 4",
        "&": " and ",
    }
)
_ELISION = re.compile(r"\bl['’]")
_APOSTROPHE = re.compile("['’‘`´ʻ]")
_NO_LETTER = re.compile(r"[\W_]+")
_GROUP = re.compile(r"\(([^()]*)\)")
_GROUPS_AT_THE_END = re.compile(r"(?:\s+\([^()]*\))+$")
_AKA = re.compile(r"^a\.?k\.?a\.?\s+", re.IGNORECASE)
_SUBTITLE = re.compile(r":\s|\s[-–—]\s")
# "die" is no article here: "Die Hard" would be "Hard".
_ARTICLES = re.compile(
    "(?:the|an?|l[ae]|les|l|une?|"  # English, French
    "il|lo|gli|uno|una|der|das|eine?|el|los|las|het|een|det) "  # as in db.loading.titles
)
_LEAST_PART = 3


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of one title, each as `key` gives it.

    Attributes
    ----------
    own : tuple of str
        The title, whole and without what is in brackets.
    others : tuple of str
        What is in brackets, which MovieLens uses for titles in other languages.
    parts : tuple of str
        What is before the first and after the last ":" or dash, by which people may call it.
    head : str
        What is before the first, as often stands for the whole; empty when there is nothing after.
    """

    own: tuple[str, ...]
    others: tuple[str, ...]
    parts: tuple[str, ...]
    head: str = ""

    @property
    def plain(self) -> tuple[str, ...]:
        """All of them without the article in front."""
        return tuple(dict.fromkeys(without_article(name) for name in (*self.own, *self.others)))


def key(text: str) -> str:
    """Small letters, digits and single spaces: no accents, apostrophes or signs; & is "and".

    A title of signs alone is its own key, so that it isn't that of every other.
    """
    small = text.casefold().translate(_LETTERS)
    if not small.isascii():
        apart = unicodedata.normalize("NFKD", small)
        bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
        small = bare.casefold().translate(_LETTERS)
    joined = _APOSTROPHE.sub("", _ELISION.sub("l ", small))
    return _NO_LETTER.sub(" ", joined).strip() or "".join(text.casefold().split())


def without_article(name: str) -> str:
    """A key without the article that it begins with, unless there is nothing else."""
    return _ARTICLES.sub("", name, count=1) if _ARTICLES.match(name) else name


def names(title: str) -> Names:
    """The spellings of a title as `db.loading.titles.read_title` gives it: articles in front.

    >>> names("The Blue Angel (Der Blaue Engel)")
    Names(own=('the blue angel der blaue engel', 'the blue angel'), others=('der blaue engel',),
          parts=(), head='')
    """
    groups = _GROUPS_AT_THE_END.search(title) if "(" in title else None
    if groups is None:
        return Names((key(title),), (), *_parts(title))
    outside = title[: groups.start()] or title
    others: list[str] = []
    for group in _GROUP.findall(groups[0]):
        alias = _AKA.sub("", group)
        others.append(alias)
        if alias != group:
            others += alias.split(", ")
    own = (key(title), key(outside))
    keys = (key(other) for other in others if other.strip())
    return Names(tuple(dict.fromkeys(own)), tuple(dict.fromkeys(keys)), *_parts(outside))


def _parts(title: str) -> tuple[tuple[str, ...], str]:
    parts = _SUBTITLE.split(title)
    if len(parts) < 2:
        return (), ""
    ends = (key(parts[0]), key(parts[-1]))
    return tuple(end for end in ends if len(end) >= _LEAST_PART), ends[0]
