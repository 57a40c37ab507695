"""Film cards: picture, title, genres, how well liked, and what one can say of it.

All cards of a list are one component of Streamlit's, written by `cards.html` and shown by
`cards.js`: as elements of Streamlit's own they would be fifty, and a click three times as slow.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

import startup
from db.connection.engine import for_reading
from db.queries import movies
from db.queries.movies import Movie
from pages.parts import guard, opinions, reasons
from pages.parts.posters import poster_address
from pages.parts.wording import _, genre, ngettext, number
from recsys.models.results import Recommendation
from recsys.models.styles import Style

FILM_PAGE = "film.py"

_HERE = Path(__file__).parent
_TEMPLATE = Environment(loader=FileSystemLoader(_HERE), autoescape=True).get_template(
    "cards.html", globals={"_": _, "genre": genre}
)
_SCRIPT = (_HERE / "cards.js").read_text()
_STARS = ("1", "2", "3", "4", "5")
_FEW = 5  # ratings, of which a share would say nothing


@dataclass(frozen=True)
class _Card:
    """A film as its card shows it; without a sentence why, the card has the film's genres alone."""

    film: Movie
    why: str = ""
    is_new: bool = False

    @property
    def poster(self) -> str:
        return poster_address(self.film.id, self.film.genres)

    @property
    def liking(self) -> Markup:
        return liking(self.film)


def show(items: Sequence[Recommendation], style: Style, *, key: str) -> None:
    """Show the films of a list side by side, each with its reasons; on a phone two in a row."""
    asked = _mount(_recommended(items), key=key, with_stars=True, with_marks=True)
    if asked is not None:
        reasons.show(asked, style)


def show_to_all(
    items: Sequence[Recommendation], *, key: str, new: Collection[int] = frozenset()
) -> None:
    """Show recommended films with nothing to click but their pages; the `new` ones are marked."""
    _mount(_recommended(items, new), key=key)


def show_small(films: Sequence[Movie], *, key: str) -> None:
    """Show films with picture, title, genres and stars alone, six in a row."""
    _mount([_Card(film) for film in films], key=key, most=6, with_stars=True)


def written(items: Sequence[Recommendation]) -> Markup:
    """The cards of a list as `show` shows them, as HTML that does nothing."""
    return Markup(_html(_recommended(items), with_stars=True, with_marks=True))  # noqa: S704 # nosec B704


def liking(film: Movie) -> Markup:
    """How well liked a film is, as HTML."""
    if film.mean is None or not film.ratings:
        return Markup('<span class="quiet">{}</span>').format(_("Nobody has rated it yet"))
    if film.ratings < _FEW:
        words = ngettext("{count} rating", "{count} ratings", film.ratings)
    else:
        words = ngettext(
            "{count} rating, {share} liked it", "{count} ratings, {share} liked it", film.ratings
        )
    share = number(film.likes / film.ratings, ".0%")
    people = words.format(count=number(film.ratings), share=share)
    return Markup('<b>★ {}</b> <span class="quiet">{}</span>').format(
        number(film.mean, ".1f"), people
    )


def _recommended(
    items: Sequence[Recommendation], new: Collection[int] = frozenset()
) -> list[_Card]:
    """Cards of the films that there are, in their order."""
    asked = [item.movie_id for item in items]
    liked = [reason.movie_id for item in items for reason in item.reasons]
    films = {film.id: film for film in _films([*asked, *liked])}
    titles = {number: film.title for number, film in films.items()}
    return [
        _Card(
            films[item.movie_id],
            reasons.sentence(item, titles),
            is_new=item.movie_id in new,
        )
        for item in items
        if item.movie_id in films
    ]


def _films(numbers: Iterable[int]) -> list[Movie]:
    with for_reading(startup.current().engine).connect() as connection:
        return movies.by_ids(connection, list(numbers))


def _mount(
    cards: Sequence[_Card],
    *,
    key: str,
    most: int = 5,
    with_stars: bool = False,
    with_marks: bool = False,
) -> Movie | None:
    """Show cards, `most` in a row, and do what is clicked in them; the film whose Why was."""
    html = _html(cards, most=most, with_stars=with_stars, with_marks=with_marks)
    component = st.components.v2.component(
        "five_films_cards",
        html='<div class="written"></div>',
        js=_SCRIPT,
        isolate_styles=False,
    )
    name = f"{key}_cards"
    with st.container(key=key):
        result = component(
            key=name,
            data={"html": html, "answered": _clicked(name).get("id")},
            on_clicked_change=guard.callback(_say, name),
        )
    clicked = result.clicked or {}
    film = next((card.film for card in cards if card.film.id == clicked.get("film")), None)
    return film if clicked.get("does") == "why" else None


def _html(
    cards: Sequence[_Card], *, most: int = 5, with_stars: bool = False, with_marks: bool = False
) -> str:
    return _TEMPLATE.render(
        cards=cards,
        most=most,
        with_stars=with_stars,
        with_marks=with_marks,
        marks=opinions.marks_with_icons(),
    )


def _clicked(key: str) -> Mapping[str, object]:
    """What was clicked in cards, which this run answers; empty for nothing."""
    state = st.session_state.get(key) or {}
    return state.get("clicked") or {}


def _say(key: str) -> None:
    """Keep the opinion that was clicked, before the page runs and asks for films."""
    clicked = _clicked(key)
    done = f"{key}_done"
    if clicked.get("id") is not None and clicked["id"] == st.session_state.get(done):
        return  # told again, for the answer was lost
    st.session_state[done] = clicked.get("id")
    does = str(clicked["does"])
    opinion = float(does) if does in _STARS else opinions.mark_called(does)
    if opinion is not None:
        movie_id = int(str(clicked["film"]))
        film = startup.current().recommender.titles([movie_id]).get(movie_id)
        if film is not None:
            opinions.say(film.id, film.label, opinion)
