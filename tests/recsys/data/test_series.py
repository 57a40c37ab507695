"""Series recognised by titles."""

import pytest

from recsys.data.series import NO_SERIES, series_of


@pytest.mark.parametrize(
    "titles",
    [
        ["Toy Story", "Toy Story 2", "Toy Story 3"],
        ["The Godfather", "The Godfather: Part II"],
        ["Star Wars: Episode IV - A New Hope", "Star Wars: The Clone Wars"],
        ["Harry Potter and the Goblet of Fire", "Harry Potter and the Deathly Hallows: Part 2"],
        ["Rocky", "Rocky II", "Rocky V", "Rocky VI"],
        ["Kill Bill: Vol. 1", "Kill Bill: Vol. 2"],
        ["The Terminator", "Terminator 2: Judgment Day"],
        ["Ocean's Eleven", "Ocean's Twelve", "Ocean's 11"],
        ["Mission: Impossible - Ghost Protocol", "Mission: Impossible II"],
        ["The Lost Ark (Indiana Jones and the Lost Ark)", "Indiana Jones and the Last Crusade"],
        ["2 Fast 2 Furious (The Fast and the Furious 2)", "The Fast and the Furious"],
        ["Alien", "Alien: Resurrection", "Alien³ (a.k.a. Alien 3)"],
        ["Amélie", "Amelie 2"],
    ],
)
def test_films_of_one_series(titles: list[str]) -> None:
    assert series_of(titles).tolist() == [0] * len(titles)


def test_films_without_a_series() -> None:
    titles = ["Heat", "Fargo", "Seven Samurai", "Se7en", "8½", "Beauty and the Beast", "12", ""]
    assert series_of(titles).tolist() == [NO_SERIES] * len(titles)


def test_series_have_different_numbers() -> None:
    found = series_of(["Saw", "Shrek 2", "Heat", "Saw II", "Shrek"])
    assert found.tolist() == [0, 1, NO_SERIES, 0, 1]


def test_no_titles() -> None:
    assert series_of([]).tolist() == []
