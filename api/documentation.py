"""ReDoc without the one image that it would load from another host."""

from functools import cache
from importlib import resources

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_ADDRESS = "/static-offline-docs/redoc.standalone.js"
_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_IMAGE = b"data:,"  # it fails to load, so ReDoc leaves it out
_AN_HOUR = 60 * 60


def ask_no_other_host(app: FastAPI) -> None:
    """Serve ReDoc's script without its vendor's logo, instead of the library's copy."""
    app.router.routes.insert(0, Route(_ADDRESS, _redoc, methods=["GET"]))


async def _redoc(_request: Request) -> Response:
    return Response(
        await run_in_threadpool(_script),
        media_type="text/javascript",
        headers={"cache-control": f"max-age={_AN_HOUR}"},
    )


@cache
def _script() -> bytes:
    file = resources.files("fastapi_offline") / "static" / "redoc.standalone.js"
    return file.read_bytes().replace(_LOGO, _NO_IMAGE)
