"""The state of the app and its parts."""

from typing import Literal

from pydantic import BaseModel


class Alive(BaseModel):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class Part(BaseModel):
    """Whether a part works."""

    ok: bool
    detail: str


class Health(BaseModel):
    """Whether this app can serve lists, and the state of each part.

    Without the cache it can, but more slowly.
    """

    ready: bool
    database: Part
    model: Part
    cache: Part
