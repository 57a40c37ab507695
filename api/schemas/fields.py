"""Fields and base classes that several schemas share."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from db.queries.marks import Mark
from db.scale import HIGHEST, LOWEST, STEP
from recsys.models.styles import Style

FILM_ID = Annotated[int, Field(ge=1, le=2_147_483_647, examples=[318])]
STARS = Annotated[
    float, Field(strict=True, ge=LOWEST, le=HIGHEST, multiple_of=STEP, examples=[4.5])
]


def _storable(text: str) -> str:
    """Refuse NUL and unpaired surrogates, which PostgreSQL can't store."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("contains a character that can't be stored")
    return text


# Named types, so that a generated client has one type for each.
StyleName = TypeAliasType("StyleName", Style)
MarkName = TypeAliasType("MarkName", Mark)

Text = Annotated[str, AfterValidator(_storable)]


class Wish(BaseModel):
    """The body of a request; unknown fields are refused because they may be misspelled."""

    model_config = ConfigDict(extra="forbid")
