"""Guest ratings and marks, stored under the browser's cookie until the guest logs in."""

import hashlib
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
from db.queries.histories import History
from db.queries.marks import MARKS, Mark
from db.queries.users import User
from db.scale import is_on_scale
from i18n.language import Text
from recsys.models.styles import STYLES, Style
from recsys.serving.filters import EVERYTHING, Filters

MOST = 500


class TooManyGuestRatingsError(ValueError):
    """A visitor has reached the limit of ratings and marks without an account."""

    def __init__(self) -> None:
        super().__init__(Text("more than {most} ratings need an account", most=MOST))


class Rated(Protocol):
    """A rating with its film and time; no time means now."""

    @property
    def movie_id(self) -> int: ...

    @property
    def rating(self) -> float: ...

    @property
    def rated_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class GuestRatings:
    """The ratings and marks of a guest.

    Attributes
    ----------
    history : DataFrame
        movie_id, rating (0.5–5), rated_at (UTC); oldest first.
    marks : mapping of int to "dismissed", "seen" or "later"
        By film ID, the newest last.
    style : "popular", "balanced" or "adventurous" or None
        The style that the guest has chosen.
    filters : Filters
        The filters that the guest has stored.
    country : str or None
        Where the guest watches films, which no list depends on.
    guest : str or None
        The guest's cache key; None for a hypothetical person, whose lists aren't cached.
    """

    history: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"movie_id": [], "rating": [], "rated_at": []})
    )
    marks: Mapping[int, Mark] = field(default_factory=dict)
    style: Style | None = None
    filters: Filters = EVERYTHING
    country: str | None = None
    guest: str | None = None

    @property
    def as_history(self) -> History:
        """The ratings and marks in the form that accounts have."""
        dismissed = (film for film, mark in self.marks.items() if mark == "dismissed")
        return History.of(self.history, self.marks, dismissed)

    @property
    def is_empty(self) -> bool:
        """Whether there are neither ratings nor marks."""
        return self.history.empty and not self.marks

    @property
    def revision(self) -> str:
        """A hash that changes with the ratings, their order, and the marks."""
        rated = list(zip(self.history["movie_id"], self.history["rating"], strict=True))
        content = f"{rated};{sorted(self.marks)};{sorted(self.as_history.dismissed)}"
        return hashlib.sha256(content.encode()).hexdigest()

    def of(self, movie_id: int) -> float | Mark | None:
        """Return the rating or mark of a film; None if there is neither."""
        rated = self.history.loc[self.history["movie_id"] == movie_id, "rating"]
        return self.marks.get(movie_id) if rated.empty else float(rated.iloc[0])


NO_GUEST_RATINGS = GuestRatings()


