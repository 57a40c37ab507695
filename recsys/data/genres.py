"""Genres as people write them."""

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz, process

# MovieLens' genres in Russian: the first of each is what pages show, all of them may be typed.
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

# Other words for a genre; of a word that means two, both.
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
_OTHERS = {"Children's": "Children"}  # as older releases of MovieLens call it

_MOST_CHARACTERS = 60
_LEAST_LIKENESS = 60.0
_ENDINGS = "аеиоуыьэюя"


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
    """The genre that somebody means; of a word that means two, the first.

    Raises
    ------
    UnknownGenre
        As `match_genres`.
    """
    return match_genres(text, available)[0]


def match_genres(text: str, available: Sequence[str]) -> tuple[str, ...]:
    """The genres that a word means: "sci fi", " Sci-Fi " and "фантастика" are all Sci-Fi.

    Parameters
    ----------
    text : str
        What was typed, in English or Russian; case, accents, spaces and signs don't matter, nor
        does a final "s" or a Russian ending. Other words are understood as well: "anime" is
        Animation, and a "romcom" is a film of both Romance and Comedy.
    available : sequence of str
        The genres that there are.

    Raises
    ------
    UnknownGenre
        When it is none of them.
    """
    wanted = _stem(text)
    for genres, name in _names(available):
        if wanted and wanted == _stem(name):
            return genres
    raise UnknownGenre(text, available)


def _names(available: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """All names in both languages, each with the genres that it means; genres' own come first."""
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
    """Lower-case letters and digits alone; a text too long for any genre has none."""
    if len(text) > _MOST_CHARACTERS:
        return ""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c)))
