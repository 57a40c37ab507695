"""Real queries find the film that is meant among the films of a real data set."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import load
from db.queries.search import search

pytestmark = pytest.mark.data_layer


def test_realistic_queries_find_the_intended_film(engine: Engine, release: Path) -> None:
    load(engine, release)
    expected = {
        "matrix": "The Matrix",
        "amelie": "Amelie (Le Fabuleux destin d'Amélie Poulain)",
        "godfahter": "The Godfather",
        "god": "The Godfather",
        "blade runer": "Blade Runner",
        "forest gump": "Forrest Gump",
        "starwars": "Star Wars: Episode IV - A New Hope",
        "empire strikes back": "Star Wars: Episode V - The Empire Strikes Back",
        "ghostbusters": "Ghostbusters (a.k.a. Ghost Busters)",
        "silence lambs": "The Silence of the Lambs",
        "jurrasic": "Jurassic Park",
        "xmen": "X-Men",
        "wall-e": "WALL·E",
        "harry potter": "Harry Potter and the Sorcerer's Stone (a.k.a. Harry Potter and the "
        "Philosopher's Stone)",
    }
    with engine.connect() as connection:
        found = {typed: search(connection, query=typed, size=3)[0] for typed in expected}
    missed = {
        typed: [film.title for film in films]
        for typed, films in found.items()
        if expected[typed] not in [film.title for film in films]
    }
    assert missed == {}
