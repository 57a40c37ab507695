"""Film series, recognised by title.

"Toy Story" and "Toy Story 2", "Star Wars: Episode IV" and "Star Wars: Episode V", "Harry Potter and
the …". Titles don't show that Goldfinger and Dr. No belong together; `recsys.models.diversity` also
compares the factors of films for that.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NO_SERIES = -1

_ARTICLES = re.compile(r"^(the|a|an|le|la|les|el|los|las|der|die|das|il|lo) ")
_HEAD = re.compile(r":| - |, part | part | vol\. | volume | episode | chapter ")
_AND_THE = re.compile(r"^(\w+ \w+) and the ")
_NUMBER = re.compile(
    r"[ ,]*\b(\d{1,2}|i{1,3}|iv|vi{0,3}|ix|x|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|thirteen)$"
)
_LEAST_LETTERS = 3


def series_of(titles: Sequence[str]) -> NDArray[np.int32]:
    """Assign a number to each series of two or more films.

    Parameters
    ----------
    titles : sequence of str (films,)
        Without years. Names in brackets ("… (a.k.a. …)") are considered too.

    Returns
    -------
    int32 array (films,)
        The number of each film's series, `NO_SERIES` for films that are in none.
    """
    keys = [_keys(title) for title in titles]
    counts = Counter(key for each in keys for key in each)
    numbers: dict[str, int] = {}
    series = np.full(len(titles), NO_SERIES, np.int32)
    for film, each in enumerate(keys):
        shared = [key for key in each if counts[key] > 1]
        if shared:
            key = max(shared, key=lambda key: (counts[key], key))
            series[film] = numbers.setdefault(key, len(numbers))
    return series


def _keys(title: str) -> list[str]:
    """Return the names that a series with this title could have, without duplicates."""
    main, *others = re.split(r"[()]", _plain(title))
    names = [main, *(other.removeprefix("a.k.a. ") for other in others)]
    found = {_key(name.strip()): None for name in names if name.strip()}
    return [key for key in found if len(key) >= _LEAST_LETTERS]


def _key(name: str) -> str:
    name = _ARTICLES.sub("", name)
    together = _AND_THE.match(name)
    if together:
        return together[1]
    head = _HEAD.split(name)[0].strip()
    return _NUMBER.sub("", head).strip(" ,.!?'-") or head


def _plain(title: str) -> str:
    decomposed = unicodedata.normalize("NFKD", title)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()
