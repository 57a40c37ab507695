"""Imports are applied completely or not at all, and repeating one changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from accounts.imports import Applied, Choice, apply, chosen, match, read
from db.queries import journal, marks, users
from db.queries.marks import Mark
from tests.accounts.imports.files import IMDB

pytestmark = pytest.mark.data_layer

WHEN = datetime(2020, 1, 1, tzinfo=UTC)


def _ratings(engine: Engine, user_id: int) -> list[tuple[int, float, bool]]:
    with engine.connect() as connection:
        return [
            tuple(row)
            for row in connection.execute(
                text(
                    "SELECT movie_id, rating::float8, is_own FROM ratings "
                    "WHERE user_id = :user_id ORDER BY movie_id"
                ),
                {"user_id": user_id},
            )
        ]


def _times(engine: Engine, user_id: int) -> list[datetime]:
    with engine.connect() as connection:
        found = connection.scalars(
            text("SELECT rated_at FROM ratings WHERE user_id = :user_id ORDER BY movie_id"),
            {"user_id": user_id},
        )
        return [when.astimezone(UTC) for when in found]


def _revision(engine: Engine, user_id: int) -> int:
    with engine.connect() as connection:
        user = users.by_id(connection, user_id)
    assert user is not None
    return user.ratings_revision


def test_new_ratings_are_own_and_keep_their_time(films: Engine) -> None:
    chosen = [Choice(2, 3.5, WHEN), Choice(1, 0.5, WHEN)]
    assert apply(films, 8, chosen, replace=False) == Applied(2, 0, 0, 0)
    assert _ratings(films, 8) == [(1, 0.5, True), (2, 3.5, True)]
    assert _times(films, 8) == [WHEN, WHEN]
    assert _revision(films, 8) == 1


@pytest.mark.parametrize("replace", [False, True])
def test_applying_twice_changes_nothing(films: Engine, replace: bool) -> None:
    chosen = [Choice(2, 3.5, WHEN), Choice(1, 0.5)]
    apply(films, 8, chosen, replace=replace)
    before = _ratings(films, 8), _times(films, 8)
    assert apply(films, 8, chosen, replace=replace) == Applied(0, 0, 2, 0)
    assert (_ratings(films, 8), _times(films, 8)) == before
    assert _revision(films, 8) == 1


def test_imports_are_recorded_and_deleted_with_the_user(films: Engine) -> None:
    apply(films, 8, [Choice(2, 3.5, WHEN), Choice(999, 1.0)], replace=False, service="Letterboxd")
    with films.begin() as connection:
        (noted,) = journal.imports(connection).itertuples(index=False)
        assert noted[2:] == ("Letterboxd", 1, 0, 0, 1)
        (exported,) = users.everything_about(connection, 8)["imports"]
        assert exported["service"] == "Letterboxd"
        users.delete(connection, 8)
        assert journal.imports(connection).empty


def test_existing_ratings_stay(films: Engine) -> None:
    chosen = [Choice(1, 1.0, WHEN), Choice(5, 1.0, WHEN), Choice(2, 1.0, WHEN)]
    assert apply(films, 7, chosen, replace=False) == Applied(1, 0, 2, 0)
    assert _ratings(films, 7) == [(1, 5.0, False), (2, 1.0, True), (5, 4.0, True)]


def test_existing_ratings_are_replaced_if_they_differ(films: Engine) -> None:
    chosen = [Choice(1, 1.0, WHEN), Choice(5, 4.0, WHEN), Choice(2, 1.0, WHEN)]
    assert apply(films, 7, chosen, replace=True) == Applied(1, 1, 1, 0)
    assert _ratings(films, 7) == [(1, 1.0, True), (2, 1.0, True), (5, 4.0, True)]
    assert _times(films, 7) == [WHEN, WHEN, datetime(2000, 2, 1, tzinfo=UTC)]
    assert _revision(films, 7) == 1


def test_unknown_films_are_skipped(films: Engine) -> None:
    chosen = [Choice(number, 4.0) for number in (1, 99, 0, -1, 2**31, 2**70)]
    assert apply(films, 8, chosen, replace=False) == Applied(1, 0, 0, 5)
    assert apply(films, 8, chosen[1:], replace=True) == Applied(0, 0, 0, 5)
    assert _revision(films, 8) == 1


def test_nothing_to_apply(films: Engine) -> None:
    assert apply(films, 8, [], replace=True) == Applied(0, 0, 0, 0)
    assert _revision(films, 8) == 0


def test_latest_of_several_ratings_for_a_film_counts(films: Engine) -> None:
    early = WHEN - timedelta(days=1)
    chosen = [
        Choice(1, 1.0, WHEN),
        Choice(1, 2.0, early),
        Choice(2, 1.0, WHEN),
        Choice(2, 2.0, WHEN),
    ]
    assert apply(films, 8, chosen, replace=False) == Applied(2, 0, 0, 0)
    assert _ratings(films, 8) == [(1, 1.0, True), (2, 2.0, True)]


def test_impossible_times_become_now(films: Engine) -> None:
    start = datetime.now(UTC)
    chosen = [
        Choice(1, 1.0, start + timedelta(days=365)),
        Choice(2, 1.0, datetime(1899, 12, 31, tzinfo=UTC)),
        Choice(3, 1.0),
    ]
    apply(films, 8, chosen, replace=False)
    assert all(start <= when <= datetime.now(UTC) for when in _times(films, 8))


def test_one_invalid_rating_rejects_all(films: Engine) -> None:
    for wrong in (
        Choice(2, 0.0),
        Choice(2, 3.3),
        Choice(2, float("nan")),
        Choice(2, 1.0, datetime(2020, 1, 1)),  # noqa: DTZ001 - without a time zone on purpose
    ):
        with pytest.raises(ValueError, match=r"half-star|time zone"):
            apply(films, 8, [Choice(1, 1.0), wrong], replace=False)
    assert _ratings(films, 8) == []


def test_deleted_user(films: Engine) -> None:
    with pytest.raises(IntegrityError):
        apply(films, 9, [Choice(1, 1.0)], replace=False)


def test_file_to_ratings(films: Engine) -> None:
    parsed = read("ratings.csv", IMDB.encode())
    with films.connect() as connection:
        preview = match(connection, parsed.rows, {})
    assert apply(films, 8, chosen(preview).ratings, replace=False) == Applied(2, 0, 0, 0)
    assert _ratings(films, 8) == [(1, 4.5, True), (3, 5.0, True)]
    assert _times(films, 8) == [
        datetime(2020, 1, 31, tzinfo=UTC),
        datetime(2020, 2, 1, tzinfo=UTC),
    ]


def test_concurrent_imports_write_everything_once(films: Engine) -> None:
    chosen = [Choice(number, 2.0) for number in range(1, 16)]
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(
                lambda number: apply(films, 8, chosen[:: (-1) ** number], replace=True), range(8)
            )
        )
    assert sum(applied.added for applied in done) == 15
    assert sum(applied.changed for applied in done) == 0
    assert _revision(films, 8) == 1


def test_marks_are_added_and_never_replace_anything(films: Engine) -> None:
    marked: dict[int, Mark] = {1: "later", 2: "seen", 3: "later", 99: "seen"}
    assert apply(films, 7, [Choice(3, 4.0)], replace=False, marks=marked) == Applied(1, 0, 0, 0, 1)
    with films.connect() as connection:
        assert marks.of_user(connection, 7)[["movie_id", "mark"]].to_numpy().tolist() == [
            [2, "seen"]
        ]
    assert apply(films, 7, [], replace=False, marks={2: "later"}) == Applied(0, 0, 0, 0, 0)
