"""Well-known films of different genres: what a newcomer is asked about first."""

from collections.abc import Collection

import numpy as np

from recsys.model import Model


def starters(model: Model, n: int, exclude: Collection[int] = ()) -> list[int]:
    """The best-known film of each genre, the best-known genres first, none twice.

    Parameters
    ----------
    model : Model
        Tells how popular films are.
    n : int
        How many; with fewer genres, their second best-known films follow, and so on.
    exclude : collection of int
        Numbers of films that are not asked about.

    Returns
    -------
    list of int
        Film numbers; fewer than n only when there are no more films with a genre.
    """
    mask = model.catalogue.genre_mask & ~np.isin(model.movie_ids, list(exclude))[:, None]
    genres = np.argsort(-(np.log1p(model.likes) @ mask), kind="stable")
    rankings = [
        iter(by_popularity[mask[by_popularity, genre]])
        for by_popularity in [np.argsort(-model.likes, kind="stable")]
        for genre in genres
    ]
    chosen: dict[int, None] = {}
    while rankings and len(chosen) < n:
        for ranking in list(rankings):
            film = next((int(each) for each in ranking if int(each) not in chosen), None)
            if film is None:
                rankings.remove(ranking)
            elif len(chosen) < n:
                chosen[film] = None
    return [int(model.movie_ids[film]) for film in chosen]
