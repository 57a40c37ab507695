"""Precomputed lists equal computed ones and are found in the cache."""

import json

import pytest
from redis import Redis
from sqlalchemy import Engine

from db.queries import marks, ratings, users
from recsys.models.results import Recommendation
from recsys.serving import precompute as module
from recsys.serving.cache import ListCache
from recsys.serving.precompute import NoRoomError, precompute
from recsys.serving.recommender import Recommender
from recsys.training.train import train
from recsys.training.workers import workers
from tests.catalogue import RATERS
from tests.commands.running import Run
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer

EVERYBODY = [*range(1, RATERS + 1)]


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with 12 films, 8 raters and no model."""
    return database_of_a_catalogue


@pytest.fixture
def recommender(engine: Engine, cache: ListCache) -> Recommender:
    """Train a model; rater 3 has marked films, and raters 2 and 5 have chosen styles."""
    train(engine, **TINY)
    with engine.begin() as connection:
        marks.put(connection, 3, 12, "dismissed")
        marks.put(connection, 3, 11, "seen")
        users.set_style(connection, 2, "adventurous")
        users.set_style(connection, 5, "popular")
    return Recommender(engine, cache)


def _given(
    engine: Engine, recommender: Recommender, person: int
) -> tuple[bool, list[Recommendation]]:
    with engine.connect() as connection:
        user = users.by_id(connection, person)
    assert user is not None
    served = recommender.recommend(user, limit=100)
    return served.cached, served.items


def _same(kept: list[Recommendation], computed: list[Recommendation]) -> bool:
    """Compare lists except for the last digit, because sums are computed in a different order."""
    return [each.movie_id for each in kept] == [each.movie_id for each in computed] and [
        each.score for each in kept
    ] == pytest.approx([each.score for each in computed], abs=1e-5)


@pytest.mark.parametrize("where", ["here", "on two workers"])
def test_precomputed_lists_equal_computed_ones(
    engine: Engine,
    recommender: Recommender,
    cache: ListCache,
    where: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed = {person: _given(engine, recommender, person)[1] for person in EVERYBODY}
    assert not {11, 12} & {each.movie_id for each in computed[3]}
    for person in EVERYBODY:
        cache.forget(str(person))
    monkeypatch.setattr(module, "PEOPLE_A_JOB", 3)
    reported: list[float] = []
    with workers(None if where == "here" else request.getfixturevalue("scheduler")) as hands:
        done = precompute(
            engine,
            cache,
            recommender.active(),
            workers=hands,
            progress=lambda share, _what: reported.append(share),
        )
    assert done.people == RATERS
    assert done.bytes_each is not None
    assert reported == [3 / 8, 6 / 8, 1]
    for person in EVERYBODY:
        is_cached, items = _given(engine, recommender, person)
        assert is_cached
        assert _same(items, computed[person])


def test_other_style_is_a_different_list(
    engine: Engine, recommender: Recommender, cache: ListCache
) -> None:
    precompute(engine, cache, recommender.active())
    with engine.begin() as connection:
        users.set_style(connection, 2, "popular")
        users.set_style(connection, 3, "balanced")  # the default
    assert not _given(engine, recommender, 2)[0]
    assert _given(engine, recommender, 3)[0]


def test_people_with_stored_filters_are_left_out(
    engine: Engine, recommender: Recommender, cache: ListCache
) -> None:
    with engine.begin() as connection:
        users.set_filters(connection, 2, ["Drama"], None)
        users.set_filters(connection, 8, ["Drama"], None)
    assert precompute(engine, cache, recommender.active()).people == RATERS - 2
    assert precompute(engine, cache, recommender.active(), most=3).people == 2
    assert not _given(engine, recommender, 2)[0]
    assert _given(engine, recommender, 2)[0], "kept since then"


def test_most_recent_raters(engine: Engine, recommender: Recommender, cache: ListCache) -> None:
    with engine.begin() as connection:
        ratings.put(connection, 2, 12, 3)
    assert precompute(engine, cache, recommender.active(), most=3).people == 3
    found = [person for person in EVERYBODY if _given(engine, recommender, person)[0]]
    assert found == [2, 7, 8]  # rater 2 is the most recent, the others come by ID


def test_later_rating_invalidates_the_list(
    engine: Engine, recommender: Recommender, cache: ListCache
) -> None:
    precompute(engine, cache, recommender.active())
    with engine.begin() as connection:
        ratings.put(connection, 2, 12, 3)
    is_cached, items = _given(engine, recommender, 2)
    assert not is_cached
    assert 12 not in [each.movie_id for each in items]


def test_too_many_lists_are_rejected_with_a_limit(
    engine: Engine, recommender: Recommender, cache: ListCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    statistics = cache.statistics()
    if statistics is None or statistics.most_memory is None:
        pytest.skip("this Redis has no memory limit")
    monkeypatch.setattr(
        "recsys.serving.precompute.users.number_who_rated", lambda _connection: 10**9
    )
    with pytest.raises(NoRoomError, match=r"need [\d,]+ MB: use `--most \d+`"):
        precompute(engine, cache, recommender.active())


def test_command(
    engine: Engine, recommender: Recommender, run_here: Run, redis_client: Redis
) -> None:
    done = json.loads(run_here("precompute", "--json", "--most", "2").out.splitlines()[-1])
    assert (done["people"], done["model_version"]) == (2, "1")
    assert "8 lists in" in run_here("precompute").out
    assert all(_given(engine, recommender, person)[0] for person in EVERYBODY)


def test_command_without_a_model(run_here: Run) -> None:
    done = run_here("precompute")
    assert (done.code, done.out) == (1, "")
    assert "recsys train" in done.err
