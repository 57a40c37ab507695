"""The actions of the Walkthrough's buttons, with the functions that other pages use.

The story has its own people, whose sessions stay here: the presenter stays logged in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from accounts import demo, login, presenters, sessions
from config import Settings
from db.explore import counts
from db.explore.slices import Slice
from db.queries import interactions, ratings, statistics, users, views
from db.queries.statistics import Totals
from db.queries.users import User
from db.scale import HIGHEST
from pages.parts import film_map, identity
from pages.parts.film_map import Whereabouts
from pages.parts.text import plain
from pages.parts.wording import _, genre_in_text, ngettext
from pages.parts.wording import genre as genre_name
from recsys.data.genres import UnknownGenre
from recsys.models.explanation import Explanation
from recsys.models.styles import Style
from recsys.serving.filters import Filters
from recsys.serving.lists import Served
from recsys.serving.recommender import Recommender
from startup import Services

FIVE = 5
TO_RATE = 3
KNOWN_RATER = 195

_KEPT, _MOST = "12h", 200


class CannotGoOnError(RuntimeError):
    """A step can't be run; the text says why and what to do."""


@dataclass(frozen=True)
class OfGenre:
    """What was typed, and the five films that followed."""

    typed: str
    served: Served


@dataclass(frozen=True)
class WrongGenre:
    """What was typed, and the answer."""

    typed: str
    error: UnknownGenre


@dataclass(frozen=True)
class Person:
    """A person of the story: their account, number of rated films and list at that time.

    `is_logged_in` is off for a rater who has no account to log in to.
    """

    user: User
    rated: int
    served: Served
    is_logged_in: bool = True


@dataclass(frozen=True)
class Change:
    """Two lists, before and after some films were rated."""

    before: Served
    rated: list[int]
    after: Served


@dataclass(frozen=True)
class Why:
    """The contributions to a film's score."""

    movie_id: int
    explanation: Explanation


@dataclass(frozen=True)
class DataSet:
    """The number of ratings, and how often each rating was given (rating, ratings)."""

    totals: Totals
    distribution: pd.DataFrame


@dataclass(frozen=True)
class OnTheMap:
    """The films of the map, and the position of a person of the story."""

    films: pd.DataFrame
    called: str
    who: Whereabouts


@dataclass
class Story:
    """The state of the story: the results of its steps, and the sessions it opened.

    Attributes
    ----------
    step : int
        The step that is shown.
    results : dict
        The results of the steps that were run, by number.
    tokens : dict
        The sessions of the story's people, by the step that opened them.
    """

    step: int = 1
    results: dict[int, Any] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)

    def user(self, engine: Engine, step: int) -> User:
        """Return the person who logged in at a step, as the database knows them now."""
        user = sessions.user_of(engine, self.tokens.get(step))
        if user is None:
            raise CannotGoOnError(
                _(
                    "The account of this story is gone: it was removed, or its session has "
                    "ended. Press Reset and start again."
                )
            )
        return user


def current(settings: Settings) -> Story:
    """Return this browser's story, which survives a reload and which the notes follow."""
    return _of(identity.visitor(settings))


@st.cache_resource(ttl=_KEPT, max_entries=_MOST, show_spinner=False)
def _of(visitor: str) -> Story:  # noqa: ARG001 - what the story is kept under
    return Story()


def stranger(services: Services, _story: Story) -> Served:
    """Return five films for a guest."""
    return services.recommender.recommend(None)


def genre(services: Services, _story: Story) -> OfGenre:
    """Return five films of a genre that is typed carelessly."""
    available = _genres(services.recommender)
    typed = _("sci fi") if "Sci-Fi" in available else genre_in_text(available[0]).lower()
    served = services.recommender.recommend(None, filters=Filters((typed,)))
    return OfGenre(typed, served)


def wrong_genre(services: Services, _story: Story) -> WrongGenre:
    """Ask for an unknown genre: one with two letters swapped."""
    available = _genres(services.recommender)
    right = genre_name("Western" if "Western" in available else available[-1])
    typed = f"{right[:-3]}{right[-2]}{right[-3]}{right[-1]}"
    try:
        services.recommender.recommend(None, filters=Filters((typed,)))
    except UnknownGenre as error:
        return WrongGenre(typed, error)
    raise CannotGoOnError(_("There is a genre “{typed}” after all.").format(typed=typed))


def register(services: Services, story: Story) -> Person:
    """Create an account and log in with its password; delete those of earlier days."""
    _forget(services.recommender, presenters.remove_old(services.engine))
    user, password = presenters.register(services.engine)
    _log_in(services, story, 4, user.email or "", password)
    return _person(services, story.user(services.engine, 4))


def rate(services: Services, story: Story) -> list[int]:
    """Give five stars to the first films of the genre's five; return which."""
    user = story.user(services.engine, 4)
    of_genre: OfGenre = story.results[2]
    chosen = [item.movie_id for item in of_genre.served.items[:TO_RATE]]
    with services.engine.begin() as connection:
        for movie_id in chosen:
            ratings.put(connection, user.id, movie_id, HIGHEST)
    return chosen


