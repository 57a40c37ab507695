"""Lists with marks, styles and filters, and hypothetical lists.

Rater 1 has rated films 1 to 6 and dislikes 6. Of the others, 7 is Drama and Western from 1992, 8
Comedy from 2014, 9 Drama from 2001, 10 Drama, Mystery and Sci-Fi from 1972, 11 Comedy and Romance
from 2001, and 12 has no genres and no year. They have 6, 6, 5, 4, 3 and 0 ratings.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest
from redis import Redis
from sqlalchemy import Engine

from db.queries import histories, marks, users
from db.queries.users import User
from recsys.data.genres import UnknownGenre
from recsys.data.history import NOT_INTERESTED
from recsys.models.explanation import explain
from recsys.models.results import Recommendation
from recsys.models.styles import STYLES
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from recsys.serving.recommender import Recommender
from tests.cached import cached_lists
from tests.recsys.frames import history, ids, likes

pytestmark = pytest.mark.data_layer

ALL = {7, 8, 9, 10, 11, 12}
NARROWED: list[tuple[Filters, set[int]]] = [
    (Filters(("comedy",)), {8, 11}),
    (Filters(("drama", "comedy")), {7, 8, 9, 10, 11}),
    (Filters(("drama", "sci-fi"), match_all=True), {10}),
    (Filters(("drama", "DRAMA"), match_all=True), {7, 9, 10}),
    (Filters(("comedy", "drama"), match_all=True), set()),
    (Filters(year_from=2001), {8, 9, 11}),
    (Filters(year_to=2001), {7, 9, 10, 11}),
    (Filters(year_from=1992, year_to=2001), {7, 9, 11}),
    (Filters(year_from=2001, year_to=1992), set()),
    (Filters(least_ratings=4), {7, 8, 9, 10}),
    (Filters(least_ratings=7), set()),
    (Filters(("drama",), False, 1990, None, 5), {7, 9}),
    (Filters(not_genres=("comedy",)), {7, 9, 10, 12}),
    (Filters(not_genres=("romcom", "western")), {9, 10, 12}),
    (Filters(("drama",), not_genres=("sci fi",)), {7, 9}),
    (Filters(("comedy",), not_genres=("comedy",)), set()),
]


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with the small catalogue."""
    return database_of_a_catalogue


def _rater(engine: Engine, user_id: int = 1) -> User:
    with engine.connect() as connection:
        user = users.by_id(connection, user_id)
    assert user is not None
    return user


def _scores(items: Sequence[Recommendation]) -> dict[int, float]:
    """Return scores by film; order and the last digit of shares depend on the other films."""
    return {item.movie_id: item.score for item in items}


def test_marked_film_is_never_listed(engine: Engine, trained: Recommender) -> None:
    before = _rater(engine)
    assert {*ids(trained.recommend(before, limit=100).items)} == ALL
    with engine.begin() as connection:
        marks.put(connection, 1, 7, "dismissed")
        marks.put(connection, 1, 8, "seen")
        marks.put(connection, 1, 9, "later")

    outdated = trained.recommend(before, limit=100)
    assert outdated.cached, "the list of the previous revision"
    assert {*ids(outdated.items)} == {10, 11, 12}
    served = trained.recommend(_rater(engine), limit=100)
    assert not served.cached
    assert {*ids(served.items)} == {10, 11, 12}

    with engine.begin() as connection:
        marks.delete(connection, 1, 9)
    assert {*ids(trained.recommend(_rater(engine), limit=100).items)} == {9, 10, 11, 12}
    assert {*ids(trained.recommend(_rater(engine, 2), limit=100).items)} == {1, 8, 9, 10, 11, 12}


def test_guest_marks_are_left_out_and_do_not_count_as_ratings(trained: Recommender) -> None:
    guest = GuestRatings(marks={5: "seen", 6: "dismissed"}, guest="guest-1")
    served = trained.recommend(None, guest_ratings=guest)
    assert (served.kind, served.cached, len(served.items)) == ("cold", False, 5)
    assert not {5, 6} & {*ids(served.items)}
    assert trained.recommend(None, guest_ratings=guest).cached
    for other in (
        replace(guest, marks={5: "seen"}),
        replace(guest, history=likes(7), marks={5: "seen"}),
        replace(guest, marks={5: "dismissed", 6: "dismissed"}),
    ):
        assert not trained.recommend(None, guest_ratings=other).cached
    assert 5 in ids(trained.recommend(None).items), "other guests get it"


