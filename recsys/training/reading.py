"""Reading what a training learns from, in one snapshot of the database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine

from db.connection import snapshots
from db.connection.engine import route_of
from db.queries import freshness, interactions, movies, statistics
from db.queries.freshness import Moment
from db.queries.statistics import Load
from recsys.training import blocks
from recsys.training.everybody import InDatabase


@dataclass(frozen=True, eq=False)
class Read:
    """What a training learns from.

    Attributes
    ----------
    load : Load or None
        The last data load.
    moment : Moment
        When it was read.
    films : DataFrame
        As for `recsys.fit`.
    ratings : DataFrame
        As for `recsys.fit`; those of a sample of people if there are many.
    n_ratings : int
        The number of all ratings.
    everybody : InDatabase or None
        The likes of all people, if the ratings are those of a sample.
    film_sums : DataFrame or None
        The sums of all people's ratings, if the ratings are those of a sample.
    """

    load: Load | None
    moment: Moment
    films: pd.DataFrame
    ratings: pd.DataFrame
    n_ratings: int
    everybody: InDatabase | None = None
    film_sums: pd.DataFrame | None = None


@contextmanager
def reading(engine: Engine, seed: int, most_people: int, *, elsewhere: bool) -> Iterator[Read]:
    """Read the ratings and films; the snapshot is kept while everybody's likes may be read.

    Parameters
    ----------
    engine : Engine
    seed : int
        For the sample of people.
    most_people : int
        The size of the sample.
    elsewhere : bool
        Whether processes on other machines read everybody's likes, with their own settings.

    Yields
    ------
    Read
    """
    with ExitStack() as stack:
        snapshot = stack.enter_context(snapshots.exported(engine))
        with snapshots.reading(engine, snapshot) as connection:
            found = _read(connection, engine, seed, most_people, snapshot, elsewhere)
        if found.everybody is None:
            stack.close()
        yield found


def _read(
    connection: Connection,
    engine: Engine,
    seed: int,
    most_people: int,
    snapshot: str,
    elsewhere: bool,
) -> Read:
    load, moment = statistics.last_load(connection), freshness.moment(connection)
    films = movies.frame(connection)
    people = interactions.sample_of_people(connection, most_people, seed)
    ratings = interactions.frame(connection, people)
    if people is None:
        return Read(load, moment, films, ratings, len(ratings))
    sums = interactions.film_sums(connection)
    everybody = InDatabase(
        np.sort(films["movie_id"].to_numpy(np.int32)),
        tuple(interactions.blocks_of_people(connection, blocks.PEOPLE_A_BLOCK)),
        snapshot,
        route_of(engine),
        elsewhere,
    )
    return Read(load, moment, films, ratings, int(sums["ratings"].sum()), everybody, sums)
