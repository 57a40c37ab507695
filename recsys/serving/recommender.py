"""The recommender: the active model, histories and the cache combined."""

import time
from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from cachetools import TTLCache
from sqlalchemy import Engine

from db.queries.histories import History
from db.queries.movies import Extent, Movie
from db.queries.users import User
from recsys.models.explanation import Explanation, explain
from recsys.models.positions import places
from recsys.models.results import UNEXPLAINED, Recommendation
from recsys.models.styles import Style
from recsys.serving import people
from recsys.serving.active import Active
from recsys.serving.cache import EXPLAINED, LIST_LENGTH, ListCache
from recsys.serving.current import CurrentModel
from recsys.serving.film_cache import FilmCache
from recsys.serving.filters import Filters, matching
from recsys.serving.guests import NO_GUEST_RATINGS, GuestRatings
from recsys.serving.histories import history_of
from recsys.serving.kept_lists import KeptList
from recsys.serving.lists import FEW, Served, served, style_of, whole_length
from recsys.serving.onboarding import onboarding_films
from recsys.serving.relaxations import with_relaxations

MOST_ANSWERS = 2_000
ANSWERS_LAST_SECONDS = 60.0


class Recommender:
    """The source of lists; follows the active model version (`recsys.serving.current`).

    Parameters
    ----------
    engine : Engine
    cache : ListCache

    Attributes
    ----------
    cache : ListCache
    answers : TTLCache
        Complete responses in this process. Like lists in Redis, their keys contain everything they
        depend on, so that none is ever stale.
    answers_lock : Lock
        Held while `answers` is read, too: it orders them by their last use.
    """

    def __init__(self, engine: Engine, cache: ListCache) -> None:
        self._engine = engine
        self.cache = cache
        self.answers: TTLCache[Hashable, Any] = TTLCache(MOST_ANSWERS, ANSWERS_LAST_SECONDS)
        self.answers_lock = Lock()
        self._current = CurrentModel(engine)
        self._films = FilmCache(None)

    def recommend(
        self,
        user: User | None,
        *,
        guest_ratings: GuestRatings = NO_GUEST_RATINGS,
        filters: Filters | None = None,
        limit: int = 5,
        offset: int = 0,
        exclude: Collection[int] = (),
        style: Style | None = None,
    ) -> Served:
        """Recommend the best films that this person has neither rated nor marked.

        Parameters
        ----------
        user : User or None
            As just read from the database: its `ratings_revision` selects the cached list.
        guest_ratings : GuestRatings
            Guest ratings and marks; ignored for a user.
        filters : Filters, optional
            By default `stored_filters`.
        limit : int
            How many films.
        offset : int
            How many of the best films to skip; a list ends after `LIST_LENGTH`.
        exclude : collection of int
            Films not to list, in addition to rated and marked ones.
        style : "popular", "balanced" or "adventurous", optional
            By default `style_of`.

        Returns
        -------
        Served

        Raises
        ------
        recsys.data.genres.UnknownGenre
            If no film has one of the genres; it names the available ones.
        """
        started = time.perf_counter()
        active = self._current.get()
        stored = people.stored_filters(user, guest_ratings, active.model.genres)
        filters = (filters or stored).resolved(active.model.genres)
        style = style or style_of(user, guest_ratings)
        end = min(offset + limit, LIST_LENGTH)

        whose = None if exclude else people.cache_key(user, guest_ratings, filters, stored)
        genre = Filters(filters.genres).name
        kept = self.cache.get(active.label, *whose, style, genre) if whose else None
        if kept is not None:
            given = self.from_kept(
                kept, user, active, started, style, guest_ratings=guest_ratings, limit=end
            )
            given = replace(given, items=given.items[offset:], filters=filters)
            if given.total >= FEW:
                return given
            own = people.history(self._engine, user, guest_ratings)
            return with_relaxations(given, self._engine, active, filters, own, exclude)
        own = people.history(self._engine, user, guest_ratings)
        # A list that isn't cached needs no more films than requested.
        if not self.cache.takes_lists():
            whose = None
        length = end if whose is None else LIST_LENGTH
        only = matching(self._engine, filters)
        out = active.absent.union(own.marked, exclude)
        items = active.model.recommend(
            history_of(own),
            k=length,
            exclude=out,
            only=only,
            style=style,
            explained=max(EXPLAINED, end),
        )
        if whose is not None:
            self.cache.put(active.label, *whose, style, genre, items)
        total = whole_length(active.model, only, out, own.movie_ids)
        has_rated = len(own.movie_ids) > 0
        given = served(active, has_rated, items[offset:end], started, style, total=total)
        return with_relaxations(given, self._engine, active, filters, own, exclude)

    def from_kept(
        self,
        kept: KeptList,
        user: User | None,
        active: Active,
        started: float,
        style: Style,
        *,
        guest_ratings: GuestRatings = NO_GUEST_RATINGS,
        limit: int,
    ) -> Served:
        """Return a cached list as `recommend` does; `started` as in `served`."""
        has_rated, answered = people.answered(self._engine, user, guest_ratings, kept.movie_ids)
        items = kept.items(without=answered, limit=limit, new=active.model.new_ids)
        if any(item.basis == UNEXPLAINED for item in items):
            history = history_of(people.history(self._engine, user, guest_ratings))
            items = active.model.explain_each(history, items, style)
        total = len(kept.rows) - len(answered)
        return served(active, has_rated, items, started, style, total=total, cached=True)

    def recommend_without(
        self,
        user: User | None,
        films: Collection[int],
        *,
        guest_ratings: GuestRatings = NO_GUEST_RATINGS,
        filters: Filters | None = None,
        limit: int = 5,
        explained: int | None = None,
        style: Style | None = None,
    ) -> list[Recommendation]:
        """Return the list without the ratings and marks of these films; nothing is cached.

        The films themselves aren't listed. With `explained`, only that many of the first films have
        reasons. Other arguments are as in `recommend`.
        """
        active = self._current.get()
        own = people.history(self._engine, user, guest_ratings)
        stay = ~np.isin(own.movie_ids, list(films))
        without = History(
            own.movie_ids[stay],
            own.stars[stay],
            own.times[stay],
            own.marked,
            own.dismissed - set(films),
        )
        filters = filters or self.stored_filters(user, guest_ratings)
        return active.model.recommend(
            history_of(without),
            k=limit,
            exclude=active.absent.union(own.marked, films),
            only=matching(self._engine, filters.resolved(active.model.genres)),
            style=style or style_of(user, guest_ratings),
            explained=limit if explained is None else explained,
        )

    def explain(
        self,
        user: User | None,
        movie_id: int,
        *,
        guest_ratings: GuestRatings = NO_GUEST_RATINGS,
        style: Style | None = None,
    ) -> Explanation:
        """Return the contributions to a film's score; `style` is as in `recommend`.

        `recsys.models.results.UnknownMovie` is raised if the active model doesn't know the film.
        """
        history = history_of(people.history(self._engine, user, guest_ratings))
        return explain(
            self._current.get().model, history, movie_id, style or style_of(user, guest_ratings)
        )

    def onboarding_films(
        self,
        user: User | None,
        n: int,
        *,
        guest_ratings: GuestRatings = NO_GUEST_RATINGS,
        listed: Collection[int] = (),
        passed: Collection[int] = (),
        shown: Sequence[int] = (),
    ) -> list[int]:
        """Return n onboarding films that the person has neither rated nor marked.

        `listed` has films that are recommended on the same page; `passed` and `shown` are as in
        `recsys.serving.onboarding.onboarding_films`, the rest as in `recommend`.
        """
        active = self._current.get()
        own = people.history(self._engine, user, guest_ratings)
        return onboarding_films(
            active.model,
            n,
            history_of(own),
            exclude=active.absent.union(own.marked, listed),
            passed=passed,
            shown=shown,
        )

    def similar(self, movie_id: int, limit: int) -> list[Recommendation]:
        """Return films similar to this one; none before the first training.

        `recsys.models.results.UnknownMovie` is raised if the active model doesn't know the film.
        """
        active = self._current.get()
        if not active.is_trained:
            return []
        return active.model.similar(movie_id, limit)

    def places(self) -> pd.DataFrame:
        """Return the films on the map: movie_id, x, y; no rows if the model has no map."""
        active = self._current.get()
        return places(active.model, active.absent)

    def films(self, movie_ids: Collection[int]) -> dict[int, Movie]:
        """Return these films by ID, in this order; those that don't exist are skipped.

        Their statistics may be a minute older than those in the database.
        """
        return self._current_films().get(self._engine, movie_ids)

    def extent(self) -> Extent:
        """Return the range of years and the maximum number of ratings at the last data load."""
        return self._current_films().extent(self._engine)

    def stored_filters(
        self, user: User | None, guest_ratings: GuestRatings = NO_GUEST_RATINGS
    ) -> Filters:
        """Return the filters that the account or the visitor has stored."""
        return people.stored_filters(user, guest_ratings, self.genres())

    def genres(self) -> list[str]:
        """Return the genres that lists can be restricted to."""
        return self._current.get().model.genres

    def active(self) -> Active:
        """Return the active model itself, for inspection."""
        return self._current.get()

    def active_without_query(self) -> Active | None:
        """Return the active model without a query; None if it is time to check for a newer one."""
        return self._current.get_without_query()

    def is_trained(self) -> bool:
        """Return whether the active model is trained; before the first training it isn't."""
        return self._current.get().is_trained

    def version(self) -> str | None:
        """Return the version of the active model; None while films are ranked by popularity."""
        return self._current.get().version

    def _current_films(self) -> FilmCache:
        load, films = self._current.get().state.load, self._films
        if not films.are_of(load):
            self._films = films = FilmCache(load)
        return films
