"""`python -m recsys recommend`: the films that are recommended to a person."""

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from commands.terminal import WrongUseError, database, print_json, stderr
from config import settings
from db.connection.redis import open_redis
from db.queries import movies, users
from db.queries.movies import AgeRating
from db.queries.statistics import installation
from db.queries.users import User
from recsys.models.results import Recommendation
from recsys.models.styles import Style
from recsys.serving.cache import ListCache
from recsys.serving.filters import MOST_MINUTES, Filters
from recsys.serving.lists import FilterName, Served
from recsys.serving.recommender import Recommender


def recommend_command(
    user: Annotated[str, typer.Argument(help="An email, a user ID, or `stranger` for a guest.")],
    genre: Annotated[str | None, typer.Option(help="One genre, in any spelling.")] = None,
    not_genre: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="A genre that films may not have; may be repeated. By default those that the "
            "account has stored.",
        ),
    ] = None,
    year_from: Annotated[
        int | None, typer.Option(min=1800, max=2200, help="The first year of release.")
    ] = None,
    year_to: Annotated[
        int | None,
        typer.Option(min=1800, max=2200, help="The last year of release, not before the first."),
    ] = None,
    max_minutes: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_MINUTES,
            help="The maximum length of a film; films whose length isn't known are left out. By "
            "default what the account has stored.",
        ),
    ] = None,
    max_age_rating: Annotated[
        AgeRating | None,
        typer.Option(
            help="The maximum age rating of the USA; films without one of these are left out. By "
            "default what the account has stored.",
        ),
    ] = None,
    stream_in: Annotated[
        str | None,
        typer.Option(
            metavar="COUNTRY",
            help="Two letters, as US: only films that can be streamed there, as far as TMDb knows.",
        ),
    ] = None,
    original_language: Annotated[
        str | None,
        typer.Option(metavar="LANGUAGE", help="Two letters, as fr, as far as TMDb knows."),
    ] = None,
    made_in: Annotated[
        str | None,
        typer.Option(
            metavar="COUNTRY",
            help="Two letters, as FR: only films that were made there, as far as TMDb knows.",
        ),
    ] = None,
    style: Annotated[
        Style | None,
        typer.Option(help="How much popularity counts; by default the account's choice."),
    ] = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=100, help="How many films.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Show the films that are recommended to a person."""
    if year_from is not None and year_to is not None and year_from > year_to:
        raise WrongUseError(f"--year-from must not be after --year-to ({year_to}).")
    with database() as engine:
        person = _person(engine, user)
        with engine.connect() as connection:
            cache = ListCache(open_redis(settings()), installation(connection))
        recommender = Recommender(engine, cache)
        stored = recommender.stored_filters(person)
        filters = Filters(
            () if genre is None else (genre,),
            year_from=year_from,
            year_to=year_to,
            not_genres=tuple(not_genre) if not_genre else stored.not_genres,
            max_minutes=stored.max_minutes if max_minutes is None else max_minutes,
            max_age_rating=max_age_rating or stored.max_age_rating,
            stream_in=_two_letters("--stream-in", stream_in, str.upper),
            original_language=_two_letters("--original-language", original_language, str.lower),
            made_in=_two_letters("--made-in", made_in, str.upper),
        )
        served = recommender.recommend(person, filters=filters, limit=limit, style=style)
        with engine.connect() as connection:
            films = movies.by_ids(connection, [item.movie_id for item in served.items])
    if as_json:
        items = [_item(each) for each in served.items]
        print_json({**dataclasses.asdict(served), "items": items})
        return
    if served.model_version is None:
        stderr.print("No model has been trained yet: these are the popular films.")
    labels = {film.id: film.label for film in films}
    for place, item in enumerate(served.items, start=1):
        typer.echo(f"{place}. {labels.get(item.movie_id, item.movie_id)}  {item.score:.2f}")
    if served.relaxations:
        stderr.print(_costs(served), highlight=False, markup=False, soft_wrap=True)


def _costs(served: Served) -> str:
    """Return in words what each filter costs."""
    left = {0: "No film", 1: "Only 1 film"}.get(served.total, f"Only {served.total} films")
    first, *others = (
        f"without {_in_words(each.filter, served.filters)!r} {{}}{each.films:,}"
        for each in served.relaxations
    )
    costs = [first.format("there would be "), *(other.format("") for other in others)]
    return f"{left} left: {', '.join(costs)}."


def _in_words(name: FilterName, filters: Filters) -> str:
    if name == "not_genres":
        return f"not {', '.join(filters.not_genres)}"
    if name == "max_minutes":
        return f"at most {filters.max_minutes} minutes"
    if name == "max_age_rating":
        return f"rated {filters.max_age_rating} at most"
    if name == "years":
        bounds = (("from", filters.year_from), ("to", filters.year_to))
        return " ".join(f"{word} {year}" for word, year in bounds if year is not None)
    if name == "stream_in":
        return f"streams in {filters.stream_in}"
    if name == "original_language":
        return f"in {filters.original_language}"
    if name == "made_in":
        return f"made in {filters.made_in}"
    return " and ".join(filters.genres)


def _two_letters(option: str, typed: str | None, case: Callable[[str], str]) -> str | None:
    if typed is not None and not (len(typed) == 2 and typed.isascii() and typed.isalpha()):
        raise WrongUseError(f"{option} must have two letters, as FR.")
    return None if typed is None else case(typed)


def _person(engine: Engine, user: str) -> User | None:
    if user == "stranger":
        return None
    with engine.connect() as connection:
        if user.isascii() and user.isdigit() and len(user) < 10:
            person = users.by_id(connection, int(user))
        else:
            person = users.by_email(connection, user) if user.isprintable() else None
    if person is None:
        raise WrongUseError(
            f"There is no user {user[:60]!r}: enter an email, a user ID or `stranger`."
        )
    return person


def _item(item: Recommendation) -> dict[str, Any]:
    return {**item._asdict(), "reasons": [reason._asdict() for reason in item.reasons]}
