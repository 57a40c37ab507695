"""The client: one request for a film, one for a picture, with bounds on pace, time and size."""

import email.utils
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlencode

import urllib3

from i18n.language import LANGUAGES
from tmdb.errors import BusyError, MalformedError, UnavailableError, WrongKeyError
from tmdb.film import IMAGE_PATH, Film
from tmdb.pace import Pace
from tmdb.reading import read_film, read_match

PER_SECOND = 40
"""Requests, which TMDb asks for: https://developer.themoviedb.org/docs/rate-limiting."""

_CONNECTIONS = 16
_CONNECT_SECONDS, _READ_SECONDS, _WHOLE_SECONDS = 3.0, 5.0, 10.0
_MOST_ANSWER = 5_000_000
_MOST_IMAGE = 5_000_000
_BLOCK = 65_536
_LEAST_WAIT, _MOST_WAIT, _USUAL_WAIT = 1.0, 120.0, 10.0

_SHOWN_IN = ",".join(LANGUAGES)
_QUERY = urlencode(
    {
        "language": "en-US",
        "append_to_response": "videos,images,watch/providers,translations",
        "include_image_language": _SHOWN_IN,
        "include_video_language": _SHOWN_IN,
    },
    safe=",/",
)


class Client:
    """A client of TMDb; any thread may use it.

    Parameters
    ----------
    token : str
        The “API Read Access Token” of an account. It is sent to `api` alone.
    api : str
        The address of the API, without a slash at its end.
    images : str
        The address of the pictures, likewise.
    """

    def __init__(self, token: str, *, api: str, images: str) -> None:
        self._api = api
        self._images = images
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        self._pace = Pace(PER_SECOND)
        self._not_before = 0.0
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            retries=False,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
            headers={"User-Agent": "five-films"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def film(self, tmdb_id: int | None, imdb_id: int | None) -> Film | None:
        """Return what TMDb says of a film.

        Parameters
        ----------
        tmdb_id : int or None
            The film's number at TMDb.
        imdb_id : int or None
            Its number at IMDb, which is looked up if the other isn't known.

        Returns
        -------
        Film or None
            None if TMDb has no such film.

        Raises
        ------
        MalformedError
            If the answer is about another film, or isn't as documented.
        """
        if tmdb_id is None and imdb_id is not None:
            found = self._ask(f"/find/tt{imdb_id:07d}?external_source=imdb_id")
            tmdb_id = None if found is None else read_match(found)
        if tmdb_id is None:
            return None
        body = self._ask(f"/movie/{tmdb_id}?{_QUERY}")
        if body is None:
            return None
        film = read_film(body)
        if film.tmdb_id != tmdb_id:
            raise MalformedError(f"TMDb's answer is about film {film.tmdb_id}, not {tmdb_id}")
        return film

    def image(self, path: str, size: str) -> bytes | None:
        """Return the bytes of a picture, whatever they are; None if there is none.

        Parameters
        ----------
        path : str
            As in `Film`.
        size : str
            One of those of https://developer.themoviedb.org/docs/image-basics.

        Returns
        -------
        bytes or None

        Raises
        ------
        ValueError
            If the path has another form.
        UnavailableError
            If the server of the pictures can't be reached or reports an error.
        """
        if not IMAGE_PATH.fullmatch(path):
            raise ValueError("not a path of a picture")
        status, _, body = self._get(f"{self._images}/{size}{path}", {}, _MOST_IMAGE)
        if status == 404:
            return None
        if status != 200:
            raise UnavailableError(f"TMDb's pictures: status {status}")
        return body

    def _ask(self, path: str) -> bytes | None:
        """Return the body of the API's answer; None for 404."""
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise BusyError(wait)
        status, headers, body = self._get(self._api + path, self._headers, _MOST_ANSWER)
        if status == 404:
            return None
        if status in (401, 403):
            raise WrongKeyError
        if status == 429:
            seconds = _seconds(headers.get("Retry-After"))
            self._not_before = time.monotonic() + seconds
            raise BusyError(seconds)
        if status != 200:
            raise UnavailableError(f"TMDb answered with status {status}")
        return body

    def _get(
        self, address: str, headers: Mapping[str, str], most: int
    ) -> tuple[int, Mapping[str, str], bytes]:
        time.sleep(self._pace.turn(time.monotonic()))
        until = time.monotonic() + _WHOLE_SECONDS
        try:
            answer = self._pool.request(
                "GET",
                address,
                headers={**self._pool.headers, **headers},
                preload_content=False,
                redirect=False,
            )
            try:
                body = _body(answer, most, until)
            except BaseException:
                answer.close()  # the rest isn't wanted
                raise
            answer.release_conn()
        except urllib3.exceptions.DecodeError:
            raise MalformedError("TMDb's answer can't be unpacked") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise UnavailableError(
                f"TMDb can't be reached: {type(error).__name__}: {error}"
            ) from None
        return answer.status, answer.headers, body


def _body(answer: urllib3.BaseHTTPResponse, most: int, until: float) -> bytes:
    body = bytearray()
    while block := answer.read1(_BLOCK):
        body += block
        if len(body) > most:
            raise MalformedError(f"TMDb's answer has more than {most:,} bytes")
        if time.monotonic() > until:
            raise UnavailableError(f"TMDb took longer than {_WHOLE_SECONDS:.0f} s")
    return bytes(body)


def _seconds(retry_after: str | None) -> float:
    """Return how long Retry-After asks to wait, in seconds or until a date, within bounds."""
    seconds = _USUAL_WAIT
    if retry_after is not None:
        if retry_after.isascii() and retry_after.isdigit():
            seconds = float(retry_after)
        else:
            with suppress(ValueError, OverflowError):
                until = email.utils.parsedate_to_datetime(retry_after)
                seconds = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, _LEAST_WAIT), _MOST_WAIT)
