"""The recommender with a real database and a real Redis."""

from pathlib import Path
from uuid import uuid4

import pandas as pd
import pytest
from redis import Redis
from sqlalchemy import Engine

from db.loading import load
from db.queries import histories, model_versions, ratings, users
from db.queries.users import User
from recsys.data.genres import UnknownGenre
from recsys.evaluation.contenders import OfModel
from recsys.evaluation.splits import Case
from recsys.models.model import Model
from recsys.models.results import UnknownMovie
from recsys.serving import current
from recsys.serving import lists as served
from recsys.serving.cache import ListCache
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from recsys.serving.recommender import Recommender
from recsys.training.train import train
from tests.cached import cached_lists
from tests.catalogue import write_release
from tests.recsys.frames import TINY, history, ids, likes

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with 12 films, 8 raters and no model."""
    return database_of_a_catalogue


@pytest.fixture
def loaded(engine: Engine) -> Engine:
    """Return the database with the small catalogue."""
    return engine


def _rater(engine: Engine, user_id: int = 1) -> User:
    with engine.connect() as connection:
        user = users.by_id(connection, user_id)
    assert user is not None
    return user


def test_popular_films_before_the_first_training(loaded: Engine, recommender: Recommender) -> None:
    served = recommender.recommend(None)
    assert (served.kind, served.model_version, served.cached) == ("cold", None, False)
    assert served.items == recommender.active().model.recommend(likes())
    assert served.items[0].movie_id == 5, "five people like it"
    assert not recommender.is_trained()
    known = recommender.recommend(_rater(loaded))  # rated 1 to 6
    assert (known.kind, known.model_version) == ("known", None)
    assert {*ids(known.items)} <= {7, 8, 9, 10, 11, 12}


def test_guest_without_ratings_gets_the_most_liked_films(trained: Recommender) -> None:
    served = trained.recommend(None)
    assert (served.kind, served.model_version, served.cached) == ("cold", "1", False)
    assert served.items == trained.active().model.recommend(likes())
    assert served.items[0].movie_id == 5, "five people like it"
    assert [item.reasons for item in served.items] == [[]] * 5
    assert trained.is_trained()


def test_list_has_unrated_films_with_reasons(loaded: Engine, trained: Recommender) -> None:
    served = trained.recommend(_rater(loaded), limit=100)
    assert served.kind == "known"
    assert {*ids(served.items)} == {7, 8, 9, 10, 11, 12}
    why = {reason.movie_id for item in served.items for reason in item.reasons}
    assert why <= {1, 2, 3, 4, 5}, "6 was disliked"


def test_second_request_is_cached(loaded: Engine, trained: Recommender) -> None:
    first, second = trained.recommend(_rater(loaded)), trained.recommend(_rater(loaded))
    assert (first.cached, second.cached) == (False, True)
    assert first.items == second.items
    assert trained.recommend(_rater(loaded), limit=2).items == first.items[:2]
    assert not trained.recommend(_rater(loaded, 2)).cached


def test_list_has_the_total_number_of_films(
    loaded: Engine, trained: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It doesn't depend on the limit or the cache, and is at most `LIST_LENGTH`."""
    rater = _rater(loaded)
    for _ in range(2):
        assert trained.recommend(rater, limit=2).total == 6
    assert trained.recommend(rater, limit=2, exclude=[7, 1, 999]).total == 5
    assert trained.recommend(rater, filters=Filters(("comedy",)), limit=1).total == 2
    assert (
        trained.recommend(None, filters=Filters(year_from=1990, year_to=1999), limit=1).total == 4
    )
    assert trained.recommend(None).total == 12
    monkeypatch.setattr(served, "LIST_LENGTH", 4)  # large catalogues aren't counted completely
    assert trained.recommend(rater, limit=2, exclude=[7]).total == 4
    assert trained.recommend(rater, limit=2, exclude=[7, 8, 9]).total == 3


