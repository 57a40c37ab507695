"""Films that are loaded after the training: recommended at once, and marked."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import load
from db.queries import users
from db.queries.users import User
from recsys.serving.batches import recommend_to_each
from recsys.serving.cache import LIST_LENGTH, ListCache
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from recsys.serving.lists import Served
from recsys.serving.precompute import precompute
from recsys.serving.recommender import Recommender
from recsys.training.train import train
from tests.catalogue import CATS, TOMBSTONE, write_larger_release
from tests.recsys.frames import TINY, ids, likes

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with 12 films, 8 raters and no model."""
    return database_of_a_catalogue


@pytest.fixture
def extended(engine: Engine, trained: Recommender, tmp_path: Path) -> Recommender:
    """Return the recommender after a data load that followed the training."""
    trained.recommend(_rater(engine))
    load(engine, write_larger_release(tmp_path / "larger-release"))
    return trained


def _rater(engine: Engine) -> User:
    """Return a rater who likes films 1 to 5."""
    with engine.connect() as connection:
        user = users.by_id(connection, 1)
    assert user is not None
    return user


def _new(served: Served) -> set[int]:
    return {item.movie_id for item in served.items if item.is_new}


def test_new_film_is_recommended_by_its_genres(extended: Recommender) -> None:
    """Of those who like the Western, not of those who like animated films."""
    western = extended.recommend(None, guest_ratings=GuestRatings(likes(7)))
    assert (western.model_version, _new(western)) == ("1", {TOMBSTONE})
    scores = [
        next(
            item.score
            for item in extended.recommend(
                None, guest_ratings=GuestRatings(likes(liked)), limit=100
            ).items
            if item.movie_id == TOMBSTONE
        )
        for liked in (7, 1)
    ]
    assert scores[0] > scores[1]
    assert _new(extended.recommend(None)) == set(), "a cold start has none"


def test_list_of_before_the_load_is_not_served(engine: Engine, extended: Recommender) -> None:
    first, second = (extended.recommend(_rater(engine), limit=100) for _ in range(2))
    assert (first.cached, second.cached) == (False, True)
    assert _new(first) == {TOMBSTONE, CATS}
    assert first.items == second.items
    assert first.total == 8, "7 to 12 and the new ones"


def test_batches_and_precomputed_lists_are_the_same(
    engine: Engine, extended: Recommender, cache: ListCache
) -> None:
    rater = _rater(engine)
    computed, *_ = recommend_to_each(engine, extended, [(rater, LIST_LENGTH)])
    precompute(engine, cache, extended.active())
    served = extended.recommend(rater, limit=LIST_LENGTH)
    assert (computed.cached, served.cached) == (False, True)
    assert ids(computed.items) == ids(served.items)
    assert _new(computed) == _new(served) == {TOMBSTONE, CATS}


def test_genre_that_only_new_films_have(extended: Recommender) -> None:
    assert "Musical" in extended.genres()
    served = extended.recommend(None, filters=Filters(("musical",)))
    assert (ids(served.items), _new(served), served.total) == ([CATS], {CATS}, 1)


def test_new_film_is_explained_and_has_similar_films(engine: Engine, extended: Recommender) -> None:
    why = extended.explain(_rater(engine), TOMBSTONE)
    parts = sum(part for _, part in [*why.liked, *why.disliked])
    assert why.score == pytest.approx(parts + why.genre + why.period + why.popularity)
    assert len(extended.similar(TOMBSTONE, 5)) == 5
    assert TOMBSTONE not in ids(extended.similar(7, 100))


def test_new_films_are_no_onboarding_films(extended: Recommender) -> None:
    asked = extended.onboarding_films(None, 100)
    assert {*asked} == {*range(1, 12)}, "all of the others that have a genre"


def test_training_ends_being_new(engine: Engine, extended: Recommender) -> None:
    train(engine, seed=7, **TINY)
    served = extended.recommend(_rater(engine), limit=100)
    assert (served.model_version, _new(served)) == ("2", set())
    assert {TOMBSTONE, CATS} <= {*ids(served.items)}
