"""Guest ratings and marks in a real database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from recsys.serving.filters import Filters
from recsys.serving.guests import MOST, GuestRatings, Guests, TooManyGuestRatingsError
from tests.recsys.frames import stars

pytestmark = pytest.mark.data_layer


@dataclass(frozen=True)
class Stars:
    """A rating as imported from a file."""

    movie_id: int
    rating: float
    rated_at: datetime | None = None


def test_ratings_are_read_in_order(guests: Guests) -> None:
    guests.put("visitor", 2, 4.0)
    guests.put("visitor", 1, 5.0)
    guests.put("visitor", 3, 0.5)
    guests.put("visitor", 2, 3.5)
    assert stars(guests.of("visitor").history) == [(1, 5.0), (3, 0.5), (2, 3.5)]
    assert str(guests.of("visitor").history["rated_at"].dt.tz) == "UTC"


def test_visitors_are_separate(guests: Guests) -> None:
    guests.put("visitor", 1, 5.0)
    assert guests.of("another").history.empty
    assert guests.of(None).history.empty


def test_removing_a_rating(guests: Guests) -> None:
    guests.put("visitor", 1, 5.0)
    guests.remove("visitor", 1)
    guests.remove("visitor", 1)
    assert guests.of("visitor").history.empty


def test_previous_rating_or_mark_is_returned(guests: Guests) -> None:
    assert guests.put("visitor", 1, 5.0) is None
    assert guests.put("visitor", 1, "seen") == 5.0
    assert guests.remove("visitor", 1) == "seen"
    assert guests.remove("visitor", 1) is None


def _a_month_later(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE guests SET touched_at = touched_at - interval '30 days'"))


def test_ratings_expire_thirty_days_after_the_last(guests: Guests, engine: Engine) -> None:
    guests.put("visitor", 1, 5.0)
    guests.put("another", 1, 5.0)
    _a_month_later(engine)
    assert guests.of("visitor").is_empty
    assert guests.put("visitor", 2, 4.0) is None
    assert stars(guests.of("visitor").history) == [(2, 4.0)]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM guests")) == 1


def test_database_has_no_secrets_of_browsers(guests: Guests, engine: Engine) -> None:
    guests.put("secret-of-the-browser", 1, 5.0)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT * FROM guests, guest_ratings")).all()
    assert b"secret" not in bytes(kept[0].visitor_hash)


@pytest.mark.parametrize("rating", [0.0, 0.7, 5.5, -1.0, float("nan"), float("inf")])
def test_only_half_stars_are_accepted(guests: Guests, rating: float) -> None:
    with pytest.raises(ValueError, match="half-star"):
        guests.put("visitor", 1, rating)
    assert guests.of("visitor").history.empty


def test_guest_cannot_fill_the_database(guests: Guests) -> None:
    for movie_id in range(1, MOST + 1):
        guests.put("visitor", movie_id, 4.0)
    with pytest.raises(TooManyGuestRatingsError):
        guests.put("visitor", MOST + 1, 4.0)
    guests.put("visitor", 1, 1.0)
    assert len(guests.of("visitor").history) == MOST


def test_later_of_rating_and_mark_counts(guests: Guests) -> None:
    guests.put("visitor", 1, "seen")
    guests.put("visitor", 2, "later")
    guests.put("visitor", 3, 4.5)
    guests.put("visitor", 1, 5.0)
    guests.put("visitor", 3, "dismissed")
    kept = guests.of("visitor")
    assert stars(kept.history) == [(1, 5.0)]
    assert list(kept.marks.items()) == [(2, "later"), (3, "dismissed")]
    assert [kept.of(film) for film in (1, 2, 3, 4)] == [5.0, "later", "dismissed", None]
    guests.remove("visitor", 2)
    assert guests.of("visitor").marks == {3: "dismissed"}
    assert GuestRatings().of(1) is None


@pytest.mark.parametrize("mark", ["", "loved", "SEEN", "5.0"])
def test_only_existing_marks_are_accepted(guests: Guests, mark: Any) -> None:
    with pytest.raises(ValueError, match=repr(mark)):
        guests.put("visitor", 1, mark)
    assert guests.of("visitor").marks == {}


def test_many_ratings_keep_or_replace_existing_ones(guests: Guests) -> None:
    """A rating replaces a mark in either case, as in an account."""
    guests.put("visitor", 1, 2.0)
    guests.put("visitor", 2, 4.0)
    guests.put("visitor", 3, "later")
    file = [Stars(1, 5.0), Stars(2, 4.0), Stars(3, 3.0), Stars(4, 0.5)]
    assert guests.put_many("visitor", file, replace=False) == (2, 0)
    assert stars(guests.of("visitor").history) == [(1, 2.0), (2, 4.0), (3, 3.0), (4, 0.5)]
    assert guests.put_many("visitor", file, replace=False) == (0, 0)
    assert guests.put_many("visitor", file, replace=True) == (0, 1)
    assert stars(guests.of("visitor").history) == [(2, 4.0), (3, 3.0), (4, 0.5), (1, 5.0)]
    assert guests.put_many("visitor", file, replace=True) == (0, 0)
    assert guests.put_many("visitor", [], replace=True) == (0, 0)
    assert guests.of("visitor").marks == {}


def test_ratings_have_the_dates_of_the_file(guests: Guests) -> None:
    guests.put("visitor", 1, 5.0)
    long_ago = datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)
    before_that = datetime(1969, 7, 20, tzinfo=UTC)
    guests.put_many(
        "visitor",
        [Stars(2, 4.0, long_ago), Stars(3, 3.0, before_that), Stars(4, 2.0)],
        replace=True,
    )
    history = guests.of("visitor").history
    assert history["movie_id"].tolist() == [3, 2, 1, 4]
    assert history["rated_at"].iloc[:2].tolist() == [before_that, long_ago]


def test_latest_of_several_ratings_counts(guests: Guests) -> None:
    """The last one wins a tie, and no time means now, as in an account."""
    first, second = datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 2, 2, tzinfo=UTC)
    guests.put("visitor", 1, 5.0)
    file = [
        *(Stars(1, 4.0, first), Stars(1, 5.0, second), Stars(1, 3.0, first)),
        *(Stars(2, 1.0), Stars(2, 2.0, second), Stars(3, 1.0, first), Stars(3, 2.0, first)),
    ]
    assert guests.put_many("visitor", file, replace=True) == (2, 0)
    assert sorted(stars(guests.of("visitor").history)) == [(1, 5.0), (2, 1.0), (3, 2.0)]


def test_nothing_is_stored_beyond_the_limit(guests: Guests) -> None:
    guests.put("visitor", 510, "later")
    too_many = [Stars(film, 4.0) for film in range(1, MOST + 1)]
    with pytest.raises(TooManyGuestRatingsError):
        guests.put_many("visitor", too_many, replace=True)
    assert guests.of("visitor").history.empty
    assert guests.put_many("visitor", too_many[:-1], replace=True) == (MOST - 1, 0)
    assert guests.put_many("visitor", too_many[:-1], replace=True) == (0, 0)
    with pytest.raises(TooManyGuestRatingsError):
        guests.put("visitor", MOST + 1, "seen")


def test_style_is_stored_with_ratings(guests: Guests) -> None:
    assert guests.of("visitor").style is None
    guests.put_style("visitor", "adventurous")
    assert guests.of("visitor").style == "adventurous"
    guests.put("visitor", 1, 5.0)
    guests.put_style("visitor", "popular")
    guests.remove("visitor", 1)
    assert guests.of("visitor").style == "popular"
    assert guests.of("another").style is None


def test_style_does_not_count_as_a_rating(guests: Guests) -> None:
    guests.put_style("visitor", "popular")
    for movie_id in range(1, MOST + 1):
        guests.put("visitor", movie_id, 4.0)
    with pytest.raises(TooManyGuestRatingsError):
        guests.put("visitor", MOST + 1, 4.0)
    guests.put_style("visitor", "balanced")
    assert len(guests.of("visitor").history) == MOST


def test_filters_are_stored_with_ratings(guests: Guests) -> None:
    assert guests.of("visitor").filters == Filters()
    guests.put_filters("visitor", Filters(not_genres=("Horror", "War"), max_minutes=95))
    guests.put("visitor", 1, 5.0)
    assert guests.of("visitor").filters == Filters(not_genres=("Horror", "War"), max_minutes=95)
    assert guests.of("another").filters == Filters()
    guests.put_filters("visitor", Filters())
    assert guests.of("visitor").filters == Filters()


def test_revision_depends_on_ratings_and_not_on_the_style() -> None:
    def revision(**fields: Any) -> str:
        return GuestRatings(**fields).revision

    assert revision() == revision(style="popular", guest="guest-1")
    marked = [revision(marks={5: mark}) for mark in ("seen", "later", "dismissed")]
    assert marked[0] == marked[1] != marked[2]
    assert revision(marks={5: "seen", 6: "dismissed"}) == revision(
        marks={6: "dismissed", 5: "later"}
    )


FILM = st.integers(1, 5)
STARS = st.sampled_from([0.5, 3.0, 5.0])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), FILM, STARS | st.sampled_from(["seen", "later"])),
        st.tuples(st.just("remove"), FILM, st.none()),
        st.tuples(
            st.just("put_many"), st.lists(st.builds(Stars, FILM, STARS), max_size=4), st.booleans()
        ),
    ),
    max_size=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_behaves_like_a_dict(guests: Guests, steps: Sequence[tuple[str, Any, Any]]) -> None:
    visitor, plain = str(uuid4()), dict[int, float | str]()
    for step, what, how in steps:
        if step == "put":
            guests.put(visitor, what, how)
            plain[what] = how
        elif step == "remove":
            guests.remove(visitor, what)
            plain.pop(what, None)
        else:
            before = dict(plain)
            last = {each.movie_id: each.rating for each in what}
            for film, rating in last.items():
                if how or not isinstance(plain.get(film), float):
                    plain[film] = rating
            added = {film for film in last if not isinstance(before.get(film), float)}
            changed = {film for film in last if plain[film] != before.get(film)} - added
            assert guests.put_many(visitor, what, replace=how) == (len(added), len(changed))
        kept = guests.of(visitor)
        assert dict(stars(kept.history)) | dict(kept.marks) == plain
        assert all(kept.of(film) == plain.get(film) for film in range(7))


def test_concurrent_ratings_of_one_browser_are_all_stored(guests: Guests) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda film: guests.put("visitor", film, 4.0), range(1, 41)))
    assert len(guests.of("visitor").history) == 40


def test_removed_film_removes_guest_ratings(guests: Guests, engine: Engine) -> None:
    guests.put("visitor", 1, 5.0)
    guests.put("visitor", 2, "seen")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM movies WHERE id = 1"))
    assert guests.of("visitor").of(1) is None
    assert guests.of("visitor").of(2) == "seen"