def change(services: Services, story: Story) -> Change:
    """Return the new account's five again."""
    newcomer: Person = story.results[4]
    after = services.recommender.recommend(story.user(services.engine, 4))
    return Change(newcomer.served, story.results[5], after)


def why(services: Services, story: Story) -> Why:
    """Return the contributions to the first film's score."""
    changed: Change = story.results[6]
    if not changed.after.items:
        raise CannotGoOnError(_("There is no film left to explain: all of them have been rated."))
    first = changed.after.items[0].movie_id
    return Why(first, services.recommender.explain(story.user(services.engine, 4), first))


def rater(services: Services, story: Story) -> Person:
    """Return a person with many ratings, logged in if there are demo accounts."""
    with services.engine.connect() as connection:
        found = users.by_id(connection, KNOWN_RATER)
        if found is None:
            busiest = interactions.busiest_rater(connection)
            found = None if busiest is None else users.by_id(connection, busiest)
    if found is None:
        raise CannotGoOnError(_("Nobody has rated anything yet: load a data set first."))
    if not found.is_demo or found.email is None:
        return _person(services, found, is_logged_in=False)
    _log_in(services, story, 8, found.email, demo.PASSWORD)
    return _person(services, story.user(services.engine, 8))


def in_style(services: Services, person: Person, style: Style) -> Served:
    """Return the five of the story's rater in another style."""
    if style == person.served.style:
        return person.served
    return services.recommender.recommend(
        _rater(services.engine, current(services.settings), person), style=style
    )


def data_set(services: Services, _story: Story) -> DataSet:
    """Return statistics of the ratings that the model learned from."""
    with services.engine.connect() as connection:
        if views.are_missing(connection):
            raise CannotGoOnError(
                _("The statistics are being computed, once after the first load.")
            )
        return DataSet(statistics.totals(connection), counts.distribution(connection, Slice()))


def on_the_map(services: Services, story: Story) -> OnTheMap:
    """Return the person's position among the films."""
    films = film_map.films_on_it(services)
    if films.empty:
        raise CannotGoOnError(
            _(
                "The current model has no map: it was trained on too few films, or with "
                "little memory. Load a larger data set or free some memory, then train."
            )
        )
    person: Person = story.results[8]
    called = identity.display_name(person.user) if person.is_logged_in else _("This person")
    return OnTheMap(
        films, called, film_map.whereabouts(services, _rater(services.engine, story, person), films)
    )


def reset(services: Services) -> str:
    """Reset: delete the story's account, ratings and sessions; return what was removed."""
    story, engine = current(services.settings), services.engine
    old = presenters.remove_old(engine)
    said = [_("Back at the start.")]
    mine = sessions.user_of(engine, story.tokens.get(4))
    if mine is not None:
        with engine.connect() as connection:
            rated = ratings.count(connection, mine.id)
        presenters.remove(engine, mine)
        said.append(
            ngettext(
                "Removed: {email}, with its {count} rating and its session.",
                "Removed: {email}, with its {count} ratings and its session.",
                rated,
            ).format(email=plain(mine.email or ""), count=rated)
        )
    if old:
        said.append(_("Removed accounts of earlier walkthroughs: {count}.").format(count=len(old)))
    if len(said) == 1:
        said.append(_("There was no account to remove."))
    for token in story.tokens.values():
        sessions.end_session(engine, token)
    _forget(services.recommender, old if mine is None else [*old, mine])
    story.results.clear()
    story.tokens.clear()
    story.step = 1
    return " ".join(said)


def in_order(
    services: Services, steps: Sequence[tuple[int, Callable[[Services, Story], Any]]]
) -> None:
    """Run these steps in order; the results before a failure are kept."""
    story = current(services.settings)
    for number, do in steps:
        story.results[number] = do(services, story)


def _genres(recommender: Recommender) -> list[str]:
    available = recommender.genres()
    if not available:
        raise CannotGoOnError(_("No film here has a genre: load a data set that has them."))
    return available


def _log_in(services: Services, story: Story, step: int, email: str, password: str) -> None:
    _user, story.tokens[step] = login.log_in(
        services.engine,
        services.throttle,
        email=email,
        password=password,
        address=identity.address(),
        session_days=1,
    )


def _rater(engine: Engine, story: Story, person: Person) -> User:
    """Return the rater as the database knows them now; their session may have ended."""
    return story.user(engine, 8) if person.is_logged_in else person.user


def _person(services: Services, user: User, *, is_logged_in: bool = True) -> Person:
    with services.engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    return Person(user, rated, services.recommender.recommend(user), is_logged_in)


def _forget(recommender: Recommender, removed: Sequence[User]) -> None:
    for user in removed:
        recommender.cache.forget(str(user.id))
