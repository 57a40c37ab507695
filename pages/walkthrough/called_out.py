"""The last step: three films that the audience calls out, and the five that follow."""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy import Engine

from config import Settings
from db.queries import search
from db.queries.movies import Movie
from db.scale import HIGHEST
from pages.inspector import made_up
from pages.parts import cards, guard
from pages.parts.text import plain
from pages.parts.wording import _, label_of
from pages.walkthrough import story
from pages.walkthrough.story import CannotGoOnError, Story
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from recsys.serving.lists import Served
from recsys.serving.recommender import Recommender
from startup import Services

_KEYS = ("called_1", "called_2", "called_3")


@dataclass(frozen=True)
class Taste:
    """The films that were called out, and the five for a person who loves them."""

    films: list[Movie]
    served: Served


def ask(services: Services) -> None:
    """Show three fields for what the audience calls out."""
    examples = _examples(services.recommender)
    columns = st.columns(len(_KEYS))
    for place, (column, key) in enumerate(zip(columns, _KEYS, strict=True)):
        column.text_input(
            _("Film {number}").format(number=place + 1),
            key=key,
            max_chars=100,
            placeholder=examples[place].title if place < len(examples) else None,
            on_change=guard.callback(_forget, services.settings),
        )


def do(services: Services, _story: Story) -> Taste:
    """Find the films called out, and return the five for a person who loves them."""
    called = [str(st.session_state.get(key) or "").strip() for key in _KEYS]
    films = [_find(services.engine, each) for each in called if each] or _examples(
        services.recommender
    )
    if not films:
        raise CannotGoOnError(_("No film is here yet: load a data set first."))
    loved = dict.fromkeys((film.id for film in films), HIGHEST)
    history = made_up.history([*loved.items()])
    return Taste(films, services.recommender.recommend(None, guest_ratings=GuestRatings(history)))


def show(services: Services, taste: Taste) -> None:
    """Show what was understood, and the five."""
    loved = " · ".join(f"**{plain(label_of(film))}**" for film in taste.films)
    st.markdown(_("If you love {films}, you get:").format(films=loved))
    cards.show_to_all(services, taste.served.items, key="walkthrough")


def _forget(settings: Settings) -> None:
    """Forget the five on show, because other films were called out."""
    results = story.current(settings).results
    for number in [each for each, given in results.items() if isinstance(given, Taste)]:
        del results[number]


def _find(engine: Engine, called: str) -> Movie:
    with engine.connect() as connection:
        found, _total = search.search(connection, query=called, size=1)
    if not found:
        raise CannotGoOnError(
            _("No film has a title like “{called}”. Try another.").format(called=plain(called, 60))
        )
    return found[0]


def _examples(recommender: Recommender) -> list[Movie]:
    """Return three films of one taste: the top of the story's first genre, or of any."""
    genres = ("Sci-Fi",) if "Sci-Fi" in recommender.genres() else ()
    items = recommender.recommend(None, filters=Filters(genres)).items[: len(_KEYS)]
    films = recommender.films([item.movie_id for item in items])
    return [films[item.movie_id] for item in items if item.movie_id in films]
