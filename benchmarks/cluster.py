"""Sums over everybody's likes on a Dask cluster of one and two workers on this machine.

    DATA_DIR=FOLDER python -m benchmarks.cluster      # a database with more than 20,000 people

Most of a training with many people is LightFM, whose time doesn't grow below 300,000 people, and
these sums, whose time does. They are what more machines make faster. Both matrices are solved here,
on one core.
"""

import time
from dataclasses import replace

import numpy as np
from distributed import LocalCluster

from benchmarks.table import machine
from config import settings
from db.connection.engine import open_engine
from monitoring.progress import ignore_progress
from recsys.data.dataset import likes as likes_of
from recsys.data.features import catalogue
from recsys.data.parameters import Parameters
from recsys.models.item_item import DEFAULT
from recsys.models.lightfm import fit_member
from recsys.training import blocks
from recsys.training.reading import reading
from recsys.training.workers import workers


def main() -> None:
    """Measure the sums and print a table as Markdown."""
    engine = open_engine(settings(), statement_timeout=0)
    with reading(engine, 42, blocks.MOST_PEOPLE, elsewhere=True) as read:
        if read.everybody is None or read.film_sums is None:
            raise SystemExit(f"there are no more than {blocks.MOST_PEOPLE:,} people")
        films = catalogue(read.films).movie_ids
        counts = read.film_sums.set_index("movie_id")["likes"].reindex(films, fill_value=0)
        some = likes_of(read.ratings, films)
        sample = type(some)(some.people, some.films, counts.to_numpy(np.int64), some.is_ordered)
        arguments = sample, len(films), ignore_progress, DEFAULT
        size = blocks.MOST_PEOPLE // blocks.PEOPLE_A_BLOCK
        epoch = blocks.Epochs(replace(read.everybody, elsewhere=False), 1, size, seed=42)
        some_likes = next(iter(epoch))
        began = time.perf_counter()
        fit_member(ignore_progress, catalogue(read.films), some_likes, 42, Parameters(epochs=1))
        took = time.perf_counter() - began
        print(
            f"{machine()}\n\nAn epoch of LightFM: {took:.0f} s for {some_likes.n_people:,} people\n"
        )
        print("| workers | seconds |\n|--:|--:|")
        for n in (1, 2):
            with (
                LocalCluster(n_workers=n, threads_per_worker=1, dashboard_address=None) as cluster,
                workers(cluster.scheduler_address) as there,
            ):
                began = time.perf_counter()
                blocks.learn_item_item(read.everybody, there, *arguments)
                blocks.learn_short_term(read.everybody, there, *arguments)
                print(f"| {n} | {time.perf_counter() - began:.0f} |", flush=True)


if __name__ == "__main__":
    main()
