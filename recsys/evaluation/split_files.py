"""A split from two files: what models learn from, and what is held out, as public splits have it.

Such files have no titles, genres and years. Where they have no ratings, every interaction is a
like; where they have no times, all histories have one and the same time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from db.scale import HIGHEST, LIKE
from recsys.evaluation.interaction_files import (
    Ids,
    Interactions,
    SplitFileError,
    read_interactions,
)
from recsys.evaluation.splits import Split, cases_of

NAME = "files"


@dataclass(frozen=True)
class SplitFiles:
    """A split that was read from files.

    Attributes
    ----------
    split : Split
    movies : DataFrame
        The items of both files as films without title, year and genres; as for `recsys.fit`.
    notes : tuple of str
        What makes metrics of this split unusual, as sentences.
    """

    split: Split
    movies: pd.DataFrame
    notes: tuple[str, ...]


def read_split(train: Path, test: Path) -> SplitFiles:
    """Read a split from a file to learn from and a file that is held out.

    Parameters
    ----------
    train : Path
        See `recsys.evaluation.interaction_files` for the forms of both, which may differ.
    test : Path

    Returns
    -------
    SplitFiles

    Raises
    ------
    SplitFileError
        If a file can't be read or has a wrong line, or there are no likes to learn from or to find.
    """
    users: Ids = {}
    items: Ids = {}
    earlier, later = (read_interactions(path, users, items) for path in (train, test))
    user_numbers, item_numbers = _numbers(users), _numbers(items)
    training, held_out = (_ratings(each, user_numbers, item_numbers) for each in (earlier, later))
    for path, frame in ((train, training), (test, held_out)):
        if not (frame["rating"] >= LIKE).any():
            raise SplitFileError(f"{path.name} has no likes: ratings of {LIKE:g} or more.")
    movies = pd.DataFrame(
        {
            "movie_id": np.arange(1, len(items) + 1),
            "title": "",
            "year": pd.array([None] * len(items), "Int64"),
            "genres": [[] for _ in range(len(items))],
        }
    )
    explanation = "\n".join(
        (
            _described(f"Trained on {train.name}", earlier, training),
            _described(f"Tested on {test.name}", later, held_out),
            f"{len(items):,} items are ranked, except those that the training has of the person.",
        )
    )
    has_times = None not in (earlier.seconds, later.seconds)
    is_random = not (has_times and _is_later(held_out, training))
    split = Split(NAME, explanation, training, cases_of(training, held_out), is_random)
    return SplitFiles(split, movies, tuple(_notes(train, test, training, held_out)))


def _numbers(ids: Ids) -> NDArray[np.int64]:
    """Return the number from 1 of each id, in the order of whole numbers, then of texts."""

    def key(text: str) -> tuple[bool, int, str]:
        is_text = not (text.isascii() and text.isdigit())
        return is_text, 0 if is_text else len(text), text

    order = sorted(ids, key=key)
    numbers = np.empty(len(ids), np.int64)
    numbers[[ids[text] for text in order]] = np.arange(1, len(ids) + 1)
    return numbers


def _ratings(
    found: Interactions, users: NDArray[np.int64], items: NDArray[np.int64]
) -> pd.DataFrame:
    """Return the interactions as ratings; of repeated ones the latest, in the file's order."""
    stars = np.asarray(found.ratings) if _has_stars(found) else HIGHEST
    frame = pd.DataFrame(
        {
            "user_id": users[np.asarray(found.users)],
            "movie_id": items[np.asarray(found.items)],
            "rating": stars,
            "rated_at": pd.to_datetime(
                np.zeros(len(found.users)) if found.seconds is None else np.asarray(found.seconds),
                unit="s",
                utc=True,
            ),
        }
    )
    by_time = frame.sort_values("rated_at", kind="stable")
    return by_time.drop_duplicates(["user_id", "movie_id"], keep="last").sort_index()


def _has_stars(found: Interactions) -> bool:
    """Return whether there are ratings that say more than that there was an interaction."""
    return found.ratings is not None and set(found.ratings) != {1.0}


def _is_later(held_out: pd.DataFrame, training: pd.DataFrame) -> bool:
    """Return whether each person's held-out ratings are as late as the training has them."""
    last = training.groupby("user_id")["rated_at"].max()
    first = held_out.groupby("user_id")["rated_at"].min()
    return bool((first >= last.reindex(first.index, fill_value=first.min())).all())


def _described(what: str, found: Interactions, frame: pd.DataFrame) -> str:
    likes = frame[frame["rating"] >= LIKE]
    if _has_stars(found):
        meaning = f"A rating of {LIKE:g} or more is a like."
    elif found.ratings is None:
        meaning = "There are no ratings: every interaction is a like."
    else:
        meaning = "All ratings are 1: every interaction is a like."
    order = "" if found.seconds is not None else " There are no times."
    people = likes["user_id"].nunique()
    return f"{what}: {len(likes):,} likes of {people:,} people. {meaning}{order}"


def _notes(
    train: Path, test: Path, training: pd.DataFrame, held_out: pd.DataFrame
) -> Iterator[str]:
    likes = held_out[held_out["rating"] >= LIKE]
    known = pd.MultiIndex.from_frame(training[["user_id", "movie_id"]])
    both = int(pd.MultiIndex.from_frame(likes[["user_id", "movie_id"]]).isin(known).sum())
    if both:
        yield (
            f"{both:,} likes of {test.name} are in {train.name} too: lists leave them out, but "
            "metrics count them as items to find."
        )
    people = likes["user_id"].unique()
    unknown = int((~np.isin(people, training["user_id"].unique())).sum())
    if unknown:
        yield f"{unknown:,} people of {test.name} are not in {train.name}."
    without = held_out["user_id"].nunique() - len(people)
    if without:
        yield f"{without:,} people of {test.name} have no likes there, and are left out."
