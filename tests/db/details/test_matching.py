"""Which of IMDb's titles is which film."""

from db.details.matching import ImdbTitle, Matcher
from db.loading.title_index import Film


def _title(
    number: int, title: str, year: int, kind: str = "movie", original: str = ""
) -> ImdbTitle:
    return ImdbTitle(number, kind, title, original or None, year, None)


def _found(
    films: list[Film], titles: list[ImdbTitle], **numbers: int
) -> tuple[dict[int, int], int]:
    """Return the films' numbers, and how many films are ambiguous."""
    matcher = Matcher(films, {int(film[1:]): number for film, number in numbers.items()})
    for title in titles:
        matcher.add(title)
    matches = matcher.matches()
    return {film: title.number for film, title in matches.found.items()}, matches.ambiguous


def test_a_number_decides_whatever_the_title() -> None:
    films = [Film(1, "Heat", 1995), Film(2, "Fargo", 1996)]
    titles = [_title(7, "Hitze", 1994, "tvMovie"), _title(8, "Heat", 1995)]
    assert _found(films, titles, _1=7) == ({1: 7}, 0)


def test_two_films_of_one_number() -> None:
    films = [Film(1, "Heat", 1995), Film(2, "Heat again", 1995)]
    assert _found(films, [_title(7, "Heat", 1995)], _1=7, _2=7) == ({1: 7, 2: 7}, 0)


def test_a_number_of_one_film_is_no_other_films() -> None:
    films = [Film(1, "Heat (Hitze)", 1995), Film(2, "Heat", 1995)]
    assert _found(films, [_title(7, "Heat", 1995)], _1=7) == ({1: 7}, 0)


def test_title_and_year() -> None:
    films = [Film(1, "The Interview", 2014), Film(2, "Amélie", 2001), Film(3, "Untimely", None)]
    titles = [
        _title(5, "The Interview", 2013),
        _title(6, "The Interview", 2014),
        _title(7, "Le fabuleux destin", 2001, original="Amelie"),
        _title(8, "Untimely", 2001),
    ]
    assert _found(films, titles) == ({1: 6, 2: 7}, 0)


def test_two_titles_of_a_year_are_ambiguous() -> None:
    titles = [_title(5, "Chaos", 2005), _title(6, "Chaos", 2005)]
    assert _found([Film(1, "Chaos", 2005)], titles) == ({}, 1)


def test_two_films_of_a_year_are_ambiguous() -> None:
    films = [Film(1, "Chaos", 2005), Film(2, "Chaos", 2005)]
    assert _found(films, [_title(5, "Chaos", 2005)]) == ({}, 2)


def test_films_come_before_television_and_shorts_and_episodes_never_match() -> None:
    films = [Film(1, "Heat", 1995), Film(2, "Vincent", 1982), Film(3, "Pilot", 1990)]
    titles = [
        _title(5, "Heat", 1995, "short"),
        _title(6, "Heat", 1995, "movie"),
        _title(7, "Heat", 1995, "tvMovie"),
        _title(8, "Vincent", 1982, "short"),
        _title(9, "Pilot", 1990, "tvEpisode"),
        _title(10, "Pilot", 1990, "videoGame"),
    ]
    assert _found(films, titles) == ({1: 6, 2: 8}, 0)


def test_lines_that_may_match() -> None:
    matcher = Matcher([Film(1, "Heat", 1995), Film(2, "Fargo", 1996)], {1: 113277})
    for key, line, may in (
        (b"tt0113277", b"tt0113277\tmovie\tHeat\tHeat\t0\t2050\t", True),
        (b"tt0000001", b"tt0000001\tmovie\tFargo\tFargo\t0\t1996\t", True),
        (b"tt0000001", b"tt0000001\tmovie\tHeat\tHeat\t0\t1995\t", False),  # it has a number
        (b"tt0000001", b"tt0000001\ttvEpisode\tFargo\tFargo\t0\t1996\t", False),
    ):
        assert matcher.may_match(key, line) is may
