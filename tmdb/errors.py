"""Why TMDb didn't answer, or not as its documentation says."""


class TmdbError(Exception):
    """TMDb's answer can't be used; the message says why, and never contains the key."""


class WrongKeyError(TmdbError):
    """TMDb refuses the key."""

    def __init__(self) -> None:
        super().__init__(
            "TMDb refuses the key: TMDB_TOKEN must be the “API Read Access Token” of your account, "
            "at https://www.themoviedb.org/settings/api"
        )


class BusyError(TmdbError):
    """There were too many requests.

    Parameters
    ----------
    seconds : float
        How long to wait before the next request.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"TMDb asks for no requests for {seconds:.0f} s")
        self.seconds = seconds


class UnavailableError(TmdbError):
    """TMDb can't be reached, takes too long, or reports an error of its own."""


class MalformedError(TmdbError):
    """The answer isn't what TMDb's documentation says: no JSON, other types, too large."""
