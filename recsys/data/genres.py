"""Genre names as people type them."""

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz, process

# MovieLens genres in Russian: pages show the first of each, all of them may be typed.
IN_RUSSIAN: dict[str, tuple[str, ...]] = {
    "Action": ("боевик", "экшен"),
    "Adventure": ("приключения",),
    "Animation": ("анимация", "мультфильм", "мультик"),
    "Children": ("детский", "для детей"),
    "Children's": ("детский", "для детей"),
    "Comedy": ("комедия",),
    "Crime": ("криминал", "криминальный"),
    "Documentary": ("документальный", "документалистика"),
    "Drama": ("драма",),
    "Fantasy": ("фэнтези",),
    "Film-Noir": ("нуар", "фильм-нуар"),
    "Horror": ("ужасы", "хоррор", "фильм ужасов"),
    "IMAX": ("IMAX", "аймакс"),
    "Musical": ("мюзикл", "музыкальный"),
    "Mystery": ("детектив",),
    "Romance": ("мелодрама", "романтика"),
    "Sci-Fi": ("фантастика", "научная фантастика"),
    "Thriller": ("триллер",),
    "War": ("военный", "война"),
    "Western": ("вестерн",),
}

# Synonyms of genres, and words that mean two genres at once.
MEANT: dict[tuple[str, ...], tuple[str, ...]] = {
    ("Action",): ("martial arts", "kung fu", "superhero", "экшн", "супергерои"),
    ("Adventure",): ("adventurous", "приключенческий"),
    ("Animation",): ("anime", "animated", "cartoon", "мульт", "аниме", "анимационный"),
    ("Children",): ("kid", "child", "family", "for kids", "kids movie", "семейный", "детское"),
    ("Comedy",): ("funny", "humor", "humour", "parody", "spoof", "смешной", "юмор", "комедийный"),
    ("Crime",): ("gangster", "mafia", "heist", "гангстеры", "гангстерский", "про мафию"),
    ("Documentary",): ("doc", "docu", "nonfiction", "документалка"),
    ("Fantasy",): ("fairy tale", "magic", "сказка", "фентези", "магия"),
    ("Film-Noir",): ("noir",),
    ("Horror",): ("scary", "spooky", "slasher", "ужас", "ужастик", "страшный", "страшилка"),
    ("Musical",): ("music",),
    ("Mystery",): ("detective", "whodunit", "детективный", "мистика"),
    ("Romance",): ("romantic", "love", "love story", "романтический", "про любовь", "любовь"),
    ("Romance", "Comedy"): ("romcom", "romantic comedy", "ромком", "романтическая комедия"),
    ("Drama", "Comedy"): ("dramedy", "comedy drama", "трагикомедия"),
    ("Sci-Fi",): ("science fiction", "space", "космос", "про космос", "сай-фай"),
    ("Thriller",): ("suspense", "саспенс"),
    ("War",): ("military", "про войну"),
    ("Western",): ("cowboy", "ковбойский", "про ковбоев"),
}
_OTHERS = {"Children's": "Children"}  # its name in older releases of MovieLens

_MOST_CHARACTERS = 60
_LEAST_LIKENESS = 60.0
_ENDINGS = "аеиоуыьэюя"


class UnknownGenre(ValueError):  # noqa: N818 - the name is part of the contract
    """No film has this genre.

    Parameters
    ----------
    text : str
        What was typed.
    available : sequence of str
        The genres that exist.

    Attributes
    ----------
    available : list of str
        The genres that exist, sorted alphabetically.
    did_you_mean : str or None
        The genre with the most similar spelling, if any is similar enough.
    """

    def __init__(self, text: str, available: Sequence[str]) -> None:
        self.available = sorted(available)
        self.did_you_mean = _nearest(text, self.available)
        shown = text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
        hint = f" Did you mean {self.did_you_mean}?" if self.did_you_mean else ""
        super().__init__(
            f"there is no genre {shown!r}.{hint} Available genres: {', '.join(self.available)}"
        )


def match_genre(text: str, available: Sequence[str]) -> str:
    """Return the genre that a text means; the first one if it means two.

    Parameters
    ----------
    text : str
        What was typed, as for `match_genres`.
    available : sequence of str
        The genres that exist.

    Returns
    -------
    str

    Raises
    ------
    UnknownGenre
        If the text means none of them.
    """
    return match_genres(text, available)[0]


def match_genres(text: str, available: Sequence[str]) -> tuple[str, ...]:
    """Return the genres that a text means: "sci fi", " Sci-Fi " and "фантастика" are all Sci-Fi.

    Parameters
    ----------
    text : str
        What was typed, in English or Russian. Case, accents, spaces, punctuation, a final "s" and
        Russian endings don't matter. Synonyms are understood too: "anime" is Animation, and a
        "romcom" is a film of both Romance and Comedy.
    available : sequence of str
        The genres that exist.

    Returns
    -------
    tuple of str
        One or two of `available`.

    Raises
    ------
    UnknownGenre
        If the text means none of them.
    """
    wanted = _stem(text)
    for genres, name in _names(available):
        if wanted and wanted == _stem(name):
            return genres
    raise UnknownGenre(text, available)


def _names(available: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """Return all names in both languages with the genres they mean; the genres' own names first."""
    own = [((genre,), name) for genre in available for name in (genre, *IN_RUSSIAN.get(genre, ()))]
    called = {_OTHERS.get(genre, genre): genre for genre in available}
    return own + [
        (tuple(called[genre] for genre in genres), name)
        for genres, names in MEANT.items()
        if called.keys() >= set(genres)
        for name in names
    ]


def _nearest(text: str, available: Sequence[str]) -> str | None:
    found = process.extractOne(
        _letters(text),
        {(genres, name): _letters(name) for genres, name in _names(available)},
        scorer=fuzz.ratio,
        score_cutoff=_LEAST_LIKENESS,
    )
    return None if found is None else str(found[2][0][0])


def _stem(text: str) -> str:
    return _letters(text).removesuffix("s").rstrip(_ENDINGS)


def _letters(text: str) -> str:
    """Return the lower-case letters and digits; none if the text is too long for a genre."""
    if len(text) > _MOST_CHARACTERS:
        return ""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c)))
