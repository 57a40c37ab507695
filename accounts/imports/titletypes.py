"""What a service calls films, and what it calls everything else, in many languages.

IMDb writes its "Title Type" in the language of whoever exports. A type that is in neither list is
neither taken for a film nor left out: somebody is asked.
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

# Pieces of words, which every one of these languages builds its names of.
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
    """Whether a type means a film; None when it is unknown. No type at all is a film."""
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    if not plain or plain in _FILMS:
        return True
    return False if plain in _OTHER_WORDS or any(piece in plain for piece in _OTHERS) else None
