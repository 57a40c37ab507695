"""A synthetic MovieLens release of the size of the largest one, generated at random.

    python -m benchmarks.large FOLDER          # 32 million ratings; --ratings, --films, --people

It resembles the real one in the numbers of ratings per person and per film (both with a long tail),
half-stars, genres, people who prefer a few genres, the quality of films, the leniency of people,
and times from 1995 to 2023, with no ratings before a film's release. Co-occurrence of likes comes
from genres alone, so recommendation quality can't be measured on it.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

GENRES = (
    *("Drama", "Comedy", "Thriller", "Romance", "Action", "Documentary", "Horror", "Crime"),
    *("Adventure", "Sci-Fi", "Children", "Animation", "Mystery", "Fantasy", "War", "Western"),
    *("Musical", "Film-Noir", "IMAX"),
)
_GENRE_SHARES = 1 / (np.arange(len(GENRES)) + 1.5)

# The shares of 0.5 to 5 stars in ML-25M (Harper and Konstan 2015,
# https://doi.org/10.1145/2827872).
STAR_SHARES = np.array([1.6, 3.1, 1.6, 6.6, 5.0, 19.6, 12.7, 26.6, 8.8, 14.4]) / 100

LEAST_RATINGS = 20
_BLOCK = 1_000_000
_DAY = 24 * 60 * 60
_FIRST, _LAST = 789_652_009, 1_697_164_147  # the times of ML-32M's first and last ratings
_WORDS = (
    "Silent Broken Golden Last Hidden Crimson Winter Electric Lonely Savage Gentle Distant Paper "
    "Midnight Empty Burning Secret Forgotten Wild Blue",
    "River City Garden Promise Shadow Train Summer Empire Letter Island Mirror Road Heart Machine "
    "Harbor Window Stranger Season Bridge Voice",
)


@dataclass(frozen=True)
class Shape:
    """The numbers of ratings, films and people; the default is ML-32M."""

    ratings: int = 32_000_204
    films: int = 87_585
    people: int = 200_948


def write(folder: Path, shape: Shape, seed: int = 42) -> None:
    """Write movies.csv, links.csv and ratings.csv, with a million ratings in memory at a time.

    Parameters
    ----------
    folder : Path
    shape : Shape
    seed : int

    Raises
    ------
    ValueError
        If there are too few ratings or films for that many people.
    """
    random = np.random.default_rng(seed)
    films = _films(random, shape.films)
    counts = _counts(random, shape)
    folder.mkdir(parents=True, exist_ok=True)
    films[["movieId", "title", "genres"]].to_csv(folder / "movies.csv", index=False)
    films[["movieId", "imdbId", "tmdbId"]].to_csv(folder / "links.csv", index=False)
    header = pa.csv.WriteOptions(include_header=True)
    numbers = {"userId": pa.int32(), "movieId": pa.int32()}
    schema = pa.schema({**numbers, "rating": pa.float64(), "timestamp": pa.int64()})
    with pa.csv.CSVWriter(folder / "ratings.csv", schema, write_options=header) as file:
        for block in _ratings(random, films, counts):
            file.write_table(pa.table(block, schema=schema))


def _films(random: np.random.Generator, n: int) -> pd.DataFrame:
    """Return films sorted by genre, then popularity, so that samples of a genre are fast."""
    shares = _GENRE_SHARES / _GENRE_SHARES.sum()
    genres = np.sort(random.choice(len(GENRES), n, p=shares))
    # A few have a hundred thousand ratings, half have a handful.
    rank = np.arange(n) / n
    popularity = random.permutation(1 / (1 + 900 * rank) * np.exp(-11 * rank) + 1e-5)
    films = pd.DataFrame({"genre": genres, "popularity": popularity})
    films = films.sort_values(["genre", "popularity"], ascending=[True, False], ignore_index=True)
    films["movieId"] = random.permutation(np.cumsum(random.integers(1, 6, n)))
    films["imdbId"] = 10_000 + random.permutation(n)
    films["tmdbId"] = 1 + random.permutation(n)
    films["year"] = (2023 - random.gamma(1.6, 20, n)).clip(1900, 2023).astype(int)
    films["quality"] = random.normal(0, 1, n)
    first, second = (np.array(words.split())[random.integers(0, 20, n)] for words in _WORDS)
    years = films["year"].astype(str)
    numbers = films["movieId"].astype(str)
    films["title"] = first + " " + second + " " + numbers + " (" + years + ")"
    more = random.choice(len(GENRES), (n, 2), p=shares)
    wanted = random.random((n, 2)) < 0.4
    films["genres"] = [
        "|".join(dict.fromkeys([GENRES[main], *(GENRES[each] for each in also[has])]))
        for main, also, has in zip(genres, more, wanted, strict=True)
    ]
    return films


def _counts(random: np.random.Generator, shape: Shape) -> NDArray[np.int64]:
    """Return the number of ratings of each person: a median of about seventy, with a long tail."""
    most = shape.films // 3
    if not shape.people * LEAST_RATINGS <= shape.ratings <= shape.people * most // 2:
        raise ValueError(
            f"{shape.people:,} people can't give {shape.ratings:,} ratings on {shape.films:,} films"
        )
    beyond = random.lognormal(0, 1.45, shape.people)
    spare = shape.ratings - shape.people * LEAST_RATINGS
    counts = LEAST_RATINGS + np.floor(beyond / beyond.sum() * spare).astype(np.int64)
    counts = np.minimum(counts, most)
    while (lacking := shape.ratings - int(counts.sum())) > 0:
        some = random.choice(np.flatnonzero(counts < most), lacking)
        counts = np.minimum(counts + np.bincount(some, minlength=shape.people), most)
    return np.asarray(counts)


def _ratings(
    random: np.random.Generator, films: pd.DataFrame, counts: NDArray[np.int64]
) -> Iterator[dict[str, NDArray[np.generic]]]:
    """Yield the columns of ratings.csv in blocks of people."""
    cumulative = np.concatenate([[0.0], np.cumsum(films["popularity"])])
    ends = np.searchsorted(films["genre"], np.arange(len(GENRES) + 1))
    limits = np.cumsum(STAR_SHARES)[:-1]
    ids = films["movieId"].to_numpy(np.int32)
    quality = films["quality"].to_numpy()
    out_since = (
        pd.to_datetime(films["year"].astype(str)).to_numpy().astype("datetime64[s]").astype(int)
    )
    blocks = np.cumsum(counts) // _BLOCK
    for block in range(int(blocks[-1]) + 1):
        people = np.flatnonzero(blocks == block)
        n = len(people)
        if not n:
            continue
        tastes = random.integers(0, len(GENRES), (n, 3))
        whose, which = _draw(random, counts[people], tastes, cumulative, ends)
        in_order = np.lexsort((ids[which], whose))  # as in real releases
        whose, which = whose[in_order], which[in_order]
        mildness, start = random.normal(0, 1, n), random.uniform(_FIRST, _LAST - 60 * _DAY, n)
        lasts = random.exponential(60 * _DAY, n)
        feeling = 0.5 * quality[which] + 0.45 * mildness[whose]
        feeling += np.sqrt(1 - 0.5**2 - 0.45**2) * random.normal(0, 1, len(which))
        seconds = start[whose] + lasts[whose] * random.random(len(which))
        seen = out_since[which] + random.exponential(2 * 365 * _DAY, len(which))
        seconds = np.clip(np.maximum(seconds, seen), _FIRST, _LAST)
        yield {
            "userId": (people[whose] + 1).astype(np.int32),
            "movieId": ids[which],
            "rating": (1 + np.searchsorted(_quantiles(limits), feeling)) / 2,
            "timestamp": seconds.astype(np.int64),
        }


def _quantiles(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quantiles of the normal distribution."""
    from scipy.stats import norm

    return np.asarray(norm.ppf(shares))


