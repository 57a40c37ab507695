"""Pictures of films: TMDb's where there is one, else the drawn one, in a place of the same size.

TMDb's lies over the drawn one, which is seen until it is there, and if it can't be loaded. Both are
backgrounds, because browsers mark a broken `img`.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from db.queries import tmdb
from db.queries.movies import Movie
from pages.parts import wording
from pages.parts.posters import poster_address
from startup import Services

_DRAWN = Markup('<img class="poster" alt="" src="{drawn}">')
_OVER = Markup(
    '<span class="poster {shape}" style="background-image: url({theirs}), url({drawn})"></span>'
)


def of_films(services: Services, films: Sequence[Movie]) -> Mapping[int, Markup]:
    """Return the pictures on cards, by film; a backdrop has their shape, a poster is cropped.

    What TMDb hasn't been asked for yet is fetched in the background, for the next time.
    """
    stored: dict[int, tmdb.Pictures] = {}
    if services.tmdb is not None and films:
        numbers = [film.id for film in films]
        with services.engine.connect() as connection:
            stored = tmdb.pictures(connection, numbers)
        services.tmdb.details.ask(
            [each for each in numbers if each not in stored or not stored[each].is_fresh]
        )
    return {film.id: _on_card(film, stored.get(film.id)) for film in films}


def drawn(film: Movie) -> Markup:
    """Return the drawn picture."""
    return _DRAWN.format(drawn=poster_address(film.id, film.genres))


def backdrop(film: Movie) -> Markup:
    """Return TMDb's backdrop over the drawn picture."""
    return _over(film, "backdrop", "wide")


def poster(film: Movie) -> Markup:
    """Return TMDb's whole poster over the drawn picture."""
    return _over(film, f"poster?size=page&language={wording.spoken()}", "tall")


def _over(film: Movie, theirs: str, shape: str) -> Markup:
    return _OVER.format(
        shape=shape,
        drawn=poster_address(film.id, film.genres),
        theirs=f"/api/movies/{film.id}/{theirs}",
    )


def _on_card(film: Movie, stored: tmdb.Pictures | None) -> Markup:
    if stored is not None and stored.has_backdrop:
        return backdrop(film)
    if stored is not None and stored.has_poster:
        return _over(film, f"poster?language={wording.spoken()}", "top")
    return drawn(film)
