"""Accounts, logins and sessions."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.schemas.fields import StyleName, Text, Wish
from db.queries.movies import AgeRating
from recsys.serving.filters import MOST_GENRES, MOST_MINUTES


class Registration(Wish):
    """A new account."""

    email: Text = Field(max_length=1000, examples=["jane@example.org"])
    password: Text = Field(max_length=1000, examples=["a fine long sentence"])
    name: Text = Field("", max_length=1000, examples=["Jane Doe"])


class LogIn(Wish):
    """OAuth 2's form, with the email as `username`; scope and client fields are ignored."""

    username: str = Field(examples=["test195@mail.com"])
    password: str = Field(examples=["test"], json_schema_extra={"format": "password"})
    grant_type: Literal["password"] = "password"
    scope: str = ""
    client_id: str | None = None
    client_secret: str | None = None


class Token(BaseModel):
    """The token of a session."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105


class Person(BaseModel):
    """A user; `kind` is known if they have rated something, else cold."""

    email: str | None = Field(examples=["test195@mail.com"])
    name: str
    kind: Literal["known", "cold"]
    ratings: int


class PasswordChange(Wish):
    """The current and the new password."""

    old: Text = Field(max_length=1000)
    new: Text = Field(max_length=1000)


class Leaving(Wish):
    """The account's email, typed to confirm, and its password."""

    confirm: Text = Field(max_length=1000, examples=["jane@example.org"])
    password: Text = Field(max_length=1000, examples=["a fine long sentence"])


class ChosenStyle(Wish):
    """How much popularity counts in the user's lists."""

    style: StyleName


class StoredFilters(Wish):
    """The filters of the user's lists; they replace those stored before."""

    not_genres: list[Annotated[Text, Field(max_length=1000)]] = Field(
        default_factory=list,
        max_length=MOST_GENRES,
        description="Genres that films may not have, in any spelling.",
        examples=[["horror", "musical"]],
    )
    max_minutes: int | None = Field(
        None,
        strict=True,
        ge=1,
        le=MOST_MINUTES,
        description="The maximum length of a film; films whose length isn't known are left out.",
        examples=[120],
    )
    max_age_rating: AgeRating | None = Field(
        None,
        description="The maximum age rating of the USA; films without one of these are left out.",
        examples=["PG-13"],
    )


class OpenSession(BaseModel):
    """A session that hasn't ended."""

    created_at: datetime
    expires_at: datetime
    is_current: bool


class Ended(BaseModel):
    """The number of sessions that were ended."""

    ended: int
