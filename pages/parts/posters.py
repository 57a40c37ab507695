"""Pictures for films, drawn from their genres and numbers; nothing is downloaded.

A film always has the same picture, on a canvas of 400 by 300. Its most specific genre sets
the motif and the upper colour, the next one the lower colour.
"""

import base64
from collections.abc import Sequence
from random import Random

from pages.parts import motifs
from pages.parts.motifs import HEIGHT, WIDTH, Motif

# From the most specific genre to the least: the first one that a film has sets its picture.
_STYLES: dict[str, tuple[str, str, str, Motif]] = {
    # genre: upper colour, lower colour, ink, motif
    "Film-Noir": ("#3c4148", "#101215", "#e9e4d4", motifs.spotlight),
    "Western": ("#e8a04c", "#8c3b1c", "#ffe3b0", motifs.desert),
    "War": ("#6d7350", "#2d3021", "#d8d6b4", motifs.chevrons),
    "Musical": ("#7d3a8c", "#331542", "#f7e9ff", motifs.keys),
    "Documentary": ("#3f7d7a", "#173433", "#dff3ee", motifs.viewfinder),
    "Animation": ("#19a0b8", "#0c4f7a", "#fff3c4", motifs.bubbles),
    "Horror": ("#6b1016", "#120608", "#e3392f", motifs.teeth),
    "Sci-Fi": ("#22308c", "#0a0d2e", "#9fd8ff", motifs.planet),
    "Fantasy": ("#5a3ea6", "#1d1247", "#f5dc8f", motifs.night_sky),
    "Mystery": ("#1f4a55", "#0b1c22", "#c9b98a", motifs.keyhole),
    "Children": ("#f08a4b", "#d2495d", "#fff1d6", motifs.balloons),
    "Crime": ("#4a4453", "#17141d", "#e2b455", motifs.blinds),
    "Romance": ("#d8577c", "#7a1f45", "#ffe1e4", motifs.two_circles),
    "Adventure": ("#3f9464", "#12423a", "#f6e7b2", motifs.mountains),
    "Thriller": ("#8a2c1d", "#2a0f0c", "#f4c095", motifs.vertigo),
    "Action": ("#d9541e", "#5d1409", "#ffd9a0", motifs.speed_lines),
    "Comedy": ("#f0b429", "#cf6a17", "#fffbe8", motifs.confetti),
    "Drama": ("#7c4a52", "#321c2a", "#f0cfc0", motifs.curtain),
    "IMAX": ("#3d5a80", "#14213d", "#e0ecf8", motifs.big_screen),
}
_PLAIN: tuple[str, str, str, Motif] = ("#6b6b74", "#2d2d35", "#e8e6e1", motifs.big_screen)


def poster(movie_id: int, genres: Sequence[str]) -> str:
    """Draw a film's picture.

    Parameters
    ----------
    movie_id : int
    genres : sequence of str

    Returns
    -------
    str
        An SVG document of 400 by 300.
    """
    random = Random(movie_id)  # noqa: S311 - a picture, not a secret
    styles = [style for genre, style in _STYLES.items() if genre in genres] or [_PLAIN]
    upper, _, ink, motif = styles[0]
    _, lower, _, _ = styles[min(1, len(styles) - 1)]
    turn = random.uniform(-20, 20)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1" '
        f'gradientTransform="rotate({turn:.0f} 0.5 0.5)">'
        f'<stop offset="0" stop-color="{upper}"/><stop offset="1" stop-color="{lower}"/>'
        f"</linearGradient></defs>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#g)"/>{motif(random, ink)}</svg>'
    )


def poster_address(movie_id: int, genres: Sequence[str]) -> str:
    """Return the picture as a data URL for an `img` element."""
    drawing = base64.b64encode(poster(movie_id, genres).encode()).decode()
    return f"data:image/svg+xml;base64,{drawing}"
