"""Types that mean films, and types that mean anything else, in many languages.

IMDb writes its "Title Type" in the language of the user who exports. For a type in neither list,
the user is asked.
"""

_FILMS = {
    "movie",
    "movies",
    "film",
    "films",
    "feature",
    "featurefilm",
    "tvmovie",
    "tvfilm",
    "short",
    "shortfilm",
    "tvshort",
    "video",
    "documentary",
    "animation",
    "m",
    "фильм",
    "телефильм",
    "короткометражка",
    "короткометражныйфильм",
    "документальныйфильм",
    "мультфильм",
    "видео",
    "фильмдлятв",
    "spielfilm",
    "animationsfilm",
    "kurzfilm",
    "fernsehfilm",
    "dokumentarfilm",
    "longmétrage",
    "courtmétrage",
    "téléfilm",
    "filmtv",
    "película",
    "pelicula",
    "cortometraje",
    "películadetv",
    "películaparatv",
    "filme",
    "curtametragem",
    "telefilme",
    "filmeparatv",
    "lungometraggio",
    "cortometraggio",
    "映画",
    "电影",
    "電影",
    "영화",
}

_OTHER_WORDS = ("tv", "shows", "trailer", "hook")

# Parts of words: all of these languages form compounds with them.
_OTHERS = (
    "series",
    "serie",
    "série",
    "serial",
    "сериал",
    "show",
    "season",
    "сезон",
    "staffel",
    "episod",
    "épisode",
    "эпизод",
    "folge",
    "aflevering",
    "odcinek",
    "special",
    "spécial",
    "especial",
    "speciale",
    "спецвыпуск",
    "spezial",
    "game",
    "игра",
    "spiel",
    "jeu",
    "juego",
    "jogo",
    "gioco",
    "music",
    "musik",
    "musique",
    "música",
    "клип",
    "podcast",
    "подкаст",
    "anime",
    "pilot",
    "シリーズ",
    "剧集",
    "시리즈",
)


def is_film(text: str) -> bool | None:
    """Return whether a type means a film; None if it is unknown. An empty type is a film."""
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    if not plain or plain in _FILMS:
        return True
    return False if plain in _OTHER_WORDS or any(piece in plain for piece in _OTHERS) else None
