"""A summary of a slice: its ratings, users, films and mean."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from db.explore.films import of_films
from db.explore.slices import Slice


@dataclass(frozen=True)
class Summary:
    """Counts and mean of the ratings in a slice.

    Attributes
    ----------
    ratings, films : int
        Number of ratings, and of films with a rating.
    mean : float or None
        In stars; None without a rating.
    people : int
        Number of users who rated; an estimate if `sample` is set.
    sample : int or None
        Size of the random sample of users that `people` is estimated from; None if it is exact.
    """

    ratings: int
    films: int
    mean: float | None
    people: int
    sample: int | None


def summary(connection: Connection, chosen: Slice) -> Summary:
    """Return the summary of a slice.

    Users can't be summed over kinds of films and years, because the same user may be in several of
    them. If these are filtered, the share of users in the slice is estimated from
    `sampled_ratings`.
    """
    ratings, films, mean = connection.execute(
        text(
            "SELECT coalesce(sum(ratings), 0)::bigint, count(*), "
            f"(sum(halves)::float8 / 2 / sum(ratings))::float8 FROM ({of_films(chosen)}) AS each"
        ),
        chosen.values,
    ).one()
    people, sampled, left = connection.execute(
        text(
            f"""
            SELECT (SELECT coalesce(sum(people), 0)::bigint FROM activity_bands
                    WHERE band = ANY(:bands)),
                   count(DISTINCT user_id),
                   count(DISTINCT user_id) FILTER (WHERE {chosen.of_sample()})
            FROM sampled_ratings WHERE band = ANY(:bands)
            """
        ),
        chosen.values,
    ).one()
    if chosen.is_of_all_films and chosen.is_of_all_times:
        return Summary(ratings, films, mean, people, None)
    if people == sampled:
        return Summary(ratings, films, mean, left, None)
    # Ratings have at least one user, even if none of the sample gave any.
    estimate = max(round(people * left / max(sampled, 1)), min(ratings, 1))
    return Summary(ratings, films, mean, min(estimate, ratings), sampled)
