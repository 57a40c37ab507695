"""The scale of ratings: half-stars from 0.5 to 5; the tables of ratings check the same."""

STEP = 0.5
LOWEST = 0.5
HIGHEST = 5.0

STARS = tuple(half * STEP for half in range(1, 11))
"""All ratings there are, the lowest first."""

LIKE = 4.0
"""A rating of this or more is a like."""

DISLIKE = 2.5
"""A rating of this or less is a dislike."""


def is_on_scale(rating: float) -> bool:
    """Return whether this is a rating: a half-star from 0.5 to 5."""
    return rating in STARS