def test_evaluated_lists_are_the_served_lists(loaded: Engine, trained: Recommender) -> None:
    with loaded.connect() as connection:
        model = Model.from_bytes(model_versions.artefact(connection, 1))
        raters = range(1, 9)
        of_each = [histories.frame(connection, number) for number in raters]
    cases = [
        Case(number, history, frozenset({1}))
        for number, history in zip(raters, of_each, strict=True)
    ]
    measured = OfModel(model).lists(cases, 5)
    for cached in (False, True):
        served = [trained.recommend(_rater(loaded, number)) for number in raters]
        assert [each.cached for each in served] == [cached] * len(raters)
        assert [ids(each.items) for each in served] == measured


def test_rated_film_is_never_listed(loaded: Engine, trained: Recommender) -> None:
    before = _rater(loaded)
    best = trained.recommend(before).items[0].movie_id
    with loaded.begin() as connection:
        ratings.put(connection, before.id, best, 5.0)

    outdated = trained.recommend(before)
    assert outdated.cached, "the list of the previous revision"
    assert best not in ids(outdated.items)

    served = trained.recommend(_rater(loaded))
    assert not served.cached
    assert best not in ids(served.items)


def test_removing_a_rating_lists_the_film_again(loaded: Engine, trained: Recommender) -> None:
    assert 6 not in ids(trained.recommend(_rater(loaded), limit=100).items)
    with loaded.begin() as connection:
        ratings.delete(connection, 1, 6)
    assert 6 in ids(trained.recommend(_rater(loaded), limit=100).items)


def test_spellings_of_a_genre_share_one_list(loaded: Engine, trained: Recommender) -> None:
    first = trained.recommend(_rater(loaded), filters=Filters(("sci fi",)))
    assert ids(first.items) == [10]
    second = trained.recommend(_rater(loaded), filters=Filters((" SCI-FI ",)))
    assert second.cached
    assert second.items == first.items
    assert {*ids(trained.recommend(None, filters=Filters(("western",))).items)} == {7}


def test_unknown_genre_lists_available_ones(trained: Recommender) -> None:
    with pytest.raises(UnknownGenre) as caught:
        trained.recommend(None, filters=Filters(("westren",)))
    assert caught.value.did_you_mean == "Western"
    assert caught.value.available == trained.genres()
    assert "(no genres listed)" not in trained.genres()


def test_guest_ratings_count_immediately(trained: Recommender) -> None:
    def guest_of(history: pd.DataFrame) -> GuestRatings:
        return GuestRatings(history, guest="guest-1")

    served = trained.recommend(None, guest_ratings=guest_of(likes(7, 8, 9)), limit=100)
    assert served.kind == "known"
    assert not {7, 8, 9} & {*ids(served.items)}
    assert {reason.movie_id for item in served.items for reason in item.reasons} <= {7, 8, 9}
    assert trained.recommend(None, guest_ratings=guest_of(likes(7, 8, 9))).cached
    assert not trained.recommend(None, guest_ratings=guest_of(likes(7, 8))).cached
    disliked = history((7, 5.0, 1), (8, 5.0, 2), (9, 1.0, 3))
    assert not trained.recommend(None, guest_ratings=guest_of(disliked)).cached
    assert trained.recommend(None, guest_ratings=GuestRatings(likes())).kind == "cold"


def test_lists_of_hypothetical_people_are_not_cached(trained: Recommender) -> None:
    for _ in range(2):
        assert not trained.recommend(None, guest_ratings=GuestRatings(likes(7, 8, 9))).cached


def test_many_ratings_leave_one_list_in_redis(
    loaded: Engine, trained: Recommender, redis_client: Redis
) -> None:
    def lists() -> int:
        return len(cached_lists(redis_client, loaded))

    before = lists()
    for stars in (1.0, 2.0, 3.0):
        with loaded.begin() as connection:
            ratings.put(connection, 1, 8, stars)
        trained.recommend(_rater(loaded))
        trained.recommend(None, guest_ratings=GuestRatings(history((8, stars, 1)), guest="guest-1"))
    assert lists() == before + 2


