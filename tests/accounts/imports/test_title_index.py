"""Matching of titles and years with films."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import Row, Why
from accounts.imports.title_index import MOST_CANDIDATES, Found, TitleIndex, agrees
from db.queries.matching import Candidate
from tests.accounts.imports.conftest import FILMS

CATALOGUE = [Candidate(*film, ratings=1 if film[0] == 5 else 0) for film in FILMS]
FILM = {film.id: film for film in CATALOGUE}


def _find(row: Row) -> Found:
    return TitleIndex(CATALOGUE, [row]).find(row)


@pytest.mark.parametrize(
    ("title", "year", "movie_id"),
    [
        ("Heat", 1995, 1),
        ("HEAT", 1986, 13),
        ("The Matrix", 1999, 2),
        ("Matrix, The", 1999, 2),
        ("Matrix", 1999, 2),
        ("Amélie", 2001, 3),
        ("amelie", 2001, 3),
        ("Le Fabuleux Destin d’Amélie Poulain", 2001, 3),
        ("Fabuleux destin d'Amélie Poulain, Le", 2001, 3),
        ("Amélie (Fabuleux destin d'Amélie Poulain, Le)", 2001, 3),
        ("Solyaris", 1972, 7),
        ("Solaris", 2002, 8),
        ("Lilo and Stitch", 2002, 10),
        ("Se7en", 1995, 12),
        ("<script>alert('x')</script>", 2001, 15),
        ("The Matrix", 2000, 2),
        ("Solyaris", 1971, 7),
        ("Star Wars", 1977, 9),
    ],
)
def test_title_and_year(title: str, year: int, movie_id: int) -> None:
    assert _find(Row(2, title, year, 4.0)) == Found((FILM[movie_id],))


@pytest.mark.parametrize(
    ("title", "year", "candidates", "why"),
    [
        ("Emma", 1996, [5, 4], Why.SEVERAL),
        ("Solaris", None, [7, 8], Why.NO_YEAR),
        ("Heat", None, [1, 13], Why.NO_YEAR),
        ("Untimely", 1990, [6], Why.NO_YEAR),
        ("Star Wars", 1978, [9], Why.SPELLING),
        ("A New Hope", 1978, [9], Why.SPELLING),
        ("The Matricks", 1999, [], Why.SPELLING),
        ("The Matrx", 1999, [2], Why.SPELLING),
        ("Seven: Director's Cut", 1995, [12], Why.SPELLING),
        ("Hard", 1988, [], Why.SPELLING),
        ("Heat", 2005, [], Why.SPELLING),
        ("Nothing of the Kind", 1995, [], Why.SPELLING),
        ("$", None, [], Why.SPELLING),
    ],
)
def test_user_has_to_choose_or_nothing_matches(
    title: str, year: int | None, candidates: list[int], why: Why
) -> None:
    found = _find(Row(2, title, year, 4.0))
    assert [film.id for film in found.films] == candidates
    assert found.why is why


@pytest.mark.parametrize(
    ("films", "title", "year", "candidates", "why"),
    [
        ([("Hamlet", 1996), ("Hamlet", 1997)], "Hamlet", 1996, [1, 2], Why.NEAR),
        ([("Hamlet", 1996), ("Hamlet", 1999)], "Hamlet", 1997, [1], Why.YEAR),
        ([("Hamlet", 1996), ("Hamlet", 2002)], "Hamlet", 1997, [1], None),
        ([("The Purge", 2013), ("The Purge: Anarchy", 2014)], "The Purge", 2013, [1], None),
        ([("The Purge", 2013), ("The Purge: Anarchy", 2014)], "The Purge", 2014, [2, 1], Why.YEAR),
        ([("Che: Part One", 2008), ("Che: Part Two", 2008)], "Che", 2008, [1, 2], Why.SPELLING),
        ([("Borat", 2006)], "Borat: Cultural Learnings", 2006, [1], Why.SPELLING),
    ],
)
def test_films_with_similar_titles(
    films: list[tuple[str, int]], title: str, year: int, candidates: list[int], why: Why | None
) -> None:
    catalogue = [
        Candidate(number, name, when, None, None, 0) for number, (name, when) in enumerate(films, 1)
    ]
    row = Row(2, title, year, 4.0)
    found = TitleIndex(catalogue, [row]).find(row)
    assert ([film.id for film in found.films], found.why) == (candidates, why)


def test_original_title_counts_too() -> None:
    row = Row(2, "X", 1995, 4.0, original_title="Le fabuleux destin d'Amélie Poulain")
    assert _find(row).films == ()
    row = Row(2, "X", 2001, 4.0, original_title="Le fabuleux destin d'Amélie Poulain")
    assert _find(row) == Found((FILM[3],))


def test_candidates_are_the_films_with_most_ratings() -> None:
    emmas = [Candidate(number, "Emma", 1996, None, None, number % 7) for number in range(1, 15)]
    row = Row(2, "Emma", 1996, 4.0)
    found = TitleIndex(emmas, [row]).find(row)
    assert [film.id for film in found.films] == [6, 13, 5, 12, 4]


@pytest.mark.parametrize(
    ("row", "agreeing"),
    [
        (Row(2, "", None, 4.0), [1, 2, 3]),
        (Row(2, "Matrix", None, 4.0), [2]),
        (Row(2, "Fabuleux destin", None, 4.0), [3]),
        (Row(2, "X", None, 4.0, original_title="Heat"), [1]),
    ],
)
def test_agreeing_titles(row: Row, agreeing: list[int]) -> None:
    assert [number for number in (1, 2, 3) if agrees(row, FILM[number])] == agreeing


@given(st.text(max_size=40), st.text(max_size=40), st.none() | st.integers(1990, 2003))
def test_any_title(title: str, original: str, year: int | None) -> None:
    row = Row(2, title, year, 4.0, original_title=original)
    found = _find(row)
    assert len(found.films) == len(set(found.films)) <= MOST_CANDIDATES
    assert found.why is not None or len(found.films) == 1


@given(st.sampled_from([film for film in CATALOGUE if film.id not in (4, 5, 6)]))
def test_every_film_is_found_by_its_own_title(film: Candidate) -> None:
    assert _find(Row(2, film.title, film.year, 4.0)) == Found((film,))
