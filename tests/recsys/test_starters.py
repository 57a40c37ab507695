"""What a newcomer is asked about, worked out by hand.

Popularity makes Drama the best-known genre (5 + 4 + 1), then Crime (4 + 3), then Western (2); film
60 is the most popular of all but has no genre.
"""

from collections.abc import Collection

import pandas as pd
import pytest

from recsys.popular import popular_model
from recsys.starters import starters
from tests.recsys.frames import movies

FILMS = movies(
    {
        10: (1994, ["Drama"]),
        20: (1995, ["Crime", "Drama"]),
        30: (1999, ["Crime"]),
        40: (2003, ["Western"]),
        50: (None, ["Drama"]),
        60: (2003, []),
    }
)
LIKES = {10: 5, 20: 4, 30: 3, 40: 2, 50: 1, 60: 9}
MODEL = popular_model(
    FILMS, pd.DataFrame({"movie_id": [*LIKES], "likes": [2**often - 1 for often in LIKES.values()]})
)


@pytest.mark.parametrize(
    ("n", "exclude", "expected"),
    [
        (0, [], []),
        (1, [], [10]),
        (3, [], [10, 20, 40]),
        (4, [], [10, 20, 40, 50]),
        (5, [], [10, 20, 40, 50, 30]),
        (99, [], [10, 20, 40, 50, 30]),
        (3, [10], [20, 50, 40]),
        (4, [10, 999], [20, 50, 40, 30]),
        (3, [20], [10, 30, 40]),
        (3, {10, 20, 30, 50}, [40]),
        (3, list(LIKES), []),
    ],
)
def test_the_best_known_of_each_genre_then_the_second_best(
    n: int, exclude: Collection[int], expected: list[int]
) -> None:
    """Film 20 is taken by whichever of its genres comes first, so that none is asked twice.

    Without film 10 that is Crime, 4 + 3, before Drama, 4 + 1.
    """
    assert starters(MODEL, n, exclude) == expected


def test_without_films_there_is_nothing_to_ask() -> None:
    assert starters(popular_model(FILMS[:0], pd.DataFrame({"movie_id": [], "likes": []})), 5) == []
