"""Ratings on every scale."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import scales
from accounts.imports.errors import RowError
from accounts.imports.rows import Scale


@pytest.mark.parametrize(
    ("text", "stars"), [("0.5", 0.5), ("5", 5.0), (" 3.0 ", 3.0), ("3,5", 3.5), ("4.50", 4.5)]
)
def test_half_stars(text: str, stars: float) -> None:
    assert scales.half_stars(text) == stars


@pytest.mark.parametrize("text", ["", "0", "5.5", "-1", "1e0", "3.25", "★★★", "inf", "10"])
def test_invalid_half_stars(text: str) -> None:
    with pytest.raises(RowError):
        scales.half_stars(text)


@pytest.mark.parametrize(("text", "stars"), [("1", 0.5), ("10", 5.0), ("7", 3.5), ("8.0", 4.0)])
def test_out_of_ten(text: str, stars: float) -> None:
    assert scales.out_of_ten(text) == stars


@pytest.mark.parametrize("text", ["", "0", "11", "7.5", "ten"])
def test_invalid_out_of_ten(text: str) -> None:
    with pytest.raises(RowError):
        scales.out_of_ten(text)


@pytest.mark.parametrize(
    ("text", "best", "stars"),
    [
        ("3.5", 5, 3.5),
        ("3.7", 5, 3.5),
        ("0", 10, 0.5),
        ("7.5", 10, 4.0),
        ("8,5", 10, 4.5),
        ("85", 100, 4.5),
        ("84", 100, 4.0),
        ("3", 100, 0.5),
        ("8/10", 5, 4.0),
        ("4 / 5", 100, 4.0),
        ("90 %", 5, 4.5),
        ("★★★½", 10, 3.5),
        ("½", 10, 0.5),
        ("liked", 10, 4.0),
        ("Thumbs Up", 10, 4.0),
        ("love", 10, 5.0),
        ("👎", 10, 1.5),
    ],
)
def test_any_scale(text: str, best: Scale, stars: float) -> None:
    assert scales.any_of(text, best) == stars


@pytest.mark.parametrize(
    ("texts", "scale"),
    [
        (["1", "4.5", ""], 5),
        (["1", "7"], 10),
        (["55", "100"], 100),
        (["like", "dislike"], 5),
        (["1995", "2001"], None),
        (["Heat", "Fargo", "5"], None),
        ([""], None),
    ],
)
def test_scale_is_inferred_from_the_ratings(texts: list[str], scale: Scale | None) -> None:
    assert scales.scale_of(texts) == scale


@given(st.text(max_size=600), st.sampled_from([5, 10, 100]))
def test_any_text(text: str, best: Scale) -> None:
    for read in (scales.half_stars, scales.out_of_ten, lambda text: scales.any_of(text, best)):
        with suppress(RowError):
            assert read(text) in [half / 2 for half in range(1, 11)]


def test_reason_is_short_for_a_long_text() -> None:
    with pytest.raises(RowError) as caught:
        scales.half_stars("9" * 100_000)
    assert len(str(caught.value)) < 100
