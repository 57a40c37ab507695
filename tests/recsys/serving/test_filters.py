"""Filters of lists, and their names in the cache."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.data.genres import UnknownGenre
from recsys.serving.filters import Filters

GENRES = ["Action", "Drama", "Sci-Fi"]
FILMS = [
    (genres, year, often, minutes, age_rating)
    for genres in (set(), {"Action"}, {"Drama"}, {"Action", "Drama"}, {"Action", "Drama", "Sci-Fi"})
    for year in (None, 1990, 1995, 2000)
    for often in (0, 1, 2)
    for minutes in (None, 90, 120)
    for age_rating in (None, "G", "PG")
]

narrowings = st.builds(
    Filters,
    st.lists(st.sampled_from(["action", "ACTION", "drama", "Dramas"]), max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from([None, 1995]),
    st.sampled_from([None, 1995]),
    st.sampled_from([0, 1]),
    st.lists(st.sampled_from(["sci fi", "Sci-Fi"]), max_size=2).map(tuple),
    st.sampled_from([None, 90, 120]),
    st.sampled_from([None, "G", "PG"]),
)


def _lets_through(filters: Filters) -> list[int]:
    """Return the films that match the filters, by a simple implementation."""
    need = all if filters.match_all else any
    return [
        number
        for number, (genres, year, often, minutes, age_rating) in enumerate(FILMS)
        if (not filters.genres or need(genre in genres for genre in filters.genres))
        and (filters.year_from is None or (year is not None and year >= filters.year_from))
        and (filters.year_to is None or (year is not None and year <= filters.year_to))
        and often >= filters.least_ratings
        and not genres & {*filters.not_genres}
        and (
            filters.max_minutes is None or (minutes is not None and minutes <= filters.max_minutes)
        )
        and (
            filters.max_age_rating is None
            or (age_rating is not None and age_rating <= filters.max_age_rating)
        )
    ]


@given(one=narrowings, other=narrowings)
def test_equivalent_filters_have_the_same_name(one: Filters, other: Filters) -> None:
    one, other = one.resolved(GENRES), other.resolved(GENRES)
    assert (one.name == other.name) == (_lets_through(one) == _lets_through(other))


def test_genres_are_canonical_unique_and_sorted() -> None:
    assert Filters(("sci fi", "DRAMA", "scifi"), match_all=True).resolved(GENRES) == Filters(
        ("Drama", "Sci-Fi"), match_all=True
    )
    assert Filters(("drama",), match_all=True).resolved(GENRES) == Filters(("Drama",))
    assert Filters(match_all=True).resolved(GENRES) == Filters()
    assert Filters(not_genres=("scifi", "DRAMA", "drama")).resolved(GENRES) == Filters(
        not_genres=("Drama", "Sci-Fi")
    )


def test_years_and_ratings_are_not_stored() -> None:
    stored = Filters(not_genres=("Drama",), max_minutes=120, max_age_rating="PG")
    chosen = replace(stored, genres=("Action",), year_to=1999, least_ratings=5)
    assert Filters(**chosen.stored) == stored


def test_a_list_with_one_genre_and_without_others_is_common() -> None:
    without = Filters(not_genres=("Drama",))
    for filters in (without, Filters(), replace(without, genres=("Action",))):
        assert filters.is_common
    for filters in (
        Filters(("Action", "Drama")),
        Filters(year_from=1990),
        Filters(year_to=1999),
        Filters(least_ratings=1),
        Filters(max_minutes=120),
        Filters(max_age_rating="NC-17"),
    ):
        assert not filters.is_common


def test_years_and_ratings_stay_unchanged() -> None:
    filters = Filters(("drama",), False, 1990, 1999, 7)
    assert filters.resolved(GENRES) == Filters(("Drama",), False, 1990, 1999, 7)


def test_filters_that_accept_all_films_have_no_name() -> None:
    assert Filters().name is None
    assert Filters(match_all=True).resolved(GENRES).name is None
    assert Filters(least_ratings=1).name == "[[],false,null,null,1,[],null,null,null,null,null]"
    assert Filters(("Drama",)).name == '[["Drama"],false,null,null,0,[],null,null,null,null,null]'


@pytest.mark.parametrize("genre", ["", "westren", "Drama|Action", "x" * 1000])
def test_unknown_genre_lists_available_ones(genre: str) -> None:
    with pytest.raises(UnknownGenre) as caught:
        Filters(("Drama", genre)).resolved(GENRES)
    assert caught.value.available == GENRES
    with pytest.raises(UnknownGenre):
        Filters(not_genres=("Drama", genre)).resolved(GENRES)