def test_model_reads_not_interested_marks(engine: Engine, trained: Recommender) -> None:
    """They count as a rating of 0 in lists, reasons and hypothetical lists, but not as a rating."""
    with engine.begin() as connection:
        marks.put(connection, 1, 7, "dismissed")
        marks.put(connection, 1, 8, "seen")
        stranger = users.register(connection, email="a@b.org", name="", password_hash="x")
        marks.put(connection, stranger.id, 7, "dismissed")
        rated = histories.frame(connection, 1)
    model = trained.active().model
    nothing = history((7, NOT_INTERESTED, 0))
    everything = pd.concat([nothing, rated], ignore_index=True)
    for user, kind, own, seen in (
        (_rater(engine), "known", everything, {8}),
        (_rater(engine, stranger.id), "cold", nothing, set()),
    ):
        served = trained.recommend(user, limit=100)
        assert (served.kind, served.items) == (kind, model.recommend(own, 100, exclude=seen))
        assert trained.recommend_without(user, [], limit=100) == served.items
        assert trained.explain(user, 10) == explain(model, own, 10)
    without = trained.recommend_without(_rater(engine), [7], limit=100)
    assert without == model.recommend(rated, 100, exclude={7, 8})


def test_each_style_has_its_own_list(engine: Engine, trained: Recommender) -> None:
    """The requested style, or the account's, or balanced."""
    rater = _rater(engine)
    assert trained.recommend(rater).style == "balanced"
    assert trained.recommend(rater, style="balanced").cached
    model = trained.active().model
    with engine.connect() as connection:
        rated = histories.frame(connection, 1)
    for style in STYLES:
        for is_kept in (style == "balanced", True):
            served = trained.recommend(rater, style=style, limit=100)
            assert (served.style, served.cached) == (style, is_kept)
            assert served.items == model.recommend(rated, 100, style=style)
        assert trained.recommend_without(rater, [], style=style, limit=100) == served.items
        assert trained.explain(rater, 7, style=style) == explain(model, rated, 7, style)

    with engine.begin() as connection:
        users.set_style(connection, 1, "adventurous")
    chosen = _rater(engine)
    assert chosen.ratings_revision == rater.ratings_revision
    served = trained.recommend(chosen)
    assert (served.style, served.cached) == ("adventurous", True)
    assert trained.recommend(chosen, style="popular").style == "popular"
    assert trained.explain(chosen, 7) == trained.explain(rater, 7, style="adventurous")
    assert trained.cache.forget("1") == 3


def test_style_of_a_guest(trained: Recommender) -> None:
    guest = GuestRatings(likes(7), style="popular", guest="guest-1")
    assert trained.recommend(None, guest_ratings=guest).style == "popular"
    assert trained.recommend(None, guest_ratings=guest, style="balanced").style == "balanced"
    assert trained.recommend(None, guest_ratings=replace(guest, style=None), style="popular").cached
    assert (
        trained.recommend_without(None, [], guest_ratings=guest)
        == trained.recommend(None, guest_ratings=guest).items
    )


def test_offset_and_excluded_films(engine: Engine, trained: Recommender) -> None:
    rater = _rater(engine)
    whole = trained.recommend(rater, limit=100).items
    for is_kept in (True, False):
        assert trained.recommend(rater, limit=2, offset=3).items == whole[3:5]
        assert trained.recommend(rater, limit=100, offset=99).items == []
        if is_kept:
            trained.cache.forget("1")
    left_out = {whole[0].movie_id, whole[2].movie_id, 999}
    with engine.connect() as connection:
        rated = histories.frame(connection, 1)
    for _ in range(2):
        served = trained.recommend(rater, limit=3, exclude=left_out)
        assert not served.cached
        assert served.items == trained.active().model.recommend(rated, 3, exclude=left_out)
    assert trained.recommend(rater, limit=100).items == whole, "only that list is cached"


