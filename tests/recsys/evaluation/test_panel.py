"""The taste panel: reading it from a file, and matching it with a data set."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recsys.data.taste_panel import PanelError, Person, read_panel
from recsys.evaluation.panel import seats
from tests.recsys.frames import movies

FILMS = movies(
    {
        1: (1960, ["Western"]),
        2: (1966, ["Western", "Comedy"]),
        3: (1972, ["Western", "Comedy"]),
        4: (None, ["Western"]),
        5: (1995, ["Children's", "Musical"]),
        6: (1995, ["Comedy"]),
    }
)
NOW = pd.Timestamp("2020-01-01", tz="UTC")


def _fits(**described: Any) -> set[int]:
    person = Person(name="a person", **{"likes": (1,), **described})
    (seat,) = seats([person], FILMS, NOW)
    return set(seat.case.relevant)


def _file(folder: Path, content: object) -> Path:
    path = folder / "panel.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_film_fits_with_all_genres_of_any_list() -> None:
    assert _fits(genres=(("Western",),)) == {2, 3, 4}, "liked films can't be listed"
    assert _fits(genres=(("Western", "Comedy"),)) == {2, 3}
    assert _fits(genres=(("Western", "Comedy"), ("Children", "Musical"))) == {2, 3, 5}


def test_years_restrict_genres_but_not_films() -> None:
    assert _fits(genres=(("Western",),), years=(1966, 1972)) == {2, 3}
    assert _fits(genres=(("Western",),), years=(1970, 1980), films=(6,)) == {3, 6}


def test_genre_without_films_fits_none() -> None:
    assert _fits(genres=(("Documentary",), ("Western", "War")), films=(6,)) == {6}


def test_missing_films_are_left_out_and_reported() -> None:
    panel = [
        Person(name="knows one", likes=(90, 6, 1), films=(2, 91)),
        Person(name="knows none", likes=(92,), films=(2,)),
    ]
    (seat,) = seats(panel, FILMS, NOW)
    assert seat.person.name == "knows one"
    assert seat.missing == (90, 91)
    assert seat.case.relevant == {2}
    assert seat.case.history["movie_id"].tolist() == [6, 1]
    assert seat.case.history["rating"].tolist() == [5, 5]
    assert seat.case.history["rated_at"].tolist() == [NOW, NOW + pd.Timedelta(seconds=1)]
    assert seat.case.user_id < 0


def test_default_panel_has_twelve_people() -> None:
    panel = read_panel()
    assert len(panel) == 12
    assert panel[3] == Person(
        name="romantic comedies", likes=(1307, 539, 2671), genres=(("Romance", "Comedy"),)
    )


def test_custom_panel_is_read(tmp_path: Path) -> None:
    written = [{"name": "x", "likes": [1], "genres": [["sci fi"]], "years": [1950, 1959]}]
    (person,) = read_panel(_file(tmp_path, written))
    assert person.genres == (("sci fi",),)
    assert person.years == (1950, 1959)


FINE = {"name": "fine", "likes": [1], "films": [2]}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[", "panel.json: Invalid JSON"),
        ([], "panel.json: Tuple should have at least 1 item"),
        ({}, "panel.json: Input should be a valid array"),
        ([FINE, {"likes": [1], "films": [2]}], "panel.json, person 2, name: Field required"),
        ([{**FINE, "likes": []}], "person 1, likes: Tuple should have at least 1 item"),
        ([{**FINE, "likes": [1, "Heat"]}], "person 1, likes, 2: Input should be a valid integer"),
        ([{**FINE, "taste": 1}], "person 1, taste: Extra inputs are not permitted"),
        ([{"name": "x", "likes": [1]}], "person 1: Value error, it needs genres or films"),
        ([{**FINE, "years": [1990, 1980]}], "years: the first is after the last"),
        ([FINE, {**FINE}], "person 2: there are two called 'fine'"),
        (
            [{**FINE, "genres": [["Westren"]]}],
            r"person 1 \(fine\): there is no genre 'Westren'. Did you mean Western\?",
        ),
    ],
)
def test_errors_name_what_is_wrong_with_a_panel(tmp_path: Path, content: object, says: str) -> None:
    with pytest.raises(PanelError, match=says):
        read_panel(_file(tmp_path, content))


def test_missing_panel_file(tmp_path: Path) -> None:
    with pytest.raises(PanelError, match=r"none.json can't be read: No such file"):
        read_panel(tmp_path / "none.json")
