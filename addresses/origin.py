"""Scheme, host and port of a web page, as browsers tell them in Origin."""

import re
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9.:_-]+")


class Origin(NamedTuple):
    """Of what scheme (http or https), host (in ASCII) and port a page is."""

    scheme: str
    host: str
    port: int

    @property
    def header(self) -> str:
        """How browsers write it: without the port that is usual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def read(url: str) -> Origin | None:
    """The origin that a text names, however it is spelled; None for what names none."""
    with suppress(ValueError):  # a port that is none, a name that is none
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        rest = (parts.path.strip("/"), parts.query, parts.fragment, "@" in parts.netloc)
        if parts.scheme in _PORTS and _HOST.fullmatch(host) and not any(rest) and parts.port != 0:
            return Origin(parts.scheme, host, parts.port or _PORTS[parts.scheme])
    return None
