"""Genres as people write them."""

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz, process

_MOST_CHARACTERS = 60
_LEAST_LIKENESS = 60.0


class UnknownGenre(ValueError):  # noqa: N818 - the name is part of the contract
    """No film has this genre.

    Attributes
    ----------
    available : list of str
        The genres that there are, in alphabetical order.
    did_you_mean : str or None
        The one that is spelled most like it, if one is.
    """

    def __init__(self, text: str, available: Sequence[str]) -> None:
        self.available = sorted(available)
        self.did_you_mean = _nearest(text, self.available)
        shown = text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
        hint = f" Did you mean {self.did_you_mean}?" if self.did_you_mean else ""
        super().__init__(
            f"there is no genre {shown!r}.{hint} The genres there are: {', '.join(self.available)}"
        )


def match_genre(text: str, available: Sequence[str]) -> str:
    """Find the genre that somebody means: "sci fi", "SCIFI" and " Sci-Fi " are all Sci-Fi.

    Parameters
    ----------
    text : str
        What was typed; case, accents, spaces and signs don't matter, nor does a final "s".
    available : sequence of str
        The genres that there are.

    Raises
    ------
    UnknownGenre
        When it is none of them.
    """
    wanted = _letters(text)
    for genre in available:
        if wanted and wanted.removesuffix("s") == _letters(genre).removesuffix("s"):
            return genre
    raise UnknownGenre(text, available)


def _nearest(text: str, available: Sequence[str]) -> str | None:
    found = process.extractOne(
        _letters(text),
        {genre: _letters(genre) for genre in available},
        scorer=fuzz.ratio,
        score_cutoff=_LEAST_LIKENESS,
    )
    return None if found is None else str(found[2])


def _letters(text: str) -> str:
    """Lower-case letters and digits alone; a text too long for any genre has none."""
    if len(text) > _MOST_CHARACTERS:
        return ""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c)))
