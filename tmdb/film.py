"""What TMDb says of a film, as far as it is shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from i18n.language import Language

Kind: TypeAlias = Literal["stream", "rent", "buy"]

Size: TypeAlias = Literal["w342", "w500", "w780"]
"""The width of a picture in pixels."""

IMAGE_PATH = re.compile(r"/[A-Za-z0-9]+\.(jpg|png)")
"""The only form of a picture's path that is ever requested."""


KEPT_DAYS = 180
"""How long TMDb permits storing what it says, and its pictures: six months."""


@dataclass(frozen=True)
class Offer:
    """Where a film can be seen in a country (two letters), and how."""

    country: str
    kind: Kind
    provider_id: int
    provider: str


@dataclass(frozen=True)
class Words:
    """What is particular to a language; `trailer` is the key of a video on YouTube."""

    plot: str | None = None
    tagline: str | None = None
    trailer: str | None = None
    poster: str | None = None


@dataclass(frozen=True)
class Film:
    """A film; pictures are paths, countries have two letters."""

    tmdb_id: int
    backdrop: str | None = None
    original_language: str | None = None
    countries: tuple[str, ...] = ()
    words: Mapping[Language, Words] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
