"""Ratings on any scale, converted to half-stars from 0.5 to 5."""

import re
from collections.abc import Iterable

from accounts.imports.errors import RowError
from accounts.imports.fields import shown
from accounts.imports.rows import Scale
from db import scale
from i18n.language import Text

LIKE = scale.LIKE
"""The stars of a like or a thumb up."""

LOVE = scale.HIGHEST
DISLIKE = 1.5

_WORDS = {
    **dict.fromkeys(("like", "liked", "thumbsup", "thumbup", "up", "👍", "нравится"), LIKE),
    **dict.fromkeys(("love", "loved", "favorite", "favourite", "twothumbsup", "❤", "♥"), LOVE),
    **dict.fromkeys(("dislike", "disliked", "thumbsdown", "thumbdown", "down", "👎"), DISLIKE),
    "не нравится": DISLIKE,
}
_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,3})?")
_OF = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,3})?)\s*(?:/\s*(5|10|100)|(%))")
_STARS = re.compile("[★⭐*]{0,5}[½]?")
_LEAST_SHARE = 0.6


def half_stars(text: str) -> float:
    """Parse a rating from 0.5 to 5 in halves."""
    stars = _number(text)
    if not scale.is_on_scale(stars):
        raise RowError(Text("its rating is {shown}, not 0.5 to 5 in halves", shown=shown(text)))
    return stars


def out_of_ten(text: str) -> float:
    """Parse a whole rating from 1 to 10 as half-stars from 0.5 to 5."""
    points = _number(text)
    if not 1 <= points <= 10 or not points.is_integer():
        raise RowError(
            Text("its rating is {shown}, not a whole number from 1 to 10", shown=shown(text))
        )
    return points / 2


def any_of(text: str, best: Scale) -> float:
    """Parse a rating from 0 to `best`, in stars or words, as the nearest half-star; 0 is 0.5.

    "8/10", "80 %", "★★★½" and words such as "liked" mean the same on any scale.
    """
    said = as_said(text)
    if said is not None:
        return said
    points = _number(text)
    if points > best:
        raise RowError(
            Text("its rating is {shown}, more than {best}", shown=shown(text), best=best)
        )
    return _rounded(points / best)


def in_words(text: str) -> float | None:
    """Return the half-stars of a like, a thumb or another word; None for anything else."""
    plain = text.strip().casefold()
    return _WORDS.get(plain) or _WORDS.get("".join(plain.split(" ")))


def as_said(text: str) -> float | None:
    """Return the half-stars of a text that includes its scale; None if it doesn't."""
    plain = text.strip()
    if plain and _STARS.fullmatch(plain):
        return max(len(plain.removesuffix("½")) + scale.STEP * plain.endswith("½"), scale.LOWEST)
    found = _OF.fullmatch(plain)
    if found:
        best = 100 if found[3] else int(found[2])
        points = float(found[1].replace(",", "."))
        return _rounded(points / best) if points <= best else None
    return in_words(plain)


def scale_of(texts: Iterable[str]) -> Scale | None:
    """Return the scale of a column: the smallest that all of its numbers fit.

    None if most of its texts aren't ratings, or it has none.
    """
    numbers: list[float] = []
    said = others = 0
    for text in texts:
        plain = text.strip()
        if not plain:
            continue
        if as_said(plain) is not None:
            said += 1
        elif _NUMBER.fullmatch(plain) and float(plain.replace(",", ".")) <= 100:
            numbers.append(float(plain.replace(",", ".")))
        else:
            others += 1
    if said + len(numbers) < _LEAST_SHARE * (said + len(numbers) + others) or not said + len(
        numbers
    ):
        return None
    most = max(numbers, default=0)
    return 5 if most <= 5 else 10 if most <= 10 else 100


def _rounded(share: float) -> float:
    """Convert a share of the highest rating to half-stars."""
    return min(max(int(share * len(scale.STARS) + 0.5) * scale.STEP, scale.LOWEST), scale.HIGHEST)


def _number(text: str) -> float:
    text = text.strip()
    if not text:
        raise RowError(Text("it has no rating"))
    if not _NUMBER.fullmatch(text):
        raise RowError(Text("its rating, {shown}, is not a number of stars", shown=shown(text)))
    return float(text.replace(",", "."))
