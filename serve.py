"""The entry point: listens at `HOST` and `PORT`, and serves app.py until it is stopped.

Streamlit's own command binds before it has read our settings, trusts proxies only by uvicorn's
variable, and waits forever for a browser that doesn't close its WebSocket.
"""

import gc
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

    Exits with 2 for an invalid setting, with 1 for a port that can't be used,
    and with 3 if the app can't start; the log says why.
    """
    os.chdir(Path(__file__).parent)  # the folder of .env and .streamlit
    try:
        chosen = settings()
    except ValidationError as error:
        sys.stderr.write("\n".join(problems(error)) + "\n")
        sys.exit(2)
    configure_logging(chosen)
    with _listening(chosen) as listener:
        # Creating a database takes as long as the other imports, and uses another core.
        embedded.begin(chosen)
        _serve(listener, chosen)


def _listening(chosen: Settings) -> socket.socket:
    """Return a listening socket: browsers may connect while the app is being imported."""
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
    # Looking for garbage among modules takes a third of the start; the app enables it again.
    gc.disable()
    import uvicorn  # takes a while, in which a new database can start

    from api import connections

    server = uvicorn.Server(
        uvicorn.Config(
            "app:app",
            log_config=None,  # its log lines go where ours go
            access_log=False,
            server_header=False,
            forwarded_allow_ips=chosen.trusted_proxies,
            timeout_graceful_shutdown=SECONDS_TO_END,
            http=connections.Http,
            ws=connections.WebSocket,
            ws_max_size=connections.MOST_MESSAGE_BYTES,
            # The values of Streamlit's own server.
            ws_ping_interval=30,
            ws_ping_timeout=30,
            ws_per_message_deflate=False,
        )
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C, after everything has stopped
        server.run(sockets=[listener])
    if not server.started:
        sys.exit(3)


if __name__ == "__main__":  # processes that a training starts import this file, too
    main()
