"""A minimal version of the recommendation service that Five Films replaced.

    uvicorn --factory benchmarks.old_service:create

Each request looks up the user (a token in Redis), then the list in Redis as JSON. On a miss, it
sorts `LightFM.predict` over all films and writes the list to Redis. The service stores no ratings,
so its lists don't change, and it gives no reasons. `OLD_SERVICE_REDIS` is the URL of Redis,
`OLD_SERVICE_MODEL` the file of `save_model`; lists are cached if `OLD_SERVICE_CACHED` is set.
"""

import json
import os
import pickle
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from lightfm import LightFM
from redis import Redis
from scipy.sparse import coo_matrix

from db.scale import LIKE

_token = OAuth2PasswordBearer(tokenUrl="login")


def save_model(ratings: pd.DataFrame, movies: pd.DataFrame, components: int, file: Path) -> None:
    """Fit LightFM to likes and save it with the titles of the films.

    Parameters
    ----------
    ratings : DataFrame
        user_id, movie_id, rating (0.5–5).
    movies : DataFrame
        movie_id, title.
    components : int
        The number of factors, the same as in Five Films.
    file : Path
        The file to write.
    """
    people, rows = np.unique(ratings["user_id"], return_inverse=True)
    columns = np.searchsorted(movies["movie_id"], ratings["movie_id"])
    is_like = (ratings["rating"] >= LIKE).to_numpy()
    seen: list[list[int]] = [[] for _ in people]
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        seen[row].append(column)
    shape = (len(people), len(movies))
    likes = (np.ones(int(is_like.sum()), np.float32), (rows[is_like], columns[is_like]))
    model = LightFM(no_components=components, loss="warp", random_state=42)
    model.fit(coo_matrix(likes, shape=shape), epochs=2)
    numbers, titles = movies["movie_id"].tolist(), movies["title"].tolist()
    kept = (model, {int(person): row for row, person in enumerate(people)}, seen, numbers, titles)
    file.write_bytes(pickle.dumps(kept))


def create() -> FastAPI:
    """Create the service."""
    model, rows, seen, numbers, titles = pickle.loads(
        Path(os.environ["OLD_SERVICE_MODEL"]).read_bytes()
    )
    redis = Redis.from_url(os.environ["OLD_SERVICE_REDIS"])
    is_cached = bool(os.environ.get("OLD_SERVICE_CACHED"))
    films = np.arange(len(numbers), dtype=np.int32)
    app = FastAPI()

    @app.get("/give-rec")
    def give_rec(token: Annotated[str, Depends(_token)], limit: int = 5) -> list[dict[str, Any]]:
        user = redis.get(f"old:token:{token}")
        if user is None:
            raise HTTPException(401)
        kept = redis.get(f"old:list:{int(user)}") if is_cached else None
        if kept is None:
            scores = model.predict(rows[int(user)], films)
            scores[seen[rows[int(user)]]] = -np.inf
            best = np.argsort(-scores)[:100]
            listed = [
                {"movie_id": numbers[film], "title": titles[film], "score": float(scores[film])}
                for film in best.tolist()
            ]
            if is_cached:
                redis.set(f"old:list:{int(user)}", json.dumps(listed))
        else:
            listed = json.loads(kept)
        return listed[:limit]

    return app
