"""Ids, ratings and times in data sets, parsed one by one and as arrays.

Invalid values become numbers that fail every check: 0 for an id, NaN for a rating, -1 for a time.
"""

import re
from datetime import datetime
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from db.loading.report import Reason
from db.scale import HIGHEST, LOWEST, STARS, STEP

MOST_FILM = 2_147_483_647
MOST_USER = 999_999_999
MOST_SECONDS = 7_289_654_399  # the last of the year 2200
LEAST_MILLISECONDS = 100_000_000_000  # in March 1973; as seconds it would be the year 5138

_WHOLE = re.compile("[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{0,15})?|\.[0-9]{1,15}")
_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,15})?(?:[eE]\+?[0-9]{1,2})?")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[ Tt]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)"
    r" ?([Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


class Scale(StrEnum):
    """The highest possible rating, if the user names it."""

    FIVE = "5"
    TEN = "10"
    HUNDRED = "100"


def whole(text: str, most: int = MOST_FILM) -> int | None:
    """Parse an id from 1 to `most`; return None for anything else."""
    text = text.strip()
    found = int(text) if _WHOLE.fullmatch(text) else 0
    return found if 1 <= found <= most else None


def number(text: str) -> int:
    """Parse an id, which may still be too large; return 0 for anything else."""
    text = text.strip(" ")
    return int(text) if _WHOLE.fullmatch(text) else 0


def decimal(text: str) -> float:
    """Parse a rating on any scale; return NaN for anything else."""
    text = text.strip(" ")
    return float(text) if _DECIMAL.fullmatch(text) else np.nan


def moment(text: str) -> float:
    """Parse a time: a number as it is, a date as seconds since 1970; return -1 for anything else.

    Numbers may have decimals and an exponent. Dates are in ISO 8601; they may have a space instead
    of the T, no time of day, or no offset, which means UTC.
    """
    text = text.strip(" ")
    if _NUMBER.fullmatch(text):
        return float(text) if not text.isdecimal() else int(text)
    parts = _MOMENT.fullmatch(text)
    if not parts:
        return -1
    day, clock, offset = parts[1], parts[2] or "00:00", parts[3] or "Z"
    offset = "+00:00" if offset in ("Z", "z", "UTC") else offset
    try:
        found = datetime.fromisoformat(f"{day}T{clock.replace(',', '.')}{offset}").timestamp()
    except (ValueError, OverflowError):
        return -1
    return found // 1 if found <= MOST_SECONDS else -1


def moments(texts: "pd.Series[str]") -> NDArray[np.int64]:
    """Parse dates as `moment` does: seconds since 1970, int64 array; -1 for invalid dates."""
    parsed = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    found = pd.DatetimeIndex(parsed).as_unit("s").asi8
    return np.where(parsed.isna() | (found > MOST_SECONDS), -1, found)


def seconds(times: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.int64]:
    """Convert seconds and milliseconds to whole seconds since 1970; -1 for anything else.

    Each number of twelve digits or more is in milliseconds: as seconds it would be thousands of
    years from now.
    """
    milli = times >= LEAST_MILLISECONDS
    with np.errstate(invalid="ignore"):  # infinity
        found = np.floor_divide(times, np.where(milli, 1000, 1)) if milli.any() else times
    good = (found >= 0) & (found <= MOST_SECONDS)  # false for NaN
    whole_seconds: NDArray[np.int64] = np.where(good, found, -1).astype(np.int64)
    return whole_seconds


def half_stars(ratings: NDArray[np.float64], scale: Scale | None) -> NDArray[np.float64]:
    """Convert ratings to half-stars from 0.5 to 5; NaN for values that aren't on the scale.

    Without a scale they are unchanged. Out of 5, 10 or 100 they are divided by 1, 2 or 20 and
    rounded to the nearest half-star, halves upwards, at least half a star. 0 is invalid out of 5
    and 10, where it means "not rated" in data sets, but valid out of 100.
    """
    best = HIGHEST if scale is None else int(scale)
    ratings = np.where(ratings <= best, ratings, np.nan)
    if scale is None:
        with np.errstate(invalid="ignore", over="ignore"):  # infinity
            good = (ratings >= LOWEST) & (ratings % STEP == 0)
        return np.where(good, ratings, np.nan)
    good = (ratings > 0) | ((ratings == 0) & (scale is Scale.HUNDRED))
    rounded = np.floor(ratings * len(STARS) / best + 0.5) * STEP
    return np.where(good, np.maximum(rounded, LOWEST), np.nan)


def no_rating(scale: Scale | None) -> Reason:
    """Return the reason for rejecting a rating that isn't on this scale."""
    if scale is None:
        return Reason.RATING
    return {
        Scale.FIVE: Reason.RATING_OF_5,
        Scale.TEN: Reason.RATING_OF_10,
        Scale.HUNDRED: Reason.RATING_OF_100,
    }[scale]