def test_lists_are_restricted_to_matching_films(engine: Engine, trained: Recommender) -> None:
    everything = _scores(trained.recommend(_rater(engine), limit=100).items)
    for filters, expected in NARROWED:
        for is_second_time in (False, True):
            served = trained.recommend(_rater(engine), filters=filters, limit=100)
            resolved = filters.resolved(trained.genres())
            is_kept = resolved.is_common and not resolved.not_genres
            assert served.cached is (is_second_time and is_kept), filters
            assert _scores(served.items) == {
                film: score for film, score in everything.items() if film in expected
            }
    with pytest.raises(UnknownGenre):
        trained.recommend(None, filters=Filters(("drama", "westren")))


def test_genre_list_is_cached_in_any_spelling(trained: Recommender) -> None:
    assert not trained.recommend(None, filters=Filters(("Sci-Fi",))).cached
    assert not trained.recommend(None, filters=Filters(("Comedy",))).cached
    assert trained.recommend(None, filters=Filters(("sci fi",))).cached
    assert trained.recommend(None, filters=Filters(("Comedy", "comedy"), match_all=True)).cached


def test_filtered_lists_cannot_fill_redis(
    engine: Engine, trained: Recommender, redis_client: Redis
) -> None:
    assert not cached_lists(redis_client, engine)
    for least in range(1, 30):
        trained.recommend(None, filters=Filters(least_ratings=least))
        trained.recommend(None, filters=Filters(("Comedy",), year_from=1950 + least))
    assert not cached_lists(redis_client, engine)


def test_list_without_films_equals_that_of_a_shorter_history(
    engine: Engine, trained: Recommender
) -> None:
    """Neither the ratings nor the list are stored."""
    rater = _rater(engine)
    before = trained.recommend(rater, limit=100)
    without = trained.recommend_without(rater, [1, 2, 999], limit=100)
    with engine.connect() as connection:
        history = histories.frame(connection, 1)
    assert history["movie_id"].tolist() == [1, 2, 3, 4, 5, 6]
    others = GuestRatings(history[~history["movie_id"].isin([1, 2])])
    as_others = trained.recommend(None, guest_ratings=others, limit=100).items
    others_scores = _scores(as_others)
    assert _scores(without) == {film: others_scores[film] for film in ALL}
    assert {*ids(without)} == ALL
    assert _scores(without) != _scores(before.items)
    assert {reason.movie_id for each in without for reason in each.reasons} <= {3, 4, 5}

    again = trained.recommend(_rater(engine), limit=100)
    assert (again.cached, again.items) == (True, before.items)
    assert trained.recommend_without(rater, [], limit=100) == before.items
    shorter = trained.recommend_without(rater, [7], limit=2)
    in_full = trained.recommend_without(rater, [7], limit=100)
    assert (len(shorter), shorter) == (2, in_full[:2])
    assert _scores(in_full) == {
        film: score for film, score in _scores(before.items).items() if film != 7
    }


def test_list_without_films_respects_marks_and_filters(
    engine: Engine, trained: Recommender
) -> None:
    with engine.begin() as connection:
        marks.put(connection, 1, 8, "seen")
    comedies = Filters(("comedy",))
    assert ids(trained.recommend_without(_rater(engine), [1], filters=comedies)) == [11]
    guest = GuestRatings(likes(1, 2), {3: "later"})
    assert {*ids(trained.recommend_without(None, [1], guest_ratings=guest, limit=100))} == {
        *range(4, 13)
    }


def test_onboarding_films_are_neither_rated_nor_marked(
    engine: Engine, trained: Recommender
) -> None:
    first = trained.onboarding_films(None, 4)
    assert len(set(first)) == 4
    assert 12 not in trained.onboarding_films(None, 100), "a film without a genre"
    guest = GuestRatings(likes(first[0]), {first[1]: "later"})
    second = trained.onboarding_films(None, 100, guest_ratings=guest)
    assert {*second} == {*range(1, 12)} - {first[0], first[1]}
    with engine.begin() as connection:
        marks.put(connection, 1, 7, "dismissed")
    assert {*trained.onboarding_films(_rater(engine), 100)} == {8, 9, 10, 11}


def test_one_like_gives_a_personal_list(trained: Recommender) -> None:
    popular = ids(trained.recommend(None, limit=6).items)
    for liked in (1, 9, 11):
        own = trained.recommend(None, guest_ratings=GuestRatings(likes(liked)))
        assert own.kind == "known"
        assert ids(own.items) != [film for film in popular if film != liked][:5]
        assert {why.movie_id for each in own.items for why in each.reasons} == {liked}
