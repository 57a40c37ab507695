"""ASGI entry: the dashboard, the handles, the browser's session routes, middleware, start-up.

`streamlit run app.py` serves it; `make run` does that.
"""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import ValidationError

from config import configure_logging, problems, settings
from db import embedded

if __name__ == "app":  # the server imports it; who merely looks at this file starts nothing
    try:
        configure_logging(settings())
    except ValidationError as error:
        sys.stderr.write("\n".join(problems(error)) + "\n")
        sys.exit(2)
    # A new database takes as long to make as the rest to import, and another core.
    embedded.begin(settings())

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import startup
from api.application import middleware
from api.application import routes as api_routes
from api.browser_sessions import routes as browser_routes
from api.page_head import PageHead
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
        *middleware(https=settings().secure_cookies),
        Middleware(PageHead, head=head.html(), title=head.TITLE),
    ],
    lifespan=lifespan,
)
