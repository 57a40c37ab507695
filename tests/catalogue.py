"""A small catalogue with ratings, written as a MovieLens folder: what tests of the whole need."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, text

FILMS = {
    1: ("Toy Story (1995)", "Animation|Children|Comedy"),
    2: ("Heat (1995)", "Action|Crime|Thriller"),
    3: ("Fargo (1996)", "Comedy|Crime|Drama|Thriller"),
    4: ("Alien (1979)", "Horror|Sci-Fi"),
    5: ("Aliens (1986)", "Action|Horror|Sci-Fi"),
    6: ("Blade Runner (1982)", "Sci-Fi|Thriller"),
    7: ("Unforgiven (1992)", "Drama|Western"),
    8: ("Interview, The (2014)", "Comedy"),
    9: ("<script>alert('x')</script> & *Sons* (2001)", "Drama"),
    10: ("Solaris (1972)", "Drama|Mystery|Sci-Fi"),
    11: ("Amélie (2001)", "Comedy|Romance"),
    12: ("Untimely", "(no genres listed)"),
}
LENGTHS = {7: 130, 8: 112, 10: 167, 11: 122}
AGE_RATINGS = {7: "R", 8: "PG-13", 10: "PG", 11: "Approved", 12: "NC-17"}
RATERS = 8
TOMBSTONE, CATS = 99, 100


def write_release(folder: Path) -> Path:
    """Write the folder: 12 films; rater r likes the films r, r+1, …, r+4 and dislikes r+5."""
    folder.mkdir(parents=True, exist_ok=True)
    movies = ["movieId,title,genres"]
    movies += [f'{number},"{title}",{genres}' for number, (title, genres) in FILMS.items()]
    (folder / "movies.csv").write_text("\n".join(movies) + "\n", encoding="utf-8")
    ratings = ["userId,movieId,rating,timestamp"]
    for rater in range(1, RATERS + 1):
        for step in range(6):
            film = (rater + step - 1) % 11 + 1
            stars = 2.0 if step == 5 else 4.0 + 0.5 * (step % 3)
            ratings.append(f"{rater},{film},{stars},{1_000_000_000 + 86_400 * step + rater}")
    (folder / "ratings.csv").write_text("\n".join(ratings) + "\n")
    return folder


def write_larger_release(folder: Path) -> Path:
    """Write the folder with two more films, which nobody has rated."""
    with (write_release(folder) / "movies.csv").open("a", encoding="utf-8") as file:
        file.write(f"{TOMBSTONE},Tombstone (1993),Drama|Western\n{CATS},Cats (2029),Musical\n")
    return folder


def add_tags(connection: Connection, tags: dict[str, dict[int, int]]) -> None:
    """Give films tags: of each tag, how many people gave it to which films."""
    for tag, films in tags.items():
        number = connection.scalar(
            text("INSERT INTO tags (folded, name) VALUES (lower(:tag), :tag) RETURNING id"),
            {"tag": tag},
        )
        connection.execute(
            text("INSERT INTO movie_tags VALUES (:film, :tag, :people)"),
            [{"film": film, "tag": number, "people": people} for film, people in films.items()],
        )


def add_lengths(connection: Connection) -> None:
    """Give films their lengths in minutes; those of 9 and 12 and of the first six stay unknown."""
    connection.execute(
        text("INSERT INTO movie_details (movie_id, imdb_minutes) VALUES (:film, :minutes)"),
        [{"film": film, "minutes": minutes} for film, minutes in LENGTHS.items()],
    )


def add_age_ratings(connection: Connection) -> None:
    """Give films their age ratings; that of 9 and the first six stays unknown."""
    connection.execute(
        text(
            "INSERT INTO movie_details (movie_id, age_rating) VALUES (:film, :rating) "
            "ON CONFLICT (movie_id) DO UPDATE SET age_rating = excluded.age_rating"
        ),
        [{"film": film, "rating": rating} for film, rating in AGE_RATINGS.items()],
    )


def add_person(
    connection: Connection, number: int, name: str, films: Mapping[int, Sequence[str]]
) -> None:
    """Add a person, with the roles in each film."""
    connection.execute(
        text("INSERT INTO people (id, name) VALUES (:number, :name)"),
        {"number": number, "name": name},
    )
    for film, roles in films.items():
        connection.execute(
            text("INSERT INTO movie_details (movie_id) VALUES (:film) ON CONFLICT DO NOTHING"),
            {"film": film},
        )
        connection.execute(
            text(
                "INSERT INTO movie_people SELECT :film, role, 1 + ("
                "SELECT count(*) FROM movie_people AS others "
                "WHERE others.movie_id = :film AND others.role = new.role), :number "
                "FROM unnest(CAST(:roles AS text[])) AS new (role)"
            ),
            {"film": film, "roles": list(roles), "number": number},
        )
