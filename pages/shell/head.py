"""The head of each page: title, description, styles, fonts and scripts.

Text that is redrawn when its font arrives would move what is below it, so the fonts are
requested at once.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request

from accounts import sessions
from db.queries import details
from db.queries.details import Person
from db.queries.movies import Movie
from i18n.language import Language, Text
from pages.parts import people, search, wording
from pages.parts.wording import _
from pages.shell import nothing_here
from startup import Application, Services

TITLE = "Five Films"
PAGES: Mapping[str, tuple[Text, Text]] = {
    "": (
        Text("For you"),
        Text(
            "Five films for tonight: popular ones at once, your own as soon as you have rated a "
            "few. Ask why, and get an exact answer."
        ),
    ),
    "by_genre": (Text("By genre"), Text("Five films of the genre you choose.")),
    "my_films": (Text("My films"), Text("The films you have rated, seen or saved for later.")),
    "film": (Text("A film"), Text("What a film is, how people rate it, and films like it.")),
    "person": (Text("A person"), Text("The films of a director, a writer or an actor.")),
    "ratings": (Text("Ratings"), Text("How people rate films: the data behind the five.")),
    "map": (Text("Map"), Text("Films liked by the same people, side by side.")),
    "quality": (
        Text("Quality"),
        Text("How good the five are, measured on ratings the model has never seen."),
    ),
    "walkthrough": (
        Text("Walkthrough"),
        Text("How five films are chosen, step by step."),
    ),
    "inspector": (Text("Inspector"), Text("What anyone would be recommended, and why.")),
    "operations": (Text("Operations"), Text("Models, trainings, speed and health.")),
    "account": (Text("Account"), Text("Register, log in, and see who you are.")),
}
"""The title and the description of the page at each path."""

NOTICES = {
    "no-websocket": (
        Text(
            "The page can't connect to its server (WebSocket), so nothing on it works yet. "
            "Reload it. A company network, a VPN or a browser extension may be blocking the "
            "connection."
        ),
        Text(
            "If you run this site: the proxy must forward WebSockets (/_stcore/stream), and "
            "PUBLIC_URL must be {address}. The app's log shows what it refuses; "
            "docs/deploy.md explains how to set up a proxy."
        ),
    ),
    "away": (
        Text(
            "The connection is lost, so nothing can be rated or changed right now. The page "
            "reconnects automatically."
        ),
    ),
    # Files above our limit aren't sent at all: the uploader refuses them.
    "too-large": (
        Text(
            "The file was not uploaded: a proxy in front of this site rejects files of this "
            "size. A zipped CSV file may be small enough."
        ),
        Text(
            "If you run this site: raise the proxy's limit for uploads to 11 MB (nginx: "
            "client_max_body_size 11m). docs/deploy.md has an example."
        ),
    ),
}

_LISTED = ("", "by_genre", "my_films", "ratings", "map", "quality", "walkthrough", "account")
_FOLDER = Path(__file__).parent
_A_DAY = 24 * 60 * 60.0
_FONTS = ("sans", "serif")  # which each page needs first


class Head(NamedTuple):
    """Implements `api.page_head.Head`."""

    language: Language
    title: str
    html: str
    first: str = ""
    status: int = 200
    is_whole: bool = False


def describe(application: Application, request: Request | None) -> Head:
    """Return the head of the requested page; for None, that of any page.

    The pages of a film and a person have its title and facts if the database is available.
    """
    if request is None:
        with wording.in_language("en"):
            return _page(application, "")
    browsers = request.headers.get("accept-language", "").split(",")[0]
    with wording.in_language(wording.of_browser(request.cookies, browsers)):
        path = request.url.path.strip("/")
        if path not in PAGES:
            return _nothing_here(application)
        if path in _ONE_OF_MANY:
            return _of_one(application, path, request.query_params.get("id", ""))
        found = _page(application, path)
        return found if path else found._replace(first=_first(application, request))


def prepare(application: Application) -> None:
    """Build the first page once there are films, before anyone requests it."""
    if application.progress.wait(_A_DAY):
        from pages.shell import first_sight

        with wording.in_language("en"):
            first_sight.html(_names(), application.services)


def number_in(asked: str) -> int | None:
    """Return the number of a film or a person that an address names, if it is valid."""
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 11 and 0 < int(asked) < 2**31
    return int(asked) if is_number else None


def page_title(path: str) -> str:
    """Return the title of the page at a path, in the current language."""
    return f"{_called(path)[0]} · {TITLE}" if path else TITLE


def film_title(film: Movie) -> str:
    """Return the title of a film's page."""
    return f"{wording.label_of(film)} · {TITLE}"


def person_title(person: Person) -> str:
    """Return the title of a person's page."""
    return f"{person.name} · {TITLE}"


