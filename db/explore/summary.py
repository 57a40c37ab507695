"""What the filters leave, in one line: ratings, people, films and the mean."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from db.explore.films import of_films
from db.explore.filters import Slice


@dataclass(frozen=True)
class Summary:
    """The ratings that count.

    Attributes
    ----------
    ratings, films : int
        How many there are, and of how many films.
    mean : float or None
        In stars; None without a rating.
    people : int
        Who gave them; an estimate where `sample` is set.
    sample : int or None
        Of how many people drawn at random `people` is an estimate; None where it is exact.
    """

    ratings: int
    films: int
    mean: float | None
    people: int
    sample: int | None


def summary(connection: Connection, chosen: Slice) -> Summary:
    """What the filters leave.

    People can't be summed over kinds of films and years, for the same person may be in several of
    each, so where these are filtered `sampled_ratings` tells what part of all people is left.
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
    # A rating that nobody of the sample gave is somebody's all the same.
    estimate = max(round(people * left / max(sampled, 1)), min(ratings, 1))
    return Summary(ratings, films, mean, min(estimate, ratings), sampled)
