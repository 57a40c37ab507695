"""Films found by title and year: exact years, articles, accents, titles in brackets."""

import pytest

from db.loading.title_index import Film, TitleIndex

INDEX = TitleIndex(
    [
        Film(1, "The Interview", 2014),
        Film(2, "City of Lost Children (La Cité des enfants perdus)", 1995),
        Film(3, "Men in Black (a.k.a. MIB)", 1997),
        Film(4, "Hamlet", 1996),
        Film(5, "Hamlet", 1990),
        Film(6, "Chaos", 2005),
        Film(7, "Chaos", 2005),
        Film(8, "Untimely", None),
        Film(9, "The Dish", 2000),
    ]
)


@pytest.mark.parametrize(
    ("title", "year", "found"),
    [
        ("Interview, The", 2014, {1}),
        ("The INTERVIEW!", 2014, {1}),
        ("The Interview", 2013, set()),  # another year is another film
        ("City of Lost Children", 1995, {2}),
        ("Cité des enfants perdus, La", 1995, {2}),
        ("La Cite des Enfants Perdus", 1995, {2}),
        ("MIB", 1997, {3}),
        ("Hamlet", 1996, {4}),
        ("Chaos", 2005, {6, 7}),
        ("Untimely", 1990, set()),
        ("Untimely", None, set()),
        ("Dish", 2000, set()),  # a short film of that name came out then, too
    ],
)
def test_films_by_title_and_year(title: str, year: int | None, found: set[int]) -> None:
    assert INDEX.find([title], year) == found


def test_several_titles_of_one_film() -> None:
    assert INDEX.find(["Hamlet (1996)", "Shakespeare's Hamlet"], 1996) == {4}
    assert INDEX.find(["Men in Black", "MIB"], 1997) == {3}