class Guests:
    """The store of guest ratings and marks: at most `MOST` each, for 30 days after the last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, visitor: str | None) -> GuestRatings:
        """Return the ratings and marks of this visitor."""
        if not visitor:
            return NO_GUEST_RATINGS
        who = token_hash(visitor)
        with for_reading(self._engine).connect() as connection:
            return replace(
                _guest_ratings(guests.get(connection, who)), guest=f"guest-{who.hex()[:32]}"
            )

    def put_style(self, visitor: str, style: Style) -> None:
        """Store the style of a visitor's lists."""
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guests.touch(connection, who)
            guests.set_style(connection, who, style)

    def put_filters(self, visitor: str, filters: Filters) -> None:
        """Store filters of a visitor's lists: `Filters.stored`, with canonical genre names."""
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guests.touch(connection, who)
            guests.set_filters(connection, who, **filters.stored)

    def put_country(self, visitor: str, country: str) -> None:
        """Store the country in which a visitor watches films."""
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guests.touch(connection, who)
            guests.set_country(connection, who, country)

    def put(self, visitor: str, movie_id: int, opinion: float | Mark) -> float | Mark | None:
        """Store a rating or a mark, replacing an earlier one of the same film.

        Parameters
        ----------
        visitor : str
            The token of the cookie.
        movie_id : int
        opinion : float or "dismissed", "seen" or "later"

        Returns
        -------
        float or "dismissed", "seen" or "later" or None
            The rating or mark that was replaced.

        Raises
        ------
        ValueError
            If it is neither a half-star from 0.5 to 5 nor a mark.
        TooManyGuestRatingsError
            If the visitor has rated or marked `MOST` other films.
        """
        if not (opinion in MARKS if isinstance(opinion, str) else is_on_scale(opinion)):
            raise ValueError(f"{opinion!r} is neither a half-star from 0.5 to 5 nor a mark")
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guests.touch(connection, who)
            before = guests.opinion_on(connection, who, movie_id)
            if before is None and guests.count(connection, who) >= MOST:
                raise TooManyGuestRatingsError
            guests.put(connection, who, movie_id, opinion)
        return before

    def put_many(self, visitor: str, rated: Iterable[Rated], *, replace: bool) -> tuple[int, int]:
        """Store many ratings like `bring`; return how many were added and how many changed."""
        return self.bring(visitor, rated, {}, replace=replace)[:2]

    def bring(
        self,
        visitor: str,
        rated: Iterable[Rated],
        marked: Mapping[int, Mark],
        *,
        replace: bool,
    ) -> tuple[int, int, int]:
        """Store many ratings and marks, all or none.

        If a film has several ratings, the latest counts, and the last of those with equal times. A
        rating replaces a mark; a film that already has a rating or mark gets no other mark.

        Parameters
        ----------
        visitor : str
            The token of the cookie.
        rated : iterable of Rated
        marked : mapping of int to "dismissed", "seen" or "later"
            By film ID.
        replace : bool
            Whether to replace existing ratings.

        Returns
        -------
        tuple of int, int and int
            How many ratings were added, how many changed, and how many marks were added.

        Raises
        ------
        TooManyGuestRatingsError
            If there would be more than `MOST`.
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
            stored = {each.movie_id: each.opinion for each in guests.get(connection, who).ratings}
            kept = {movie: what for movie, what in stored.items() if not isinstance(what, str)}
            new = {
                movie: opinion
                for movie, opinion in latest.items()
                if movie not in kept or (replace and kept[movie] != opinion[0])
            }
            if len({*stored, *new, *marked}) > MOST:
                raise TooManyGuestRatingsError
            guests.put_many(connection, who, new)
            added_marks = guests.mark_missing(connection, who, marked)
        changed = len(kept.keys() & new.keys())
        return len(new) - changed, changed, added_marks

    def remove(self, visitor: str, movie_id: int) -> float | Mark | None:
        """Remove a rating or a mark and return it."""
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            before = guests.opinion_on(connection, who, movie_id)
            guests.delete(connection, who, movie_id)
        return before

    def adopt(self, visitor: str | None, user: User) -> int:
        """Move what a visitor has stored to an account; return how many ratings and marks it added.

        The account's own ratings, marks, style, filters and country take precedence.
        """
        if not visitor:
            return 0
        who = token_hash(visitor)
        with self._engine.begin() as connection:
            guest = guests.get(connection, who)
            if guest == NOBODY:
                return 0
            theirs = _guest_ratings(guest)
            if theirs.style is not None and user.style is None:
                users.set_style(connection, user.id, theirs.style)
            if theirs.filters != EVERYTHING and not user.has_filters:
                users.set_filters(connection, user.id, **theirs.filters.stored)
            if guest.country is not None and user.country is None:
                users.set_country(connection, user.id, guest.country)
            own = marks.marked_movies(connection, user.id)
            rated = theirs.history[~theirs.history["movie_id"].isin(own)]
            added = ratings.add_missing(connection, user.id, rated)
            added += marks.add_missing(connection, user.id, theirs.marks)
            guests.forget(connection, who)
        return added


def _guest_ratings(guest: Guest) -> GuestRatings:
    rated = [each for each in guest.ratings if not isinstance(each.opinion, str)]
    return GuestRatings(
        pd.DataFrame(
            {
                "movie_id": np.array([each.movie_id for each in rated], np.int64),
                "rating": np.array([each.opinion for each in rated], np.float64),
                "rated_at": pd.DatetimeIndex(
                    [each.rated_at for each in rated], dtype="datetime64[us, UTC]"
                ),
            }
        ),
        {each.movie_id: each.opinion for each in guest.ratings if isinstance(each.opinion, str)},
        next((style for style in STYLES if style == guest.style), None),
        Filters.stored_by(guest),
        guest.country,
    )
