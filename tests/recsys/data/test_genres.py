"""Genre names as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.data.genres import IN_RUSSIAN, MEANT, UnknownGenre, match_genre, match_genres

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
def test_unknown_genre_lists_available_ones(text: str, meant: str | None) -> None:
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
def test_hostile_text_is_rejected_in_time(text: str) -> None:
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
def test_synonyms(text: str, genres: tuple[str, ...]) -> None:
    assert match_genres(text, ALL) == genres


def test_synonyms_only_mean_available_genres() -> None:
    assert match_genre("romcom", ["Comedy", "Romance"]) == "Romance"
    assert match_genre("kids", ["Children's"]) == "Children's"
    with pytest.raises(UnknownGenre) as caught:
        match_genre("romcom", ["Comedy"])
    assert caught.value.available == ["Comedy"]


def test_names_are_unambiguous() -> None:
    every = [*ALL, "IMAX"]
    own = [((genre,), name) for genre in every for name in (genre, *IN_RUSSIAN.get(genre, ()))]
    names = own + [(genres, name) for genres, others in MEANT.items() for name in others]
    assert [(match_genres(name, every), name) for _, name in names] == names


def test_misspelled_synonyms_are_guessed() -> None:
    with pytest.raises(UnknownGenre) as caught:
        match_genre("anmie", ALL)
    assert caught.value.did_you_mean == "Animation"


def test_no_available_genres() -> None:
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
def test_punctuation_and_case_do_not_matter(genre: str, sign: str, is_upper: bool) -> None:
    text = sign.join(genre)
    assert match_genre(text.upper() if is_upper else text.lower(), GENRES) == genre
