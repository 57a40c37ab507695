"""Genres that the same users like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from db.explore.slices import Slice

FEW_PEOPLE = 20
"""With fewer users who like both genres, a lift means nothing."""


@dataclass(frozen=True)
class LikedTogether:
    """How often pairs of genres are liked together.

    Attributes
    ----------
    people : int
        Size of the sample: users in `sampled_ratings`, at most a thousand, who like two or more
        films in the slice.
    pairs : DataFrame
        genre, other, lift (missing if fewer than `FEW_PEOPLE` users like films of both), people
        (users who like films of both); a row for each ordered pair, including a genre with itself.
    """

    people: int
    pairs: pd.DataFrame


def together(connection: Connection, chosen: Slice) -> LikedTogether:
    """Compute how much more often a user likes two genres together than by chance.

    Draw a user at random, and two different films at random from those that the user likes (4
    stars or more). The lift of genres A and B is the probability that the first film is of A and
    the second of B, divided by the product of the probabilities that one film is of A and that one
    is of B. It is 1 if all users have the same taste. Each user has the same weight, whether they
    like ten films or a thousand.
    """
    columns = ["genre", "other", "lift", "people"]
    whose, liked_kind, likes = _columns(
        connection,
        ("user_id", "kind", "likes"),
        f"sampled_ratings WHERE likes > 0 AND {chosen.of_sample()}",
        chosen.values,
    )
    # Sorted here: PostgreSQL would fetch the users one by one through the index.
    by_person = np.argsort(whose, kind="stable")
    whose, liked_kind, likes = whose[by_person], liked_kind[by_person], likes[by_person]
    starts = np.flatnonzero(np.diff(whose, prepend=-1))
    of_person = np.add.reduceat(likes, starts).astype(float)
    has_two = of_person >= 2
    if not has_two.any():
        return LikedTogether(0, pd.DataFrame(columns=columns))
    genres = list(connection.scalars(text("SELECT name FROM genres ORDER BY name")))
    kinds, kind = np.unique(liked_kind, return_inverse=True)
    with_genre, place = _columns(
        connection,
        ("kind", "place"),
        "kinds, unnest(genres) AS genre JOIN ("
        "SELECT id, (row_number() OVER (ORDER BY name))::int - 1 AS place FROM genres"
        ") AS named ON id = genre",
    )
    is_liked = np.isin(with_genre, kinds)
    is_of = np.zeros((len(kinds), len(genres)))
    is_of[np.searchsorted(kinds, with_genre[is_liked]), place[is_liked]] = 1
    liked = np.add.reduceat(is_of[kind] * likes[:, None], starts)[has_two]
    weight = np.divide(1, of_person * (of_person - 1), out=np.zeros(len(starts)), where=has_two)
    # From all pairs of a user's likes, subtract those that pair a film with itself.
    of_each = np.repeat(weight, np.diff(starts, append=len(whose)))
    with_itself = np.bincount(kind, likes * of_each, len(kinds))
    of_person, weight = of_person[has_two], weight[has_two]
    pairs = liked.T @ (liked * weight[:, None]) - is_of.T @ (is_of * with_itself[:, None])
    shares = (liked / of_person[:, None]).mean(axis=0)
    both = (liked > 0).T.astype(int) @ (liked > 0).astype(int)
    lift = np.full(both.shape, np.nan)
    np.divide(pairs / len(liked), np.outer(shares, shares), out=lift, where=both >= FEW_PEOPLE)

    rows, others = np.nonzero(both)
    frame = pd.DataFrame(
        {
            "genre": [genres[row] for row in rows],
            "other": [genres[other] for other in others],
            "lift": lift[rows, others],
            "people": both[rows, others],
        },
        columns=columns,
    )
    return LikedTogether(len(liked), frame)


def _columns(
    connection: Connection, names: Sequence[str], source: str, values: dict[str, Any] | None = None
) -> list[NDArray[np.int32]]:
    """Read int32 arrays of columns as bytes, at a fraction of the cost of rows."""
    columns = ", ".join(f"string_agg(int4send({name}), '')" for name in names)
    row = connection.execute(text(f"SELECT {columns} FROM {source}"), values or {}).one()
    return [np.frombuffer(each or b"", ">i4").astype(np.int32) for each in row]
