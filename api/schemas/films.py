"""Films and statistics of their ratings."""

from pydantic import BaseModel, Field


class MovieOut(BaseModel):
    """A film; `mean` is its mean rating in stars, 0.5 to 5, and `minutes` its length if known.

    `age_rating` is the American one, such as "PG-13", if known. `titles` are those that pages show
    in other languages, by language.
    """

    movie_id: int
    title: str
    titles: dict[str, str] = Field(examples=[{"ru": "Титаник"}])
    year: int | None
    minutes: int | None
    age_rating: str | None
    genres: list[str]
    ratings: int
    likes: int
    mean: float | None
    links: dict[str, str] = Field(examples=[{"movielens": "https://movielens.org/movies/318"}])


class FilmTag(BaseModel):
    """A tag of a film, and how many people gave it."""

    tag: str
    people: int


class FilmDetails(MovieOut):
    """A film with its tags, the most used first, and its people, the most important first.

    `tags` is empty if the data set has none; `original_title` is null and people are missing if
    they aren't known.
    """

    tags: list[FilmTag]
    original_title: str | None
    directors: list[str]
    writers: list[str]
    cast: list[str]


class PersonOut(BaseModel):
    """A person, by IMDb's number, and how many films here they took part in."""

    person_id: int
    name: str
    films: int


class MoviePage(BaseModel):
    """A page of films; `pages` is the number of pages, `total` the number of films on all pages.

    `people` has the best known of the people whose name the query is, at most three.
    """

    items: list[MovieOut]
    page: int
    pages: int
    total: int
    people: list[PersonOut]


class SimilarMovie(BaseModel):
    """A film and its cosine similarity, -1 to 1."""

    movie_id: int
    title: str
    year: int | None
    similarity: float


class StarsGiven(BaseModel):
    """How often a number of stars was given."""

    rating: float
    ratings: int


class YearOfRatings(BaseModel):
    """A year's ratings of a film."""

    year: int
    ratings: int
    mean: float


class FilmFigures(BaseModel):
    """Statistics of a film's ratings."""

    distribution: list[StarsGiven]
    by_year: list[YearOfRatings]
