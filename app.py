"""ASGI entry: the dashboard, the handles, the browser's session routes, middleware, start-up.

`python serve.py` serves it; `make run` does that.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import startup
from api.application import middleware
from api.application import routes as api_routes
from api.browser_sessions import routes as browser_routes
from api.page_head import PageHead
from config import configure_logging, settings
from pages import head

logger = logging.getLogger("app")


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Start everything in the background, and stop it when the server stops."""
    configure_logging(settings())
    application = startup.current()
    try:
        yield
    finally:
        await run_in_threadpool(application.stop)
        startup.use(None)


app = streamlit.App(
    Path(__file__).parent / "pages" / "navigation.py",
    routes=[*api_routes, *browser_routes],
    middleware=[
        *middleware(https=settings().secure_cookies, public_url=settings().public_url),
        Middleware(PageHead, head=head.html(), title=head.TITLE),
    ],
    lifespan=lifespan,
)
