"""What is said when something is wrong."""

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """Every error says what is wrong, and what to do."""

    detail: str = Field(examples=["That email and password don't go together."])


class InvalidFields(Problem):
    """Fields that won't do, each with what is wrong with it."""

    fields: dict[str, str] = Field(examples=[{"limit": "must be 1 or more"}])


class UnknownGenreProblem(Problem):
    """No film has the genre; these there are."""

    available_genres: list[str] = Field(examples=[["Action", "Comedy", "Western"]])
    did_you_mean: str | None = Field(examples=["Western"])
