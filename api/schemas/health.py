"""How each part is."""

from pydantic import BaseModel


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
