"""What guests rate and mark: kept under their browser's cookie, until they log in."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from accounts.sessions import token_hash
from db.connection.engine import for_reading
from db.queries import guests, marks, ratings, users
from db.queries.guests import NOBODY, Guest
from db.queries.marks import MARKS, Mark
from db.queries.ratings import Own
from db.queries.users import User
from i18n.language import Text
from recsys.models.styles import STYLES, Style

MOST = 500


class TooManyPicksError(ValueError):
    """A visitor has rated as much as can be kept without an account."""

    def __init__(self) -> None:
        super().__init__(Text("more than {most} ratings need an account", most=MOST))


class Rated(Protocol):
    """A rating with its film and time; without a time it is now."""

    @property
    def movie_id(self) -> int: ...

    @property
    def rating(self) -> float: ...

    @property
    def rated_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Picked:
    """What a stranger has told us.

    Attributes
    ----------
    history : DataFrame
        movie_id, rating, rated_at; oldest first.
    marks : mapping of int to "dismissed", "seen" or "later"
        By film, the newest last.
    style : "popular", "balanced" or "adventurous" or None
        What they have chosen.
    guest : str or None
        Names the guest; None for a person who is made up, whose lists aren't kept.
    """

    history: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"movie_id": [], "rating": [], "rated_at": []})
    )
    marks: Mapping[int, Mark] = field(default_factory=dict)
    style: Style | None = None
    guest: str | None = None

    @property
    def told(self) -> Own:
        """The same as an account's is read."""
        dismissed = (film for film, mark in self.marks.items() if mark == "dismissed")
        return Own.of(self.history, self.marks, dismissed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was rated or marked."""
        return self.history.empty and not self.marks

    @property
    def revision(self) -> str:
        """Another one whenever something else is rated or marked, or in another order."""
        rated = list(zip(self.history["movie_id"], self.history["rating"], strict=True))
        told = f"{rated};{sorted(self.marks)};{sorted(self.told.dismissed)}"
        return hashlib.sha256(told.encode()).hexdigest()

    def of(self, movie_id: int) -> float | Mark | None:
        """The rating or mark of a film; None where there is neither."""
        rated = self.history.loc[self.history["movie_id"] == movie_id, "rating"]
        return self.marks.get(movie_id) if rated.empty else float(rated.iloc[0])


NOTHING_PICKED = Picked()


class Picks:
    """Guests' ratings and marks, `MOST` of a guest at the most, for 30 days after the last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, visitor: str | None) -> Picked:
        """What this visitor has told us."""
        if not visitor:
            return NOTHING_PICKED
        who = token_hash(visitor)
        with for_reading(self._engine).connect() as connection:
            return replace(_picked(guests.get(connection, who)), guest=f"guest-{who.hex()[:32]}")

    def put_style(self, visitor: str, style: Style) -> None:
        """Keep the style of a visitor's lists."""
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guests.touch(connection, who)
            guests.set_style(connection, who, style)

    def put(self, visitor: str, movie_id: int, pick: float | Mark) -> float | Mark | None:
        """Keep a rating or a mark, in place of what was picked of the film before.

        Returns
        -------
        float or "dismissed", "seen" or "later" or None
            What that was.

        Raises
        ------
        ValueError
            When it is neither a half-star from 0.5 to 5 nor a mark.
        TooManyPicksError
            When the visitor has rated or marked `MOST` other films.
        """
        if not (pick in MARKS if isinstance(pick, str) else _is_rating(pick)):
            raise ValueError(f"{pick!r} is neither a half-star from 0.5 to 5 nor a mark")
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guests.touch(connection, who)
            before = guests.pick_of(connection, who, movie_id)
            if before is None and guests.count(connection, who) >= MOST:
                raise TooManyPicksError
            guests.put(connection, who, movie_id, pick)
        return before

    def put_many(self, visitor: str, rated: Iterable[Rated], *, replace: bool) -> tuple[int, int]:
        """Keep many ratings, as `bring` does; how many were added, and how many changed."""
        return self.bring(visitor, rated, {}, replace=replace)[:2]

    def bring(
        self,
        visitor: str,
        rated: Iterable[Rated],
        marked: Mapping[int, Mark],
        *,
        replace: bool,
    ) -> tuple[int, int, int]:
        """Keep many ratings and marks, all or none; `replace` also films that are rated already.

        Of several ratings of a film the latest counts, of those the last. A mark gives way to a
        rating; a film that is rated or marked already gets no other mark.

        Returns
        -------
        tuple of int, int and int
            How many ratings were added, how many changed, and how many marks were added.

        Raises
        ------
        TooManyPicksError
            When they would be more than `MOST`.
        """
        now = datetime.now(UTC)
        dated = [(each.rated_at or now, each) for each in rated]
        latest = {
            each.movie_id: (each.rating, when)
            for when, each in sorted(dated, key=lambda pair: pair[0])
        }
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guests.touch(connection, who)
            picked = {each.movie_id: each.pick for each in guests.get(connection, who).picks}
            kept = {movie: what for movie, what in picked.items() if not isinstance(what, str)}
            new = {
                movie: pick
                for movie, pick in latest.items()
                if movie not in kept or (replace and kept[movie] != pick[0])
            }
            if len({*picked, *new, *marked}) > MOST:
                raise TooManyPicksError
            guests.put_many(connection, who, new)
            added_marks = guests.mark_missing(connection, who, marked)
        changed = len(kept.keys() & new.keys())
        return len(new) - changed, changed, added_marks

    def remove(self, visitor: str, movie_id: int) -> float | Mark | None:
        """Take a rating or a mark back, and tell it."""
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            before = guests.pick_of(connection, who, movie_id)
            guests.delete(connection, who, movie_id)
        return before

    def adopt(self, visitor: str | None, user: User) -> int:
        """Make a visitor's picks the account's; where it has its own of a film, that stays.

        So does its style, where it has one.

        Returns
        -------
        int
            How many ratings and marks were added.
        """
        if not visitor:
            return 0
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guest = guests.get(connection, who)
            if guest == NOBODY:
                return 0
            picked = _picked(guest)
            if picked.style is not None and user.style is None:
                users.set_style(connection, user.id, picked.style)
            own = marks.marked_movies(connection, user.id)
            rated = picked.history[~picked.history["movie_id"].isin(own)]
            added = ratings.add_missing(connection, user.id, rated)
            added += marks.add_missing(connection, user.id, picked.marks)
            guests.forget(connection, who)
        return added


def _picked(guest: Guest) -> Picked:
    rated = [each for each in guest.picks if not isinstance(each.pick, str)]
    return Picked(
        pd.DataFrame(
            {
                "movie_id": np.array([each.movie_id for each in rated], np.int64),
                "rating": np.array([each.pick for each in rated], np.float64),
                "rated_at": pd.DatetimeIndex(
                    [each.rated_at for each in rated], dtype="datetime64[us, UTC]"
                ),
            }
        ),
        {each.movie_id: each.pick for each in guest.picks if isinstance(each.pick, str)},
        next((style for style in STYLES if style == guest.style), None),
    )


def _is_rating(number: float) -> bool:
    return math.isfinite(number) and 0.5 <= number <= 5 and float(number * 2).is_integer()
