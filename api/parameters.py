"""Path and query parameters that several endpoints share."""

import re
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import Depends, Path, Query
from pydantic import AfterValidator

from api.schemas.fields import StyleName, Text
from api.validation import InvalidFieldsError
from db.queries.movies import AgeRating
from recsys.serving.filters import MOST_GENRES, MOST_MINUTES

_MINUTES = re.compile(r"[1-9]\d{0,3}", re.ASCII)
ANY: Literal["any"] = "any"

MovieId = Annotated[int, Path(ge=1, le=2_147_483_647, examples=[318])]

Genre = Annotated[Text, Query(max_length=1000, description="In any spelling.", examples=["action"])]
Genres = Annotated[
    list[Annotated[Text, Query(max_length=1000)]] | None,
    Query(alias="genre", max_length=MOST_GENRES, description="In any spelling; may be repeated."),
]


def _names(listed: list[str] | None) -> list[str] | None:
    """Split names at commas, so that they may be given in one parameter or in several."""
    if listed is None:
        return None
    names = [name for part in listed for name in part.split(",") if name.strip()]
    if len(names) > MOST_GENRES:
        raise ValueError(f"must name at most {MOST_GENRES} genres")
    return names


NotGenres = Annotated[
    list[Annotated[Text, Query(max_length=1000)]] | None,
    AfterValidator(_names),
    Query(
        max_length=MOST_GENRES,
        description="Genres that films may not have, in any spelling, separated by commas; empty "
        "for none. By default those that the account has stored.",
        examples=["horror,musical"],
    ),
]
Match = Annotated[
    Literal["any", "all"], Query(description="Whether a film needs any of the genres or all.")
]
LeastRatings = Annotated[
    int, Query(ge=0, le=2_147_483_647, description="The least number of ratings of a film.")
]


def _minutes_or_any(text: str) -> str:
    if text != ANY and not (_MINUTES.fullmatch(text) and 1 <= int(text) <= MOST_MINUTES):
        raise ValueError(f"must be a number of minutes from 1 to {MOST_MINUTES}, or {ANY}")
    return text


MaxMinutes = Annotated[
    str | None,
    AfterValidator(_minutes_or_any),
    Query(
        description="The maximum length of a film in minutes; films whose length isn't known are "
        "left out. `any` for films of any length. By default what the account has stored.",
        examples=["120"],
        json_schema_extra={"pattern": f"^({_MINUTES.pattern}|{ANY})$"},
    ),
]
StreamCountry = Annotated[
    str | None,
    Query(
        pattern="^[A-Z]{2}$",
        description="A country, two letters: only films that can be streamed there, as far as TMDb "
        "knows; none if the operator has no key of it.",
        examples=["US"],
    ),
]
OriginalLanguage = Annotated[
    str | None,
    Query(
        pattern="^[a-z]{2}$",
        description="The films' original language, two letters, as far as TMDb knows.",
        examples=["fr"],
    ),
]
MadeIn = Annotated[
    str | None,
    Query(
        pattern="^[A-Z]{2}$",
        description="A country, two letters: only films that were made there, as far as TMDb "
        "knows.",
        examples=["FR"],
    ),
]
MaxAgeRating = Annotated[
    Literal[AgeRating, "any"] | None,
    Query(
        description="The maximum age rating of the USA; films without one of these are left out. "
        "`any` for all films. By default what the account has stored.",
        examples=["PG-13"],
    ),
]


async def _requested_filters(
    not_genres: NotGenres = None,
    max_minutes: MaxMinutes = None,
    max_age_rating: MaxAgeRating = None,
    stream_in: StreamCountry = None,
    original_language: OriginalLanguage = None,
    made_in: MadeIn = None,
) -> dict[str, Any]:
    requested: dict[str, Any] = {
        "stream_in": stream_in,
        "original_language": original_language,
        "made_in": made_in,
    }
    if not_genres is not None:
        requested["not_genres"] = tuple(not_genres)
    if max_minutes is not None:
        requested["max_minutes"] = None if max_minutes == ANY else int(max_minutes)
    if max_age_rating is not None:
        requested["max_age_rating"] = None if max_age_rating == ANY else max_age_rating
    return requested


RequestedFilters = Annotated[dict[str, Any], Depends(_requested_filters)]
"""The requested filters by films' details, by their names in `Filters`; what isn't requested of
those that a user can store isn't there."""

ListStyle = Annotated[
    StyleName | None,
    Query(
        alias="style",
        description="How much popularity counts; by default the account's style, or balanced.",
    ),
]

_NUMBERS = re.compile(r"\d{1,10}(,\d{1,10}){0,499}", re.ASCII)


def _numbers_of_films(text: str) -> str:
    if text and not _NUMBERS.fullmatch(text):
        raise ValueError("must be at most 500 film numbers separated by commas, such as 1,2")
    return text


_AS_NUMBERS: dict[str, Any] = {
    "examples": ["1,2"],
    "json_schema_extra": {"pattern": f"^({_NUMBERS.pattern})?$"},
}

Excluded = Annotated[
    str,
    AfterValidator(_numbers_of_films),
    Query(description="Numbers of films not to list, separated by commas.", **_AS_NUMBERS),
]
Passed = Annotated[
    str,
    AfterValidator(_numbers_of_films),
    Query(
        description="Numbers of films that were shown before and not rated, separated by commas; "
        "other films are listed instead.",
        **_AS_NUMBERS,
    ),
]


def numbers(films: str) -> list[int]:
    """Return the film numbers in `Excluded` or `Passed`."""
    return [int(number) for number in films.split(",") if number]


def _year(description: str) -> Any:
    return Query(ge=1800, le=2200, description=description)


class Period(NamedTuple):
    """The first and the last year; None for no bound."""

    first: int | None
    last: int | None


async def _period(
    year_from: Annotated[int | None, _year("The first year.")] = None,
    year_to: Annotated[int | None, _year("The last year, not before the first.")] = None,
) -> Period:
    if year_from is not None and year_to is not None and year_from > year_to:
        raise InvalidFieldsError({"year_from": f"must not be after year_to ({year_to})"})
    return Period(year_from, year_to)


Years = Annotated[Period, Depends(_period)]
