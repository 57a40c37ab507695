"""TMDb's JSON, checked: https://developer.themoviedb.org/reference/movie-details."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from i18n.language import LANGUAGES, Language
from tmdb.errors import MalformedError
from tmdb.film import IMAGE_PATH, Film, Kind, Offer, Words

_VIDEO = re.compile(r"[A-Za-z0-9_-]{5,20}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_MOST_PLOT, _MOST_WORDS = 5000, 500
# Free films, with advertisements or without, are streamed like those of a subscription.
_KINDS: dict[str, Kind] = {
    "flatrate": "stream",
    "free": "stream",
    "ads": "stream",
    "rent": "rent",
    "buy": "buy",
}

T = TypeVar("T", bound=BaseModel)

_Number = Annotated[int, Field(ge=0, le=2_147_483_647)]


def _listed(value: Any) -> Any:
    return [] if value is None else value


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Image(_Part):
    file_path: str
    iso_639_1: str | None = None


class _Images(_Part):
    posters: Annotated[list[_Image], BeforeValidator(_listed)] = []


class _Video(_Part):
    key: str
    site: str
    type: str
    iso_639_1: str | None = None
    official: bool = False


class _Videos(_Part):
    results: Annotated[list[_Video], BeforeValidator(_listed)] = []


class _Texts(_Part):
    overview: str | None = None
    tagline: str | None = None


class _Translation(_Part):
    iso_639_1: str
    data: _Texts


class _Translations(_Part):
    translations: Annotated[list[_Translation], BeforeValidator(_listed)] = []


class _Provider(_Part):
    provider_id: _Number
    provider_name: str


class _Offers(_Part):
    flatrate: list[_Provider] = []
    free: list[_Provider] = []
    ads: list[_Provider] = []
    rent: list[_Provider] = []
    buy: list[_Provider] = []


class _Providers(_Part):
    results: dict[str, _Offers] = {}


class _Country(_Part):
    iso_3166_1: str


class _Movie(_Part):
    id: Annotated[int, Field(ge=1, le=2_147_483_647)]
    overview: str | None = None
    tagline: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    original_language: str | None = None
    production_countries: Annotated[list[_Country], BeforeValidator(_listed)] = []
    images: _Images = _Images()
    videos: _Videos = _Videos()
    translations: _Translations = _Translations()
    providers: _Providers = Field(_Providers(), alias="watch/providers")


class _Match(_Part):
    id: Annotated[int, Field(ge=1, le=2_147_483_647)]


class _Matches(_Part):
    movie_results: list[_Match]


def read_film(body: bytes) -> Film:
    """Read the answer to `/movie/{id}`, with images, videos, translations and watch/providers.

    Parameters
    ----------
    body : bytes
        JSON; the main texts are in English.

    Returns
    -------
    Film

    Raises
    ------
    MalformedError
        If it is no JSON, or a field that we use has another type.
    """
    movie = _read(_Movie, body)
    return Film(
        tmdb_id=movie.id,
        backdrop=_path(movie.backdrop_path),
        original_language=_of_form(_LANGUAGE, movie.original_language),
        countries=tuple(
            dict.fromkeys(
                each.iso_3166_1
                for each in movie.production_countries
                if _COUNTRY.fullmatch(each.iso_3166_1)
            )
        ),
        words={language: _words(movie, language) for language in LANGUAGES},
        offers=tuple(dict.fromkeys(_offers(movie.providers))),
    )


def read_match(body: bytes) -> int | None:
    """Read the answer to `/find/{number}`: the film's number at TMDb, or None.

    Parameters
    ----------
    body : bytes
        JSON.

    Returns
    -------
    int or None

    Raises
    ------
    MalformedError
        As in `read_film`.
    """
    found = _read(_Matches, body).movie_results
    return found[0].id if found else None


def _read(form: type[T], body: bytes) -> T:
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the answer"
        raise MalformedError(f"TMDb's answer can't be read: {place}: {first['msg']}") from None


def _words(movie: _Movie, language: Language) -> Words:
    texts = next(
        (
            each.data
            for each in movie.translations.translations
            if each.iso_639_1 == language and each.data.overview
        ),
        None,
    )
    if texts is None:
        is_main = language == "en"
        texts = _Texts(
            overview=movie.overview if is_main else None,
            tagline=movie.tagline if is_main else None,
        )
    posters = (each.file_path for each in movie.images.posters if each.iso_639_1 == language)
    return Words(
        plot=_text(texts.overview, _MOST_PLOT),
        tagline=_text(texts.tagline, _MOST_WORDS),
        trailer=_trailer(movie.videos.results, language),
        poster=next(filter(None, map(_path, posters)), None) or _path(movie.poster_path),
    )


def _trailer(videos: Iterable[_Video], language: Language) -> str | None:
    """Return the key of the best one: a trailer before a teaser, an official one first."""
    fitting = [
        each
        for each in videos
        if each.site == "YouTube"
        and each.type in ("Trailer", "Teaser")
        and each.iso_639_1 == language
        and _VIDEO.fullmatch(each.key)
    ]
    fitting.sort(key=lambda each: (each.type != "Trailer", not each.official))
    return fitting[0].key if fitting else None


def _offers(providers: _Providers) -> Iterator[Offer]:
    for country, offers in providers.results.items():
        if _COUNTRY.fullmatch(country):
            for name, kind in _KINDS.items():
                for each in getattr(offers, name):
                    provider = _text(each.provider_name, _MOST_WORDS)
                    if provider is not None:
                        yield Offer(country, kind, each.provider_id, provider)


def _path(path: str | None) -> str | None:
    return _of_form(IMAGE_PATH, path)


def _of_form(form: re.Pattern[str], text: str | None) -> str | None:
    return text if text is not None and form.fullmatch(text) else None


def _text(text: str | None, most: int) -> str | None:
    """Return a text that PostgreSQL can store, or None if nothing is left of it."""
    return (text or "").replace("\0", "").strip()[:most] or None