def _page(application: Application, path: str) -> Head:
    """Return the head of the page at a path, in the current language."""
    return _head(application, page_title(path), _called(path)[1], path)


def _called(path: str) -> tuple[str, str]:
    """Return the title and description of a page."""
    title, about = PAGES[path]
    return wording.say(title), wording.say(about)


def _nothing_here(application: Application) -> Head:
    """Return the whole page for an unknown address, without Streamlit."""
    called = _("No such page")
    head = _head(application, f"{called} · {TITLE}", _("There is no page at this address"), "")
    offered = [(path, *_called(path)) for path in _LISTED]
    return head._replace(first=nothing_here.html(offered), status=404, is_whole=True)


def _head(application: Application, title: str, about: str, address: str) -> Head:
    properties = {
        "og:site_name": TITLE,
        "og:type": "website",
        "og:title": title,
        "og:description": about,
        "og:locale": {"en": "en_GB", "ru": "ru_RU"}[wording.spoken()],
    }
    public_url = application.settings.public_url
    if public_url is not None:
        properties["og:url"] = f"{public_url}/{quote(address, safe='?=')}"
    described = "".join(
        f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()
    )
    about_it = f'<meta name="description" content="{escape(about)}">'
    return Head(wording.spoken(), escape(title), about_it + described + _of_all())


def _first(application: Application, request: Request) -> str:
    """Return For you as HTML until Streamlit has loaded; empty while there are no films."""
    if not application.progress.has_films:
        return ""
    from pages.shell import (
        first_sight,  # imports everything that pages need, which a start doesn't wait for
    )

    browser = sessions.browser(request.cookies, secure=application.settings.secure_cookies)
    services = application.services
    guest_ratings = services.guests.of(browser.visitor)
    has_chosen = guest_ratings.style is not None or guest_ratings.filters.name is not None
    is_unknown = browser.token is None and guest_ratings.is_empty and not has_chosen
    return first_sight.html(_names(), services if is_unknown and not request.url.query else None)


def _names() -> dict[str, str]:
    """Return the pages' names, by path."""
    return {path: wording.say(PAGES[path][0]) for path in _LISTED}


def _of_one(application: Application, path: str, asked: str) -> Head:
    """Return the head of the page of one film or person, by the number that an address names."""
    if not application.progress.has_films:
        return _page(application, path)  # it can't be looked up
    number = number_in(asked)
    described = None if number is None else _ONE_OF_MANY[path](application.services, number)
    if described is None:
        return _page(application, path)._replace(status=404)
    return _head(application, *described, f"{path}?id={number}")


def _film(services: Services, number: int) -> tuple[str, str] | None:
    film = services.recommender.films([number]).get(number)
    return None if film is None else (film_title(film), _facts(film))


def _person(services: Services, number: int) -> tuple[str, str] | None:
    with services.engine.connect() as connection:
        found = details.person(connection, number)
        films = details.films_of(connection, number)
    return None if found is None else (person_title(found), people.counted(films.values()))


def _facts(film: Movie) -> str:
    return _("{genres} · {stars} of 5 stars · ratings: {ratings}").format(
        genres=", ".join(map(wording.genre_in_text, film.genres)),
        stars="–" if film.mean is None else wording.number(film.mean, ".1f"),
        ratings=wording.number(film.ratings),
    )


_ONE_OF_MANY: Mapping[str, Callable[[Services, int], tuple[str, str] | None]] = {
    "film": _film,
    "person": _person,
}
"""The title and the description of a film or a person, None without one, by the page's path."""


@cache
def _of_all() -> str:
    """Return what all heads have in common."""
    fonts = "".join(
        f'<link rel="preload" href="/fonts/{font}.woff2" as="font" type="font/woff2" crossorigin>'
        for font in _FONTS
    )
    style = "".join((_FOLDER / name).read_text() for name in ("style.css", "cards.css"))
    pages = json.dumps([f"/{path}" for path in PAGES])
    scripts = (
        (_FOLDER / "kept.js").read_text(),
        (_FOLDER / "links.js").read_text().replace("__PAGES__", pages),
        (_FOLDER / "notices.js").read_text().replace("__TEXTS__", wording.in_each_language(_texts)),
        (_FOLDER / "accessibility.js").read_text(),
        (_FOLDER.parent / "walkthrough" / "clicker.js").read_text(),  # here, to hear the first key
        search.script(),
    )
    return f"{fonts}<style>{style}</style>{''.join(f'<script>{each}</script>' for each in scripts)}"


def _texts() -> dict[str, object]:
    """Return the texts of the notices."""
    notices = {kind: [wording.say(text) for text in texts] for kind, texts in NOTICES.items()}
    return notices | {"close": _("Close")}
