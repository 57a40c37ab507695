"""How each part is."""

from typing import Literal

from pydantic import BaseModel


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Part(BaseModel):
    """Whether a part works."""

    ok: bool
    detail: str


class Health(BaseModel):
    """Whether this app can serve, part by part; without the cache it can, more slowly."""

    ready: bool
    database: Part
    model: Part
    cache: Part
