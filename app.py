"""The ASGI app: pages, API, session routes of the browser, middleware, start-up.

`python serve.py` serves it; `make run` does that.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Mount

import startup
from api.application import middleware
from api.application import routes as api_routes
from api.browser_sessions import routes as browser_routes
from api.compression import CachedFiles, CompressedFilesMiddleware
from api.downloads import routes as downloads
from api.page_head import PageHeadMiddleware
from config import settings
from monitoring.logs import configure_logging
from pages.server import addresses, uploads, widget_states
from pages.server.messages import MessagesMiddleware
from pages.server.uploads import UploadsMiddleware
from pages.shell import head

logger = logging.getLogger("app")


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Start everything in the background, and stop it when the server stops."""
    configure_logging(settings())
    application = startup.current()
    threading.Thread(target=head.prepare, name="first-sight", daemon=True).start()
    forgetting = asyncio.create_task(uploads.forget_those_of_closed_tabs())
    try:
        yield
    finally:
        forgetting.cancel()
        await run_in_threadpool(application.stop)
        startup.use(None)


FOLDER = Path(__file__).parent
fonts = Mount("/fonts", CachedFiles(directory=FOLDER / "pages" / "fonts"))

widget_states.check()
addresses.keep_all()
app = streamlit.App(
    FOLDER / "pages" / "navigation.py",
    routes=[*api_routes, *browser_routes, *downloads, fonts],
    middleware=[
        *middleware(
            https=settings().secure_cookies,
            public_url=settings().public_url,
            allowed_origins=settings().allowed_origins,
        ),
        Middleware(CompressedFilesMiddleware, folder=Path(streamlit.__file__).parent / "static"),
        Middleware(PageHeadMiddleware, describe=head.describe),
        Middleware(MessagesMiddleware),
        Middleware(UploadsMiddleware),
    ],
    lifespan=lifespan,
)