def _draw(
    random: np.random.Generator,
    counts: NDArray[np.int64],
    tastes: NDArray[np.int64],
    cumulative: NDArray[np.float64],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw distinct films for each person by popularity, half of them from their genres."""
    n_films = len(cumulative) - 1
    drawn = np.empty(0, np.int64)
    attempt = 0
    while True:
        lacking = counts - np.bincount(drawn // n_films, minlength=len(counts))
        whose = np.repeat(np.arange(len(counts)), lacking)
        if not len(whose):
            return np.divmod(drawn, n_films)
        # A number below `cumulative[-1]` selects a film; the films of a genre form an interval.
        low, high = np.zeros(len(whose)), np.full(len(whose), cumulative[-1])
        keeps = random.random(len(whose)) < 0.5
        genres = tastes[whose, random.integers(0, tastes.shape[1], len(whose))]
        low[keeps] = cumulative[ends[genres[keeps]]]
        high[keeps] = cumulative[ends[genres[keeps] + 1]]
        where = low + (high - low) * random.random(len(whose))
        which = np.searchsorted(cumulative, where, side="right") - 1
        if attempt >= 8:  # uniformly for people who have rated all popular films
            which = random.integers(0, n_films, len(whose))
        new = np.unique(whose * n_films + np.minimum(which, n_films - 1))
        if len(drawn):
            places = np.minimum(np.searchsorted(drawn, new), len(drawn) - 1)
            new = new[drawn[places] != new]
        drawn = np.sort(np.concatenate([drawn, new]), kind="stable")  # fast for two sorted runs
        attempt += 1


def main() -> None:
    """Write a release of the size of ML-32M, or of another size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("folder", type=Path)
    for name, most in vars(Shape()).items():
        parser.add_argument(f"--{name}", type=int, default=most)
    parser.add_argument("--seed", type=int, default=42)
    chosen = parser.parse_args()
    write(chosen.folder, Shape(chosen.ratings, chosen.films, chosen.people), chosen.seed)


if __name__ == "__main__":
    main()
