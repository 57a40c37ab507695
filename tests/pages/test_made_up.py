"""A made-up history: written into the address and read from it."""

from hypothesis import given
from hypothesis import strategies as st

from db.scale import STARS
from pages.inspector import made_up

films_with_stars = st.lists(
    st.tuples(st.integers(0, 9_999_999_999), st.sampled_from(STARS)),
    max_size=made_up.MOST,
    unique_by=lambda each: each[0],
)


@given(films_with_stars)
def test_a_made_up_history_is_read_as_it_was_written(rated: list[made_up.Rated]) -> None:
    assert made_up.read(made_up.write(rated)) == (rated, [])


@given(st.text() | st.text("0123456789.:, "))
def test_any_address_is_read(address: str) -> None:
    rated, problems = made_up.read(address)
    parts = [each for each in address.split(",") if each.strip()]
    assert len(rated) + len(problems) == len(parts), "all is either taken or complained of"
    assert made_up.read(made_up.write(rated)) == (rated, [])
    history = made_up.history(rated)
    assert history["movie_id"].tolist() == [film for film, _ in rated]
    assert history["rated_at"].is_monotonic_increasing


def test_a_made_up_history_ends_somewhere() -> None:
    rated, problems = made_up.read(",".join(f"{film}:5" for film in range(made_up.MOST + 1)))
    assert len(rated) == made_up.MOST
    assert problems == ["“100:5” is beyond the first 100 films"]
