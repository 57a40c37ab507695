"""What several schemas have in common."""

from typing import Annotated

from pydantic import AfterValidator, Field

FILM_ID = Annotated[int, Field(ge=1, le=2_147_483_647, examples=[318])]


def _storable(text: str) -> str:
    """PostgreSQL stores neither NUL nor half a surrogate pair."""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("has a sign in it that can't be stored")
    return text


Text = Annotated[str, AfterValidator(_storable)]
