"""Film cards: picture, title, genres, mean rating, and buttons for one's own opinion.

All cards of a list are one component of Streamlit's, written by `cards.html` and shown by
`cards.js`: built from Streamlit's elements there would be fifty, and a click three times as slow.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from db.queries.movies import Movie
from pages.parts import guard, opinions, people, pictures, reasons
from pages.parts.wording import _, genre, label_of, ngettext, number, title_of, year_and_length
from recsys.models.results import Recommendation
from recsys.models.styles import Style
from recsys.serving.recommender import Recommender
from startup import Services

_HERE = Path(__file__).parent
_TEMPLATE = Environment(loader=FileSystemLoader(_HERE), autoescape=True).get_template(
    "cards.html", globals={"_": _, "genre": genre, "title_of": title_of}
)
_SCRIPT = (_HERE / "cards.js").read_text()
_STARS = ("1", "2", "3", "4", "5")
_FEW = 5  # ratings; a mean of fewer means nothing


@dataclass(frozen=True)
class _Card:
    """A film as its card shows it; without a reason the card shows only its genres.

    Attributes
    ----------
    film : Movie
    why : str
        The main reason.
    is_new : bool
        Whether the list didn't have the film before.
    is_unknown : bool
        Whether the film was loaded after the training of the model.
    lines : tuple of str
        What else to say below the title.
    """

    film: Movie
    why: str = ""
    is_new: bool = False
    is_unknown: bool = False
    lines: tuple[str, ...] = ()

    @property
    def year_and_length(self) -> str:
        return year_and_length(self.film)

    @property
    def liking(self) -> Markup:
        return liking(self.film)

    @property
    def made_by(self) -> list[str]:
        return people.made_by(self.film)


def show(services: Services, items: Sequence[Recommendation], style: Style, *, key: str) -> None:
    """Show the films of a list side by side, each with its reasons; on a phone two in a row."""
    found = _recommended(services.recommender, items)
    asked = _mount(services, found, key=key, with_stars=True, with_marks=True)
    if asked is not None:
        reasons.show(services, asked, style)


def show_to_all(
    services: Services,
    items: Sequence[Recommendation],
    *,
    key: str,
    new: Collection[int] = frozenset(),
) -> None:
    """Show recommended films whose cards only link to their pages; mark the `new` ones."""
    _mount(services, _recommended(services.recommender, items, new), key=key)


def show_small(
    services: Services,
    films: Sequence[Movie],
    *,
    key: str,
    lines: Mapping[int, tuple[str, ...]] | None = None,
) -> None:
    """Show films with picture, title, genres and stars alone, six in a row.

    `lines` has what else to say of films, by their numbers.
    """
    cards = [_Card(film, lines=(lines or {}).get(film.id, ())) for film in films]
    _mount(services, cards, key=key, most=6, with_stars=True)


def written(services: Services, items: Sequence[Recommendation]) -> Markup:
    """Return the cards of a list, as `show` draws them, as static HTML."""
    found = _recommended(services.recommender, items)
    return Markup(_html(services, found, with_stars=True, with_marks=True))  # noqa: S704 # nosec B704


def liking(film: Movie) -> Markup:
    """Return a film's mean rating and number of ratings as HTML."""
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
    recommender: Recommender,
    items: Sequence[Recommendation],
    new: Collection[int] = frozenset(),
) -> list[_Card]:
    """Return cards of the films that exist, in their order."""
    asked = [item.movie_id for item in items]
    liked = [reason.movie_id for item in items for reason in item.reasons]
    films = recommender.films([*asked, *liked])
    titles = {number: title_of(film) for number, film in films.items()}
    return [
        _Card(
            films[item.movie_id],
            reasons.sentence(item, titles),
            is_new=item.movie_id in new,
            is_unknown=item.is_new,
        )
        for item in items
        if item.movie_id in films
    ]


def _mount(
    services: Services,
    cards: Sequence[_Card],
    *,
    key: str,
    most: int = 5,
    with_stars: bool = False,
    with_marks: bool = False,
) -> Movie | None:
    """Show cards, `most` in a row, and handle clicks; return the film whose Why was clicked."""
    html = _html(services, cards, most=most, with_stars=with_stars, with_marks=with_marks)
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
            on_clicked_change=guard.callback(_say, services, name),
        )
    clicked = result.clicked or {}
    film = next((card.film for card in cards if card.film.id == clicked.get("film")), None)
    return film if clicked.get("does") == "why" else None


def _html(
    services: Services,
    cards: Sequence[_Card],
    *,
    most: int = 5,
    with_stars: bool = False,
    with_marks: bool = False,
) -> str:
    return _TEMPLATE.render(
        cards=cards,
        with_people=any(card.made_by for card in cards),
        pictures=pictures.of_films(services, [card.film for card in cards]),
        most=most,
        with_stars=with_stars,
        with_marks=with_marks,
        marks=opinions.marks_with_icons(),
    )


def _clicked(key: str) -> Mapping[str, object]:
    """Return the click in the cards that this run answers; empty without one."""
    state = st.session_state.get(key) or {}
    return state.get("clicked") or {}


def _say(services: Services, key: str) -> None:
    """Store the clicked opinion before the page runs and asks for films."""
    clicked = _clicked(key)
    done = f"{key}_done"
    if clicked.get("id") is not None and clicked["id"] == st.session_state.get(done):
        return  # sent again, because the answer was lost
    st.session_state[done] = clicked.get("id")
    does = str(clicked["does"])
    opinion = float(does) if does in _STARS else opinions.mark_called(does)
    if opinion is not None:
        movie_id = int(str(clicked["film"]))
        film = services.recommender.films([movie_id]).get(movie_id)
        if film is not None:
            opinions.say(services, film.id, label_of(film), opinion)
