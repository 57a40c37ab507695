"""Which genres the same people like."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from db.explore.filters import Slice

FEW_PEOPLE = 20
"""Fewer people than this who like both genres tell nothing."""


@dataclass(frozen=True)
class LikedTogether:
    """Genres against genres.

    Attributes
    ----------
    people : int
        Of whom the figures are: those in `sampled_likes`, a thousand at the most, with two films
        or more that they like and that count.
    pairs : DataFrame
        genre, other, lift (missing where fewer than `FEW_PEOPLE` like films of both), people (who
        like films of both); a row for each ordered pair, a genre with itself among them.
    """

    people: int
    pairs: pd.DataFrame


def together(connection: Connection, chosen: Slice) -> LikedTogether:
    """How much oftener two genres meet in what one person likes than they would by chance.

    Take one of the people at random, and of the films that he or she likes (4 stars or more) two
    different ones at random. The lift of genres A and B is the probability that the first film is
    of A and the second of B, divided by the product of the probabilities that one film is of A and
    that one is of B. It is 1 when nobody's taste differs from anybody else's, and each person
    weighs the same, whether they like ten films or a thousand.
    """
    people = connection.execute(
        text(
            # Numbers as bytes, which are a fraction of the work that they are as text.
            "SELECT sum(likes), count(*), string_agg(int4send(kind), ''), "
            "string_agg(int4send(likes), '') FROM sampled_likes "
            f"WHERE {chosen.of_likes()} GROUP BY user_id HAVING sum(likes) >= 2"
        ),
        chosen.values,
    ).all()
    columns = ["genre", "other", "lift", "people"]
    if not people:
        return LikedTogether(0, pd.DataFrame(columns=columns))
    genres = list(connection.scalars(text("SELECT name FROM genres ORDER BY name")))
    of_kinds = connection.execute(
        text(
            "SELECT string_agg(int4send(kind), ''), string_agg(int4send(place), '') "
            "FROM kinds, unnest(genres) AS genre JOIN ("
            "SELECT id, (row_number() OVER (ORDER BY name))::int - 1 AS place FROM genres"
            ") AS named ON id = genre"
        )
    ).one()

    totals, lengths, liked_kinds, counts = zip(*people, strict=True)
    of_person = np.array(totals, dtype=float)
    person = np.repeat(np.arange(len(people)), lengths)
    liked_kind, likes = (np.frombuffer(b"".join(each), ">i4") for each in (liked_kinds, counts))
    kinds, kind = np.unique(liked_kind, return_inverse=True)

    with_genre, place = (np.frombuffer(each or b"", ">i4") for each in of_kinds)
    is_liked = np.isin(with_genre, kinds)
    is_of = np.zeros((len(kinds), len(genres)))
    is_of[np.searchsorted(kinds, with_genre[is_liked]), place[is_liked]] = 1
    starts = np.cumsum(lengths) - lengths
    liked = np.add.reduceat(is_of[kind] * likes[:, None], starts)
    weight = 1 / (of_person * (of_person - 1))
    # Of all pairs of a person's likes, those that pair a film with itself are taken away.
    with_itself = np.bincount(kind, likes * weight[person], len(kinds))
    pairs = liked.T @ (liked * weight[:, None]) - is_of.T @ (is_of * with_itself[:, None])
    shares = (liked / of_person[:, None]).mean(axis=0)
    both = (liked > 0).T.astype(int) @ (liked > 0).astype(int)
    lift = np.full(both.shape, np.nan)
    np.divide(pairs / len(people), np.outer(shares, shares), out=lift, where=both >= FEW_PEOPLE)

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
    return LikedTogether(len(people), frame)
