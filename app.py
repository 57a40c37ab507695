"""The ASGI app: pages, API, session routes of the browser, middleware, start-up.

`python serve.py` serves it; `make run` does that.
"""

import asyncio
import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Mount

import startup
from api import browser_sessions, downloads
from api.application import middleware
from api.application import routes as api_routes
from api.compression import CachedFiles, CompressedFilesMiddleware
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
    gc.freeze()  # what has been imported stays
    gc.enable()  # serve.py has disabled it
    configure_logging(settings())
    application.start()
    threading.Thread(
        target=head.prepare, args=(application,), name="first-sight", daemon=True
    ).start()
    forgetting = asyncio.create_task(uploads.forget_those_of_closed_tabs())
    try:
        yield
    finally:
        forgetting.cancel()
        await run_in_threadpool(application.stop)


FOLDER = Path(__file__).parent
application = startup.current()
fonts = Mount("/fonts", CachedFiles(directory=FOLDER / "pages" / "fonts"))

widget_states.check()
addresses.keep_all()
app = streamlit.App(
    FOLDER / "pages" / "navigation.py",
    routes=[
        *api_routes(application),
        *browser_sessions.routes(application),
        *downloads.routes(application),
        fonts,
    ],
    middleware=[
        *middleware(
            application,
            https=settings().secure_cookies,
            public_url=settings().public_url,
            allowed_origins=settings().allowed_origins,
        ),
        Middleware(CompressedFilesMiddleware, folder=Path(streamlit.__file__).parent / "static"),
        Middleware(PageHeadMiddleware, describe=partial(head.describe, application)),
        Middleware(MessagesMiddleware),
        Middleware(UploadsMiddleware),
    ],
    lifespan=lifespan,
)
