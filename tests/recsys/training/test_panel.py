"""How lists fit the taste panel, which a new model is compared by."""

import pandas as pd

from recsys import fit
from recsys.data.taste_panel import Person, read_panel
from recsys.models.popularity import popular_model
from recsys.training.panel import panel_fits
from tests.recsys.frames import TINY, checkerboard, movies, ratings

FITTING = 6


def _world(people: tuple[Person, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ratings and films: for each person, four others like the same and what fits them."""
    films: dict[int, tuple[int, tuple[str, ...]]] = {}
    rows = []
    for number, person in enumerate(people):
        year = person.years[0] if person.years else 1990
        own = range(1_000_000 + FITTING * number, 1_000_000 + FITTING * (number + 1))
        films |= {film: (1990, ("Drama",)) for film in person.likes if film not in films}
        films |= dict.fromkeys(own, (year, person.genres[0] if person.genres else ("War",)))
        rows += [
            (4 * number + other, film, 5.0, second)
            for other in range(4)
            for second, film in enumerate((*person.likes, *own))
        ]
    return ratings(*rows), movies(dict(films))


def test_personal_lists_fit_the_panel_better_than_popular_ones() -> None:
    """At most two of five have nearly the same factors, so two of five is the most there can be."""
    people = tuple(person for person in read_panel() if person.genres)
    assert len(people) >= 6
    seen, films = _world(people)
    fitted = panel_fits(fit(seen, films, **TINY), films)
    assert fitted is not None
    assert 0.15 < fitted <= 0.4
    counts = seen["movie_id"].value_counts().rename_axis("movie_id").reset_index(name="likes")
    popular = panel_fits(popular_model(films, counts), films)
    assert popular is not None
    assert popular < 0.15


def test_no_verdict_on_films_with_other_numbers() -> None:
    rows, films = checkerboard()
    films = films.assign(movie_id=films["movie_id"] + 5_000_000)
    rows = rows.assign(movie_id=rows["movie_id"] + 5_000_000)
    assert panel_fits(fit(rows, films, **TINY), films) is None
