"""Item-kNN and EASE on matrices that can be computed by hand."""

from math import sqrt

import numpy as np
import pytest
from scipy import sparse

from recsys.data.dataset import Likes
from recsys.data.learned import Learned
from recsys.models.artefact import ArtefactError
from recsys.models.baselines import EASE, ITEM_KNN, Baselines
from recsys.models.results import MOST_REASONS
from recsys.training.baselines import cosine_similarities, learn_baselines
from tests.recsys.frames import history, ids
from tests.recsys.frames import likes as liking

# Four people and three films, and a fourth film that is ignored because only one person likes it.
LIKED = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1]])
MOVIE_IDS = np.array([10, 20, 30, 40], np.int32)
LEARNED = Learned(ridge=200.0)


@pytest.fixture(scope="module")
def baselines() -> Baselines:
    people, films = np.nonzero(LIKED)
    return learn_baselines(Likes(people, films), MOVIE_IDS, LEARNED)


@pytest.fixture(scope="module")
def drawn() -> Baselines:
    """Learn baselines of forty films, with some negative weights."""
    people, films = np.nonzero(np.random.default_rng(2).random((60, 40)) < 0.2)
    return learn_baselines(Likes(people, films), np.arange(1, 41, dtype=np.int32), LEARNED)


def test_item_knn_is_the_cosine_similarity_of_likes(baselines: Baselines) -> None:
    assert baselines.movie_ids.tolist() == [10, 20, 30]
    expected = np.array(
        [[0, 2 / 3, 1 / sqrt(6)], [2 / 3, 0, 2 / sqrt(6)], [1 / sqrt(6), 2 / sqrt(6), 0]]
    )
    assert baselines.parts(ITEM_KNN, np.arange(3)) == pytest.approx(expected, abs=1e-3)


def test_similarities_of_all_films_are_cosines_of_their_columns() -> None:
    lengths = np.linalg.norm(LIKED, axis=0)
    expected = LIKED.T @ LIKED / np.outer(lengths, lengths)
    found = cosine_similarities(sparse.csr_array(LIKED.astype(np.float32)))
    assert found.toarray() == pytest.approx(expected)


def test_ease_equals_the_closed_form(baselines: Baselines) -> None:
    """B = I − P / diag(P), P = (XᵀX + λI)⁻¹."""
    known = LIKED[:, :3].astype(np.float64)
    inverse = np.linalg.inv(known.T @ known + LEARNED.ridge * np.eye(3))
    expected = np.eye(3) - inverse / np.diag(inverse)
    assert baselines.parts(EASE, np.arange(3)) == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_score_is_the_sum_over_liked_films(baselines: Baselines) -> None:
    first, *rest = baselines.recommend(ITEM_KNN, liking(10, 20))
    assert not rest, "10 and 20 are rated, and 40 has no weights"
    assert first.movie_id == 30
    assert first.score == pytest.approx(1 / sqrt(6) + 2 / sqrt(6), abs=1e-3)
    assert [(each.movie_id, round(each.share, 2)) for each in first.reasons] == [
        (20, 0.67),
        (10, 0.33),
    ]


def test_rated_and_excluded_films_are_not_listed(baselines: Baselines) -> None:
    assert ids(baselines.recommend(ITEM_KNN, liking(20))) == [30, 10]
    assert ids(baselines.recommend(ITEM_KNN, liking(20), k=1)) == [30]
    assert ids(baselines.recommend(EASE, liking(20), exclude=[30, 999])) == [10]
    assert ids(baselines.recommend(EASE, history((20, 5.0, 1), (30, 2.0, 2)))) == [10]


@pytest.mark.parametrize("name", [ITEM_KNN, EASE])
def test_no_list_without_likes(baselines: Baselines, name: str) -> None:
    assert baselines.recommend(name, liking()) == []
    assert baselines.recommend(name, liking(40, 999)) == []


@pytest.mark.parametrize("name", [ITEM_KNN, EASE])
def test_reasons_are_contributions_to_the_score(drawn: Baselines, name: str) -> None:
    mine = liking(3, 8, 21, 30)
    parts = drawn.parts(name, np.array([2, 7, 20, 29]))
    assert (parts < 0).any() == (name == EASE)
    listed = drawn.recommend(name, mine, k=40)
    assert listed == sorted(listed, key=lambda each: (-each.score, each.movie_id))
    for item in listed:
        its = parts[:, item.movie_id - 1].astype(np.float64)
        assert item.score == pytest.approx(its.sum(), rel=1e-5)
        shares = sorted(np.maximum(its, 0) / its[its > 0].sum(), reverse=True)[:MOST_REASONS]
        assert [each.share for each in item.reasons] == pytest.approx(
            [share for share in shares if share > 0], rel=1e-5
        )


def test_only_the_nearest_neighbours_are_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The film itself counts as a neighbour in implicit."""
    monkeypatch.setattr("recsys.training.baselines.NEIGHBOURS", 2)
    people, films = np.nonzero(LIKED)
    kept = learn_baselines(Likes(people, films), MOVIE_IDS, LEARNED).parts(ITEM_KNN, np.arange(3))
    expected = np.array([[0, 2 / 3, 0], [0, 0, 2 / sqrt(6)], [0, 2 / sqrt(6), 0]])
    assert kept == pytest.approx(expected, abs=1e-3)


def test_artefact_round_trip(drawn: Baselines) -> None:
    data = drawn.to_bytes()
    again = Baselines.from_bytes(data)
    for name, array in vars(drawn).items():
        assert np.array_equal(getattr(again, name), array)
        assert getattr(again, name).dtype == array.dtype
    assert again.to_bytes() == data


def test_too_few_films_give_empty_baselines() -> None:
    nobody = Likes(np.array([0, 1]), np.array([0, 1]))
    baselines = Baselines.from_bytes(learn_baselines(nobody, MOVIE_IDS, LEARNED).to_bytes())
    assert baselines.movie_ids.tolist() == []
    assert baselines.recommend(EASE, liking(10)) == baselines.recommend(ITEM_KNN, liking(10)) == []


def test_damaged_bytes_are_rejected(drawn: Baselines) -> None:
    with pytest.raises(ArtefactError):
        Baselines.from_bytes(drawn.to_bytes()[:-100])
    smaller = Baselines(drawn.movie_ids[1:], drawn.neighbours, drawn.cosines, drawn.ease)
    with pytest.raises(ArtefactError, match="neighbours has shape"):
        Baselines.from_bytes(smaller.to_bytes())
