"""Films, and what is known of how they are rated."""

from pydantic import BaseModel, Field


class MovieOut(BaseModel):
    """A film; `mean` is in stars, 0.5 to 5."""

    movie_id: int
    title: str
    year: int | None
    genres: list[str]
    ratings: int
    likes: int
    mean: float | None
    links: dict[str, str] = Field(examples=[{"movielens": "https://movielens.org/movies/318"}])


class FilmTag(BaseModel):
    """What people call a film, and how many of them."""

    tag: str
    people: int


class FilmDetails(MovieOut):
    """A film with its tags, those that most people gave first; none where the data set has none."""

    tags: list[FilmTag]


class MoviePage(BaseModel):
    """A page of films; `pages` is how many such pages there are, `total` how many films."""

    items: list[MovieOut]
    page: int
    pages: int
    total: int


class SimilarMovie(BaseModel):
    """A film, and how alike it is: cosine, -1 to 1."""

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
    """What people think of a film."""

    distribution: list[StarsGiven]
    by_year: list[YearOfRatings]
