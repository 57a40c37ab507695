"""The actions of the Walkthrough's buttons, with the functions that other pages use."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Engine

from accounts import demo, login, presenters
from db.explore import counts
from db.explore.slices import Slice
from db.queries import interactions, ratings, statistics, users, views
from db.queries.statistics import Totals
from db.queries.users import User
from db.scale import HIGHEST
from pages.parts import film_map, identity
from pages.parts.film_map import Whereabouts
from pages.parts.wording import _, genre_in_text
from pages.parts.wording import genre as genre_name
from pages.walkthrough.story import CannotGoOnError, Story, current, forget_lists
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
    forget_lists(services.recommender, presenters.remove_old(services.engine))
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
