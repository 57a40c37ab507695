"""Normal forms of titles, for comparison."""

import re
import unicodedata
from dataclasses import dataclass

# Letters that Unicode doesn't decompose, and fractions, which it would join to their number.
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
# "die" is not an article here: "Die Hard" would be "Hard".
_ARTICLES = re.compile(
    "(?:the|an?|l[ae]|les|l|une?|"  # English, French
    "il|lo|gli|uno|una|der|das|eine?|el|los|las|het|een|det) "  # as in db.loading.titles
)
_LEAST_PART = 3


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of one title, normalised by `key`.

    Attributes
    ----------
    own : tuple of str
        The title, complete and without the parts in brackets.
    others : tuple of str
        The parts in brackets, which MovieLens uses for titles in other languages.
    parts : tuple of str
        The parts before the first and after the last ":" or dash, as possible short titles.
    head : str
        The part before the first, the most common short title; empty if there is no other part.
    """

    own: tuple[str, ...]
    others: tuple[str, ...]
    parts: tuple[str, ...]
    head: str = ""

    @property
    def plain(self) -> tuple[str, ...]:
        """All of them without the leading article."""
        return tuple(dict.fromkeys(without_article(name) for name in (*self.own, *self.others)))


def key(text: str) -> str:
    """Reduce a title to lower-case letters, digits and single spaces; & becomes "and".

    A title of punctuation alone is its own key, so that such titles don't all match each other.
    """
    small = text.casefold().translate(_LETTERS)
    if not small.isascii():
        apart = unicodedata.normalize("NFKD", small)
        bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
        small = bare.casefold().translate(_LETTERS)
    joined = _APOSTROPHE.sub("", _ELISION.sub("l ", small))
    return _NO_LETTER.sub(" ", joined).strip() or "".join(text.casefold().split())


def without_article(name: str) -> str:
    """Return a key without its leading article, unless there is nothing else."""
    return _ARTICLES.sub("", name, count=1) if _ARTICLES.match(name) else name


def names(title: str) -> Names:
    """Return the spellings of a title from `db.loading.titles.read_title`, article first.

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
