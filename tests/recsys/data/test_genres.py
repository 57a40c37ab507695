"""Genres as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.data.genres import MEANT, UnknownGenre, _names, _stem, match_genre, match_genres

GENRES = ["Action", "Children", "Drama", "Film-Noir", "IMAX", "Musical", "Sci-Fi"]


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("Action", "Action"),
        ("aCtIoN", "Action"),
        ("sci fi", "Sci-Fi"),
        ("scifi", "Sci-Fi"),
        ("SCI-FI ", "Sci-Fi"),
        ("sci–fi", "Sci-Fi"),
        ("film noir", "Film-Noir"),
        ("children's", "Children"),
        ("Children’s", "Children"),
        ("dramas", "Drama"),
        ("drāma", "Drama"),
        ("imax", "IMAX"),
    ],
)
def test_spellings(text: str, genre: str) -> None:
    assert match_genre(text, GENRES) == genre


@pytest.mark.parametrize(
    ("text", "meant"),
    [("scy-fi", "Sci-Fi"), ("acton", "Action"), ("musicle", "Musical"), ("xyzzy", None)],
)
def test_unknown_genre_says_what_there_is(text: str, meant: str | None) -> None:
    with pytest.raises(UnknownGenre) as caught:
        match_genre(text, reversed_list := GENRES[::-1])
    assert reversed_list[0] == "Sci-Fi"
    assert caught.value.available == GENRES
    assert caught.value.did_you_mean == meant
    assert "Children, Drama" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "s", "'", '"; DROP TABLE genres; --', "<script>alert(1)</script>"),
        *("🎬", "\0", "x" * 10_000, "action" * 10_000, "\u0301" * 10_000, "ﷺ" * 10_000),
    ],
)
@pytest.mark.timeout(30)
def test_hostile_text_is_unknown_and_comes_to_an_end(text: str) -> None:
    with pytest.raises(UnknownGenre) as caught:
        match_genre(text, GENRES)
    assert len(str(caught.value)) < 500


ALL = sorted({genre for genres in MEANT for genre in genres})


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        ("anime", ("Animation",)),
        ("Cartoons", ("Animation",)),
        ("мультфильмы", ("Animation",)),
        ("kids", ("Children",)),
        ("scary", ("Horror",)),
        ("ужастик", ("Horror",)),
        ("noir", ("Film-Noir",)),
        ("science fiction", ("Sci-Fi",)),
        ("romcom", ("Romance", "Comedy")),
        ("Rom-Com", ("Romance", "Comedy")),
        ("романтическая комедия", ("Romance", "Comedy")),
    ],
)
def test_other_words(text: str, genres: tuple[str, ...]) -> None:
    assert match_genres(text, ALL) == genres


def test_a_word_means_genres_that_are_there() -> None:
    assert match_genre("romcom", ["Comedy", "Romance"]) == "Romance"
    assert match_genre("kids", ["Children's"]) == "Children's"
    with pytest.raises(UnknownGenre) as caught:
        match_genre("romcom", ["Comedy"])
    assert caught.value.available == ["Comedy"]


def test_no_two_genres_share_a_word() -> None:
    names = [(genres, _stem(name)) for genres, name in _names([*ALL, "IMAX"])]
    meanings = {stem: {genres for genres, other in names if other == stem} for _, stem in names}
    assert {stem: genres for stem, genres in meanings.items() if len(genres) > 1} == {}


def test_a_misspelled_word_is_guessed_as_well() -> None:
    with pytest.raises(UnknownGenre) as caught:
        match_genre("anmie", ALL)
    assert caught.value.did_you_mean == "Animation"


def test_no_genres_at_all() -> None:
    with pytest.raises(UnknownGenre) as caught:
        match_genre("drama", [])
    assert caught.value.available == []
    assert caught.value.did_you_mean is None


@given(st.text())
def test_any_text_is_a_genre_or_unknown(text: str) -> None:
    try:
        found: str | None = match_genre(text, GENRES)
    except UnknownGenre as unknown:
        found = unknown.did_you_mean
    assert found is None or found in GENRES


@given(st.sampled_from(GENRES), st.sampled_from(["", " ", "-", "_", "  ", "·"]), st.booleans())
def test_signs_and_case_do_not_matter(genre: str, sign: str, is_upper: bool) -> None:
    text = sign.join(genre)
    assert match_genre(text.upper() if is_upper else text.lower(), GENRES) == genre