def test_newer_model_is_loaded(loaded: Engine, trained: Recommender) -> None:
    first = trained.recommend(_rater(loaded), limit=100)
    second = train(loaded, seed=7, **TINY)
    served = trained.recommend(_rater(loaded), limit=100)
    assert (served.model_version, served.cached) == (str(second.id), False)
    assert served.items != first.items

    with loaded.begin() as connection:
        model_versions.activate(connection, 1)
    again = trained.recommend(_rater(loaded), limit=100)
    assert again.model_version == "1"
    assert again.items == first.items


def test_model_is_unchanged_between_checks(
    loaded: Engine, trained: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained.recommend(None)
    monkeypatch.setattr(current, "CHECK_SECONDS", 60.0)
    train(loaded, seed=7, **TINY)
    assert trained.recommend(None).model_version == "1"


def test_films_removed_by_a_load_are_not_recommended(
    loaded: Engine, trained: Recommender, tmp_path: Path
) -> None:
    assert {5, 7} <= {*ids(trained.recommend(None, limit=100).items)}
    folder = write_release(tmp_path / "smaller-release")
    films = (folder / "movies.csv").read_text(encoding="utf-8").splitlines()
    films = [line for line in films if not line.startswith(("5,", "7,"))]
    (folder / "movies.csv").write_text("\n".join(films) + "\n", encoding="utf-8")
    load(loaded, folder)
    served = trained.recommend(None, limit=100)
    assert not served.cached
    assert {*ids(served.items)} == {1, 2, 3, 4, 6, 8, 9, 10, 11, 12}
    assert trained.recommend(None, filters=Filters(("western",))).items == []


def test_extent_covers_the_current_films(
    loaded: Engine, trained: Recommender, tmp_path: Path
) -> None:
    assert (trained.extent().oldest, trained.extent().newest) == (1972, 2014)
    folder = write_release(tmp_path / "newer-release")
    with (folder / "movies.csv").open("a", encoding="utf-8") as file:
        file.write("99,Tomorrow (2029),Drama\n")
    load(loaded, folder)
    assert (trained.extent().oldest, trained.extent().newest) == (1972, 2029)


def test_explanation_has_all_contributions(loaded: Engine, trained: Recommender) -> None:
    rater = _rater(loaded)
    best = trained.recommend(rater).items[0]
    why = trained.explain(rater, best.movie_id)
    assert why.score == pytest.approx(best.score, abs=1e-4)
    assert {film for film, _ in why.liked} == {1, 2, 3, 4, 5}
    assert trained.explain(None, 5, guest_ratings=GuestRatings(likes(7))).liked[0][0] == 7
    with pytest.raises(UnknownMovie):
        trained.explain(rater, 999)


def test_lists_are_the_same_without_redis(
    loaded: Engine, trained: Recommender, dead_redis: Redis
) -> None:
    without = Recommender(loaded, ListCache(dead_redis, uuid4()))
    for _ in range(2):
        served = without.recommend(_rater(loaded))
        assert not served.cached
        assert served.items == trained.recommend(_rater(loaded)).items
    assert not without.cache.is_available


def test_popular_films_if_the_model_is_unreadable(loaded: Engine, trained: Recommender) -> None:
    personal = trained.recommend(_rater(loaded))
    with loaded.begin() as connection:
        broken = model_versions.store(connection, b"of another time", {})
        model_versions.activate(connection, broken.id)
    served = trained.recommend(_rater(loaded))
    assert (served.kind, served.model_version, served.cached) == ("known", None, False)
    assert ids(served.items) == [7, 8, 9, 10, 11]
    assert not trained.is_trained()

    with loaded.begin() as connection:
        model_versions.activate(connection, 1)
    assert trained.recommend(_rater(loaded)).items == personal.items
