"""Matching of rows with films of a catalogue."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event

from accounts.imports import (
    By,
    Preview,
    Row,
    Status,
    Superseded,
    Why,
    match,
    present_ratings,
    read,
)
from tests.accounts.imports.files import DATA_SET, IMDB, LETTERBOXD, MOVIELENS

pytestmark = pytest.mark.data_layer

EARLY = datetime(2020, 1, 1, tzinfo=UTC)
LATE = datetime(2021, 1, 1, tzinfo=UTC)


def _match(
    films: Engine, rows: Sequence[Row], present: Mapping[int, float] | None = None
) -> Preview:
    with films.connect() as connection:
        return match(connection, rows, present or {})


def _fate(preview: Preview) -> object:
    """Return the result for the only row."""
    [fate] = (
        [(found.movie.id, found.by) for found in preview.matched]
        + [([movie.id for movie in found.candidates], found.why) for found in preview.unsure]
        + [None for _ in preview.not_found]
    )
    return fate


ROWS_BY_NUMBER: list[tuple[Row, object]] = [
    (Row(2, "", None, 4.0, movielens_id=2), (2, By.MOVIELENS)),
    (Row(2, "Matrix", 1999, 4.0, movielens_id=2), (2, By.MOVIELENS)),
    (Row(2, "The Matrix Reloaded", 2000, 4.0, movielens_id=2), (2, By.MOVIELENS)),
    (Row(2, "Heat", 1995, 4.0, movielens_id=2), (1, By.TITLE)),
    (Row(2, "The Matrix", 2005, 4.0, movielens_id=2), ([2], Why.YEAR)),
    (Row(2, "The Matrix", 2005, 4.0, movielens_id=2, imdb_id=133093), (2, By.IMDB)),
    (Row(2, "", None, 4.0, movielens_id=99), None),
    (Row(2, "", None, 4.0, movielens_id=99, tmdb_id=949), (1, By.TMDB)),
    (Row(2, "Любовь", 2011, 4.0, imdb_id=113277), (1, By.IMDB)),
    (Row(2, "", None, 4.0, tmdb_id=807), ([12, 14], Why.SEVERAL_NUMBERS)),
    (Row(2, "Se7en", 1995, 4.0, tmdb_id=807), (12, By.TITLE)),
    (Row(2, "Heat", 1995, 4.0, imdb_id=1), ([1], Why.NUMBER)),
    (Row(2, "Heat", 1995, 4.0, tmdb_id=1), ([1], Why.NUMBER)),
    (Row(2, "Heat", 1995, 4.0, imdb_id=1, tmdb_id=949), ([1], Why.NUMBER)),
    (Row(2, "Heat", 1995, 4.0, imdb_id=113277, tmdb_id=1), ([1], Why.NUMBER)),
    (Row(2, "Heat", 1995, 4.0, movielens_id=1, imdb_id=1), ([1], Why.NUMBER)),
    (Row(2, "Heat", 1986, 4.0, tmdb_id=5), (13, By.TITLE)),
    (Row(2, "Heat", 1995, 4.0, is_film=None), ([1], Why.TYPE)),
    (Row(2, "Heat", 1995, 4.0, imdb_id=113277, is_film=None), (1, By.IMDB)),
    (Row(2, "Heat", 1995, 4.0, tmdb_id=949, is_film=False), None),
    (Row(2, "Emma", 1996, 4.0), ([5, 4], Why.SEVERAL)),
    (Row(2, "X", 1995, 4.0, original_title="Heat"), (1, By.TITLE)),
    (Row(2, "Heat", 1995, 4.0, imdb_id=1, is_film=False), None),
    (Row(2, "X", 1995, 4.0, imdb_id=113277, is_film=False), (1, By.IMDB)),
]

FILES: list[tuple[str, list[tuple[int, By]], list[str]]] = [
    (LETTERBOXD, [(1, By.TITLE)], ["Crouching Tiger, Hidden Dragon"]),
    (IMDB, [(1, By.IMDB), (3, By.IMDB)], ["Breaking Bad"]),
    (MOVIELENS, [(1, By.IMDB), (2, By.IMDB)], []),
    (DATA_SET, [(6, By.MOVIELENS)], [""]),
]


def test_ids_and_titles(films: Engine) -> None:
    for row, fate in ROWS_BY_NUMBER:
        assert _fate(_match(films, [row])) == fate, row


def test_file_of_each_service(films: Engine) -> None:
    for content, matched, not_found in FILES:
        preview = _match(films, read("ratings.csv", content.encode()).rows)
        assert [(found.movie.id, found.by) for found in preview.matched] == matched
        assert [row.title for row in preview.not_found] == not_found
        assert (len(preview.unsure), len(preview.superseded)) == (0, 0)


def test_latest_of_two_rows_of_a_film(films: Engine) -> None:
    rows = [
        Row(2, "Heat", 1995, 1.0, LATE),
        Row(3, "Heat", 1995, 2.0, EARLY),
        Row(4, "HEAT!", 1995, 3.0, EARLY),
        Row(5, "Matrix", 1999, 4.0),
        Row(6, "The Matrix", 1999, 5.0),
        Row(7, "Nowhere", 1999, 1.0),
        Row(8, "Nowhere", 1999, 2.0),
    ]
    preview = _match(films, rows)
    assert [found.row.line for found in preview.matched] == [2, 6]
    assert [row.line for row in preview.not_found] == [8]
    assert preview.superseded == (
        Superseded(rows[1], by=rows[0]),
        Superseded(rows[2], by=rows[0]),
        Superseded(rows[3], by=rows[4]),
        Superseded(rows[5], by=rows[6]),
    )


def test_id_takes_precedence_over_a_later_title(films: Engine) -> None:
    rows = [Row(2, "Heat", 1995, 1.0, EARLY, imdb_id=113277), Row(3, "Heat", 1995, 5.0, LATE)]
    preview = _match(films, rows)
    assert [found.row.line for found in preview.matched] == [2]
    assert preview.superseded == (Superseded(rows[1], by=rows[0]),)


@pytest.mark.parametrize(
    "twins",
    [
        (Row(2, "Heat", 1995, 1.0, address="https://a"), Row(3, "Heat", 1995, 5.0, address="b")),
        (Row(2, "Heat", 1995, 1.0, directors="a"), Row(3, "Heat!", 1995, 5.0, directors="b")),
        (Row(2, "Heat", 1986, 1.0, tmdb_id=8), Row(3, "Heat", 1986, 5.0, tmdb_id=9)),
    ],
)
def test_two_films_with_the_same_title_and_year_in_a_file(
    films: Engine, twins: tuple[Row, Row]
) -> None:
    preview = _match(films, twins)
    assert [(each.row.line, each.why) for each in preview.unsure] == [
        (2, Why.SEVERAL),
        (3, Why.SEVERAL),
    ]
    assert (preview.matched, preview.superseded) == ((), ())


def test_same_film_in_two_sections_is_unambiguous(films: Engine) -> None:
    rated = Row(2, "Heat", 1995, 1.0, address="https://a")
    seen = Row(2, "Heat", 1995, None, mark="seen", address="https://a", section=1)
    assert [found.row for found in _match(films, [rated, seen]).matched] == [rated, seen]


def test_present_ratings_of_the_user(films: Engine) -> None:
    rows = [
        Row(2, "Heat", 1995, 5.0),
        Row(3, "Matrix", 1999, 2.0),
        Row(4, "Emma", 1996, 1.0),
        Row(5, "Die Hard", 1988, 1.0),
    ]
    with films.connect() as connection:
        present = present_ratings(connection, 7)
        assert present_ratings(connection, 8) == {}
        preview = match(connection, rows, {**present, 11: 3.0, 10: 1.0})
    assert present == {1: 5.0, 5: 4.0}
    assert [(found.movie.id, found.present, found.status) for found in preview.matched] == [
        (1, 5.0, Status.SAME),
        (2, None, Status.NEW),
        (11, 3.0, Status.DIFFERS),
    ]
    assert preview.present == {1: 5.0, 5: 4.0, 11: 3.0}


def test_movies_have_the_data_for_cards(films: Engine) -> None:
    [found] = _match(films, [Row(2, "Heat", 1995, 5.0)]).matched
    assert (found.movie.label, found.movie.ratings, found.movie.mean) == ("Heat (1995)", 1, 5.0)


def test_three_queries_for_any_number_of_rows(films: Engine) -> None:
    rows = [Row(line, f"Heat {line}", 1995, 4.0, imdb_id=line) for line in range(2, 2000)]
    rows += [Row(2001, "Heat", 1995, 4.0), Row(2002, "X", 1999, 4.0, imdb_id=133093)]
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    with films.connect() as connection:
        event.listen(films, "before_cursor_execute", count)
        preview = match(connection, rows, {})
    assert len(statements) == 3
    assert [found.movie.id for found in preview.matched] == [1, 2]


def test_no_rows(films: Engine) -> None:
    assert _match(films, []) == Preview((), (), (), (), {})
