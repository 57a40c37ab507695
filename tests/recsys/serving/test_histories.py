"""Histories with "not interested" marks as separate rows."""

import numpy as np
import pandas as pd

from db.queries.histories import Histories, History
from recsys.data.history import read
from recsys.serving.guests import GuestRatings
from recsys.serving.histories import frame_of_each, history_of, rows_of_each
from tests.recsys.frames import history, ratings


def _rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_history_of_one_person() -> None:
    rated = history((7, 5.0, 1), (3, 2.0, 2))
    own = History.of(rated, marked={1, 2, 9}, dismissed={9, 1})
    rows = history_of(own)
    assert rows.films.tolist() == [1, 9, 7, 3]
    assert rows.stars.tolist() == [0.0, 0.0, 5.0, 2.0]
    assert (np.diff(rows.times) >= np.timedelta64(0)).all()
    assert (rows.n_people, rows.people.tolist()) == (1, [0, 0, 0, 0])
    pd.testing.assert_frame_equal(own.frame, rated, check_dtype=False)


def test_rows_and_frames_give_the_same_profile() -> None:
    rated = history((7, 5.0, 2), (3, 2.0, 1), (7, 1.0, 3), (8, 4.0, 3))
    catalogue = np.array([3, 7, 8], np.int32)
    rows, frame = read(history_of(History.of(rated, (), ())), catalogue), read(rated, catalogue)
    assert rows.liked.tolist() == frame.liked.tolist() == [2]
    assert rows.disliked.tolist() == frame.disliked.tolist() == [0, 1]
    assert rows.rated.tolist() == frame.rated.tolist() == [0, 1, 2]


def test_history_without_ratings() -> None:
    rows = history_of(GuestRatings(marks={5: "seen", 6: "dismissed"}).as_history)
    assert (rows.films.tolist(), rows.stars.tolist()) == ([6], [0.0])


def test_rows_of_many_people() -> None:
    """Only 4 and 9 are requested; 7 has ratings too."""
    several = Histories(
        people=np.array([9, 7, 4, 9]),
        movie_ids=np.array([1, 2, 3, 4]),
        stars=np.array([5.0, 4.0, 1.0, 3.0]),
        times=np.array(["2020-01-01"] * 4, "datetime64[us]"),
        marked={7: {8}, 9: {5, 6}},
        dismissed={7: {8}, 9: {5}},
    )
    rows = rows_of_each(several, [4, 9])
    assert rows.n_people == 2
    assert sorted(zip(rows.people, rows.films, rows.stars, strict=True)) == [
        (0, 3, 1.0),
        (1, 1, 5.0),
        (1, 4, 3.0),
        (1, 5, 0.0),
    ]
    assert len(rows.times) == 4


def test_frame_of_many_people() -> None:
    rated = ratings((4, 3, 1.0, 1), (9, 1, 5.0, 2)).astype(
        {"user_id": "int32", "movie_id": "int32", "rating": "float32"}
    )
    frame = frame_of_each(rated, {4: [], 9: [6, 5]})
    assert _rows(frame, "user_id", "movie_id", "rating") == [
        (4, 3, 1.0),
        (9, 1, 5.0),
        (9, 6, 0.0),
        (9, 5, 0.0),
    ]
    assert frame.dtypes.to_dict() == rated.dtypes.to_dict()
    assert frame_of_each(rated, {4: []}) is rated
