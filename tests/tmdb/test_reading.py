"""Whatever TMDb sends is either read or refused, and what is read can be stored."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tmdb.answers import SEVEN
from tmdb.errors import MalformedError
from tmdb.film import IMAGE_PATH
from tmdb.reading import read_film, read_match

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@st.composite
def _changed(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an answer with one of its parts replaced, at any depth."""
    film: dict[str, Any] = json.loads(json.dumps(SEVEN))
    part: Any = film
    while True:
        place = draw(st.sampled_from([*part] if isinstance(part, dict) else range(len(part))))
        if isinstance(part[place], dict | list) and part[place] and draw(st.booleans()):
            part = part[place]
        else:
            part[place] = draw(JSON)
            return film


@given(_changed())
def test_changed_answers(film: dict[str, Any]) -> None:
    try:
        found = read_film(json.dumps(film).encode())
    except MalformedError:
        return
    for words in found.words.values():
        assert words.poster is None or IMAGE_PATH.fullmatch(words.poster)
        for text in (words.plot, words.tagline):
            assert text is None or (text.strip() and "\0" not in text)
    assert found.backdrop is None or IMAGE_PATH.fullmatch(found.backdrop)


@given(st.binary(max_size=200))
def test_bytes(body: bytes) -> None:
    for read in (read_film, read_match):
        try:
            read(body)
        except MalformedError:
            pass
        else:
            json.loads(body)


@pytest.mark.parametrize(
    "path", ["https://evil.example/a.jpg", "//evil.example/a.jpg", "/../a.jpg", "/a.svg", "a.jpg"]
)
def test_other_paths_of_pictures_are_left_out(path: str) -> None:
    film = read_film(json.dumps({"id": 1, "poster_path": path, "backdrop_path": path}).encode())
    assert (film.backdrop, film.words["en"].poster) == (None, None)


def test_texts_are_cut_and_cleaned() -> None:
    film = {"id": 1, "overview": " \0" + "x" * 6000, "tagline": " \0 "}
    words = read_film(json.dumps(film).encode()).words["en"]
    assert (words.plot, words.tagline) == ("x" * 5000, None)


def test_a_half_character_is_refused() -> None:
    with pytest.raises(MalformedError):
        read_film(b'{"id": 1, "overview": "\\ud83d"}')


def test_videos_that_are_no_keys_are_left_out() -> None:
    video = {"key": '"><script>', "site": "YouTube", "type": "Trailer", "iso_639_1": "en"}
    film = read_film(json.dumps({"id": 1, "videos": {"results": [video]}}).encode())
    assert film.words["en"].trailer is None
