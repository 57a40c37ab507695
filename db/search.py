"""Films by title as people type it: any case, accents, articles, typing errors.

Titles are compared by trigrams (https://www.postgresql.org/docs/current/pgtrgm.html) in the plain
form that the database keeps beside each: lower case, without accents and signs.
"""

import re

from sqlalchemy import Connection, text

from db.movies import SELECT, Movie, movie_of

PAGE = 20

_LABEL = re.compile(r"(.+) \((\d{4})\)")  # as films are named wherever they are shown

# Shorter ones are in every second title, and like all of them: then words begin with them.
_LEAST_LENGTH = 3

# What word_similarity, 0 to 1, a title must have to be meant: "godfahter" has 0.43 with Godfather.
_LEAST_LIKENESS = 0.4

# Each alone, so that the index on plain titles can be used; the signs of a title are in none.
_EVERY_FILM = ("true", "coalesce(ratings, 0) DESC, movies.id")
_OF_SIGNS_ALONE = ("movies.title LIKE :pattern", "coalesce(ratings, 0) DESC, movies.id")
# The very title first, with or without its article and what is in brackets; then those with a word
# that begins so; then what is spelled alike. Of those, the likeliest and better known.
_LIKELIEST_FIRST = """
    (regexp_replace(:plain, '^(the|an?) | (the|an?)$', '') IN (
        regexp_replace(plain_title, '^(the|an?) ', ''),
        regexp_replace(plain_title(split_part(title, ' (', 1)), '^(the|an?) ', ''))) DESC,
    ' ' || plain_title LIKE '% ' || :plain || '%' DESC,
    word_similarity(:plain, plain_title) + 0.1 * ln(1 + coalesce(ratings, 0)) DESC,
    movies.id
"""
_OF_TITLE = ("(plain_title LIKE '%' || :plain || '%' OR :plain <% plain_title)", _LIKELIEST_FIRST)
_OF_LETTERS = (
    "(plain_title LIKE :plain || '%' OR plain_title LIKE '% ' || :plain || '%')",
    _LIKELIEST_FIRST,
)


def search(
    connection: Connection,
    *,
    query: str = "",
    genre: str | None = None,
    year_from: int | None = None,
    year_to: int | None = None,
    page: int = 1,
    size: int = PAGE,
) -> tuple[list[Movie], int]:
    """Films by title, genre and years; without a title the most rated first.

    Returns
    -------
    tuple of list of Movie and int
        The films of this page, `size` at the most, and how many there are on all pages.
    """
    title, year = " ".join(query.split()), None
    if label := _LABEL.fullmatch(title):
        title, year = label[1], int(label[2])
    plain = connection.scalar(text("SELECT plain_title(:title)"), {"title": title})
    if plain:
        is_meant, order = _OF_TITLE if len(plain) >= _LEAST_LENGTH else _OF_LETTERS
    else:
        is_meant, order = _OF_SIGNS_ALONE if title else _EVERY_FILM
    conditions = f"""
        WHERE {is_meant}
        AND (CAST(:year AS int) IS NULL OR year = :year)
        AND (CAST(:year_from AS int) IS NULL OR year >= :year_from)
        AND (CAST(:year_to AS int) IS NULL OR year <= :year_to)
        AND (CAST(:genre AS text) IS NULL OR EXISTS (
            SELECT FROM movie_genres JOIN genres ON genres.id = genre_id
            WHERE movie_genres.movie_id = movies.id AND genres.name = :genre))
    """
    literal = title.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "plain": plain,
        "pattern": f"%{literal}%",
        "year": year,
        "year_from": year_from,
        "year_to": year_to,
        "genre": genre,
    }
    connection.execute(
        text("SELECT set_config('pg_trgm.word_similarity_threshold', :least, true)"),
        {"least": str(_LEAST_LIKENESS)},
    )
    total = connection.scalar(text(f"SELECT count(*) FROM movies {conditions}"), values)
    rows = connection.execute(
        text(f"{SELECT} {conditions} ORDER BY {order} LIMIT :limit OFFSET :offset"),
        {**values, "limit": size, "offset": (page - 1) * size},
    )
    return [movie_of(row) for row in rows], int(total or 0)
