"""Films by title as people type it: any case, accents, articles, typing errors.

Titles are compared by trigrams (https://www.postgresql.org/docs/current/pgtrgm.html) in the plain
form that the database keeps beside each: lower case, without accents and signs.
"""

from sqlalchemy import Connection, text

from db.movies import SELECT, Movie, movie_of

PAGE = 20

# What word_similarity, 0 to 1, a title must have to be meant: "godfahter" has 0.43 with Godfather.
_LEAST_LIKENESS = 0.4

_MEANT = """
    (CAST(:title AS text) = '' OR movies.title ILIKE :pattern
     OR wanted.plain <> '' AND (plain_title LIKE '%' || wanted.plain || '%'
                                OR wanted.plain <% plain_title))
"""

# The very title first, with or without its article; then those with a word that begins so; then
# what is spelled alike. Of those, the better known.
_ORDER = """
    (wanted.plain <> '' AND regexp_replace(plain_title, '^(the|an?) ', '')
        = regexp_replace(wanted.plain, '^(the|an?) ', '')) DESC,
    (wanted.plain <> '' AND ' ' || plain_title LIKE '% ' || wanted.plain || '%')::int
        + word_similarity(wanted.plain, plain_title) + 0.5 * similarity(wanted.plain, plain_title)
        + 0.1 * ln(1 + coalesce(ratings, 0)) DESC,
    movies.id
"""


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
    title = " ".join(query.encode("utf-8", "ignore").decode().replace("\0", " ").split())
    conditions = f"""
        CROSS JOIN (SELECT plain_title(:title) AS plain) AS wanted
        WHERE {_MEANT}
        AND (CAST(:year_from AS int) IS NULL OR year >= :year_from)
        AND (CAST(:year_to AS int) IS NULL OR year <= :year_to)
        AND (CAST(:genre AS text) IS NULL OR EXISTS (
            SELECT FROM movie_genres JOIN genres ON genres.id = genre_id
            WHERE movie_genres.movie_id = movies.id AND genres.name = :genre))
    """
    literal = title.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "title": title,
        "pattern": f"%{literal}%",
        "year_from": year_from,
        "year_to": year_to,
        "genre": genre,
    }
    connection.execute(
        text("SELECT set_config('pg_trgm.word_similarity_threshold', :least, true)"),
        {"least": str(_LEAST_LIKENESS)},
    )
    total = connection.scalar(text(f"SELECT count(*) FROM movies {conditions}"), values)
    order = _ORDER if title else "coalesce(ratings, 0) DESC, movies.id"
    rows = connection.execute(
        text(f"{SELECT} {conditions} ORDER BY {order} LIMIT :limit OFFSET :offset"),
        {**values, "limit": size, "offset": (page - 1) * size},
    )
    return [movie_of(row) for row in rows], int(total or 0)
