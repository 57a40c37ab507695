"""Pictures drawn from genres and numbers."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.posters import _STYLES, poster, poster_address


@pytest.mark.parametrize("genre", [*_STYLES, "(unheard of)"])
def test_each_genre_has_a_drawing_of_its_own(genre: str) -> None:
    drawing = ET.fromstring(poster(7, [genre]))
    assert drawing.get("viewBox") == "0 0 400 300"
    assert len(list(drawing.iter())) >= 8
    others = [poster(7, [other]) for other in _STYLES if other not in (genre, "IMAX")]
    assert poster(7, [genre]) not in others


def test_the_same_film_has_the_same_picture_and_another_film_another() -> None:
    assert poster(1, ["Drama"]) == poster(1, ["Drama"])
    assert poster(1, ["Drama"]) != poster(2, ["Drama"])


def test_the_most_telling_genre_gives_the_motif_and_the_next_one_a_colour() -> None:
    western, drama = _STYLES["Western"], _STYLES["Drama"]
    mixed = poster(1, ["Drama", "Western"])
    assert mixed == poster(1, ["Western"]).replace(western[1], drama[1])
    assert mixed != poster(1, ["Western"])


@given(st.integers(1, 2**31 - 1), st.lists(st.text(max_size=20), max_size=4))
def test_hostile_genres_leave_no_mark(movie_id: int, genres: list[str]) -> None:
    address = poster_address(movie_id, genres)
    assert address.startswith("data:image/svg+xml;base64,")
    if not set(genres) & set(_STYLES):
        assert address == poster_address(movie_id, [])
