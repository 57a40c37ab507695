"""Types of titles: films and everything else."""

import pytest

from accounts.imports.titletypes import is_film


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", True),
        ("Movie", True),
        ("Feature Film", True),
        ("TV Movie", True),
        ("Short", True),
        ("Video", True),
        ("Spielfilm", True),
        ("Película", True),
        ("Фильм", True),
        ("映画", True),
        ("TV Series", False),
        ("tvMiniSeries", False),
        ("TV Episode", False),
        ("TV Special", False),
        ("Video Game", False),
        ("Music Video", False),
        ("Podcast Series", False),
        ("tv", False),
        ("Fernsehserie", False),
        ("Série télévisée", False),
        ("Épisode", False),
        ("Serie de TV", False),
        ("Jeu vidéo", False),
        ("Videospiel", False),
        ("Сериал", False),
        ("Мини-сериал", False),
        ("Видеоигра", False),
        ("Etwas Neues", None),
        ("片", None),
    ],
)
def test_types(text: str, answer: bool | None) -> None:
    assert is_film(text) is answer
