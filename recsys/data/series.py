"""Which films belong to one series, as far as titles tell.

"Toy Story" and "Toy Story 2", "Star Wars: Episode IV" and "Star Wars: Episode V", "Harry Potter and
the …". Titles alone don't tell that Goldfinger and Dr. No belong together; what the factors say of
such films is looked at too (`recsys.models.diversity`).
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
    """A number for each series of two films and more, `NO_SERIES` for all other films.

    Parameters
    ----------
    titles : sequence of str (films,)
        Without years; names in brackets ("… (a.k.a. …)") are looked at too.

    Returns
    -------
    int32 array (films,)
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
    """What the title could be called a series by, each once."""
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
