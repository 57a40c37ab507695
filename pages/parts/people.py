"""What people do in films, in words."""

from collections import Counter
from collections.abc import Iterable
from typing import get_args

from db.queries.details import Role
from db.queries.movies import Movie
from pages.parts.wording import _, ngettext, number


def made_by(film: Movie) -> list[str]:
    """Return who directed a film and who is in it, as far as they are known."""
    known = ((_("Directed by {names}"), film.directors), (_("With {names}"), film.leads))
    return [words.format(names=", ".join(names)) for words, names in known if names]


def roles(of: Iterable[Role]) -> str:
    """Return roles as a list, "Director, writer"; empty for none."""
    return ", ".join(map(_name, of)).capitalize()


def counted(of_films: Iterable[Iterable[Role]]) -> str:
    """Return how many films a person has in each role, "Director: 12 films · Cast: 1 film"."""
    found = Counter(role for of_film in of_films for role in of_film)
    return " · ".join(_many(role, found[role]) for role in get_args(Role) if found[role])


def _many(role: Role, films: int) -> str:
    count = ngettext("{count} film", "{count} films", films).format(count=number(films))
    return f"{_name(role)}: {count}"


def _name(role: Role) -> str:
    names = {
        "director": ngettext("Director", "Directors", 1),
        "writer": ngettext("Writer", "Writers", 1),
        "cast": _("Cast"),
    }
    return names[role]
