"""The bodies of error responses."""

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """An error: what is wrong, and what to do."""

    detail: str = Field(examples=["That email and password don't go together."])


class InvalidFields(Problem):
    """Invalid fields, each with what is wrong with it."""

    fields: dict[str, str] = Field(examples=[{"limit": "must be 1 or more"}])


class UnknownGenreProblem(Problem):
    """An unknown genre, and the available ones."""

    available_genres: list[str] = Field(examples=[["Action", "Comedy", "Western"]])
    did_you_mean: str | None = Field(examples=["Western"])
