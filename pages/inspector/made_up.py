"""Made-up histories in the form of the address: `1:5,50:4.5`, oldest rating first."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd

from db.scale import STARS
from pages.parts.wording import _

MOST = 100

_RATED = re.compile(r"(\d{1,10}):(\d(?:\.\d)?)", re.ASCII)
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)

Rated = tuple[int, float]


def read(address: str) -> tuple[list[Rated], list[str]]:
    """Return films with their stars, and messages about invalid entries.

    Invalid entries are left out.
    """
    rated: dict[int, float] = {}
    problems = []
    for part in filter(None, map(str.strip, address.split(","))):
        found = _RATED.fullmatch(part)
        if found is None:
            problems.append(
                _("“{part}” is not a film with stars; write it like 50:4.5").format(part=part[:40])
            )
            continue
        film, stars = int(found[1]), float(found[2])
        if stars not in STARS:
            problems.append(
                _("“{part}” has an invalid number of stars; use 0.5, 1, 1.5 … 5").format(part=part)
            )
        elif film in rated:
            problems.append(
                _("“{part}” is a second rating of film {film}").format(part=part, film=film)
            )
        elif len(rated) == MOST:
            problems.append(
                _("“{part}” is beyond the first {most} films").format(part=part, most=MOST)
            )
        else:
            rated[film] = stars
    return list(rated.items()), problems


def write(rated: Sequence[Rated]) -> str:
    """Return the text that `read` reads."""
    return ",".join(f"{film}:{stars:g}" for film, stars in rated)


def history(rated: Sequence[Rated]) -> pd.DataFrame:
    """Return the ratings as models read them, a day apart because only their order counts."""
    return pd.DataFrame(
        {
            "movie_id": pd.Series([film for film, _ in rated], dtype="int64"),
            "rating": pd.Series([stars for _, stars in rated], dtype="float64"),
            "rated_at": pd.Series(
                [_FIRST + timedelta(days=day) for day in range(len(rated))],
                dtype="datetime64[ns, UTC]",
            ),
        }
    )
