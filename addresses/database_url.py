"""Reading `DATABASE_URL` with libpq, so that it may contain everything libpq understands."""

import re
import shlex
from dataclasses import dataclass, field

_OPTION = re.compile(r"(?:-c|--)([A-Za-z_][\w.\-]*)=(.*)", re.DOTALL)
_NO_THRESHOLD = {"", "0", "none"}


@dataclass(frozen=True)
class DatabaseAddress:
    """The database's location and connection options.

    Attributes
    ----------
    parameters : dict of str to str
        For libpq, by its names; `host` and `port` may list several, separated by commas.
    settings : dict of str to str
        Session settings from `options`, which poolers refuse as a start-up parameter.
    prepares : bool
        Whether the URL sets when statements are prepared.
    prepare_threshold : int or None
        The number of executions before a statement is prepared; None: never.
    """

    parameters: dict[str, str]
    settings: dict[str, str] = field(default_factory=dict)
    prepares: bool = False
    prepare_threshold: int | None = None


def read(url: str) -> DatabaseAddress:
    """Parse a URL without connecting.

    Parameters
    ----------
    url : str
        `postgresql://user:password@host:port/database?…`, or any driver's spelling of it.

    Returns
    -------
    DatabaseAddress

    Raises
    ------
    ValueError
        If it is invalid; the text says what is wrong, without any part of the password.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError("must read postgresql://user:password@host:port/database")
    rest, threshold = _without_threshold(rest)
    # libpq: only users of a database URL wait for its import.
    from psycopg import Error, conninfo, pq

    try:
        parameters = {
            name: str(value)
            for name, value in conninfo.conninfo_to_dict(f"postgresql://{rest}").items()
        }
        options = _settings(parameters.pop("options", ""))
        # It checks ports and modes when it starts to connect: here, to nowhere.
        nowhere = ",".join("/nowhere" for _ in parameters.get("host", "").split(","))
        begun = pq.PGconn.connect_start(
            conninfo.make_conninfo(
                **{name: value for name, value in parameters.items() if name != "hostaddr"}
                | {"host": nowhere}
            ).encode()
        )
    except Error as error:
        raise ValueError(_told(str(error), rest)) from None
    said = begun.error_message.decode(errors="replace")
    begun.finish()
    if "/nowhere" not in said.splitlines()[0]:
        raise ValueError(_told(said, rest))
    if threshold is None:
        return DatabaseAddress(parameters, options)
    is_off = threshold.lower() in _NO_THRESHOLD
    return DatabaseAddress(parameters, options, True, None if is_off else int(threshold))


def _without_threshold(rest: str) -> tuple[str, str | None]:
    """Return the URL without psycopg's own `prepare_threshold`, and its value."""
    before, mark, query = rest.partition("?")
    kept, threshold = [], None
    for pair in query.split("&") if mark else ():
        name, _, value = pair.partition("=")
        if name != "prepare_threshold":
            kept.append(pair)
            continue
        threshold = value
        if value.lower() not in _NO_THRESHOLD and not re.fullmatch(r"[0-9]{1,9}", value):
            raise ValueError("prepare_threshold must be a number, or none")
    return before + (f"?{'&'.join(kept)}" if kept else ""), threshold


def _settings(options: str) -> dict[str, str]:
    """Return the session settings of `-c name=value` and `--name=value`."""
    words = iter(shlex.split(options))
    found = {}
    for word in words:
        given = _OPTION.fullmatch(f"-c{next(words, '')}" if word == "-c" else word)
        if given is None:
            raise ValueError(
                f"options must read -c name=value (with %20 and %3D in a URL), not {word}"
            )
        found[given[1].replace("-", "_")] = given[2]
    return found


def _told(said: str, rest: str) -> str:
    """Return libpq's message without anything that may be part of the password."""
    said = (said.strip().splitlines() or ["can't be read"])[0]
    who = rest.rpartition("@")[0]
    quoted = re.search(r'"(.*?)"', said)
    if quoted is not None and who and quoted[1] in who:
        return (
            said.replace(quoted[0], "…")
            + "; a user and a password with any of : / ? # [ ] @ % need them as %3A %2F and so on"
        )
    return said
