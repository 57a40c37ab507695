"""Log lines: their format, and the request that each belongs to."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

from config import Settings

OUR_LOGGERS = (
    *("app", "startup", "db", "accounts", "recsys"),
    *("commands", "api", "pages", "tmdb", "uvicorn.error"),
)
THEIR_LOGGERS = ("streamlit", "uvicorn")

_request_id: ContextVar[str] = ContextVar("request_id", default="-")


@contextmanager
def request_id_of_log_lines(request_id: str) -> Iterator[None]:
    """Add this request id to log lines inside the block."""
    before = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(before)


def _name_request(record: logging.LogRecord) -> bool:
    record.request_id = _request_id.get()
    return True


def configure_logging(settings: Settings) -> None:
    """Write our log lines of `LOG_LEVEL` and above to standard error, in `LOG_FORMAT`."""
    handler = logging.StreamHandler()
    if settings.log_format == "json":
        fields = ("asctime", "levelname", "name", "request_id", "message")
        handler.setFormatter(JsonFormatter(fields, rename_fields={"asctime": "time"}))
        _speak_json(handler)
    else:
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)-7s [%(request_id).8s] %(message)s")
        )
    handler.addFilter(_name_request)
    for name in OUR_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(settings.log_level)
        logger.propagate = False
    # Streamlit adds handlers to uvicorn's loggers. Requests are logged once, by api.
    logging.getLogger("uvicorn.error").setLevel(
        max(logging.WARNING, logging.getLogger("app").level)
    )
    logging.getLogger("uvicorn.access").handlers = []


def _speak_json(ours: logging.Handler) -> None:
    """Write the log lines of servers and libraries as JSON, too."""
    ours.addFilter(_name_request)
    logging.getLogger().handlers = [ours]
    logging.captureWarnings(True)
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] in THEIR_LOGGERS and isinstance(logger, logging.Logger):
            for handler in logger.handlers:
                handler.setFormatter(ours.formatter)
                handler.addFilter(_name_request)
