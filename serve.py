"""Entry: listens at `HOST` and `PORT`, and serves app.py there until it is told to end.

Streamlit's own command binds before it has read a setting of ours, trusts proxies by uvicorn's
variable alone, and waits for ever for a browser that doesn't close its WebSocket.
"""

import logging
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from config import Settings, problems, settings
from db import embedded
from monitoring.logs import configure_logging

logger = logging.getLogger("app")

SECONDS_TO_END = 5
"""How long open pages and requests may take to end, before the servers of ours are stopped."""

_BACKLOG = 2048


def main() -> None:
    """Serve until SIGTERM or Ctrl-C.

    Exits with 2 for a setting that can't be used, with 1 for a port that can't be listened on,
    and with 3 when the app can't be started; the log says why.
    """
    os.chdir(Path(__file__).parent)  # where .env and .streamlit are
    try:
        chosen = settings()
    except ValidationError as error:
        sys.stderr.write("\n".join(problems(error)) + "\n")
        sys.exit(2)
    configure_logging(chosen)
    with _listening(chosen) as listener:
        # A new database takes as long to make as the rest to import, and another core.
        embedded.begin(chosen)
        _serve(listener, chosen)


def _listening(chosen: Settings) -> socket.socket:
    """A socket at which browsers may knock already, to be let in when all is imported."""
    is_ipv6 = ":" in chosen.host
    try:
        listener = socket.create_server(
            (chosen.host, chosen.port),
            family=socket.AF_INET6 if is_ipv6 else socket.AF_INET,
            backlog=_BACKLOG,
            dualstack_ipv6=chosen.host == "::" and socket.has_dualstack_ipv6(),
        )
    except OSError as error:
        reason = error.strerror or error
        logger.error("Port %d of %s (PORT, HOST): %s", chosen.port, chosen.host, reason)
        sys.exit(1)
    host = f"[{chosen.host}]" if is_ipv6 else chosen.host
    logger.info("Five Films opens at http://%s:%d (Ctrl-C ends it)", host, chosen.port)
    return listener


def _serve(listener: socket.socket, chosen: Settings) -> None:
    import uvicorn  # takes a while, in which a new database can begin

    from api import connections

    server = uvicorn.Server(
        uvicorn.Config(
            "app:app",
            log_config=None,  # its lines go where ours go
            access_log=False,
            server_header=False,
            forwarded_allow_ips=chosen.trusted_proxies,
            timeout_graceful_shutdown=SECONDS_TO_END,
            http=connections.Http,
            ws=connections.WebSocket,
            ws_max_size=connections.MOST_MESSAGE_BYTES,
            # As Streamlit's own server has them.
            ws_ping_interval=30,
            ws_ping_timeout=30,
            ws_per_message_deflate=False,
        )
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C, after all has ended
        server.run(sockets=[listener])
    if not server.started:
        sys.exit(3)


if __name__ == "__main__":  # processes that a training starts import this file too
    main()
