"""A client generated from the schema has good names and works."""

import re
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.application import create
from tests.api.generating import client_of, source_of

pytestmark = pytest.mark.data_layer

DOCUMENT = create().openapi()
NAMES = [
    "give_rec",
    "give_rec_genre",
    "explain_film",
    "what_if",
    "list_starters",
    "list_ratings",
    "download_ratings",
    "get_portrait",
    "rate_film",
    "delete_rating",
    "list_marks",
    "mark_film",
    "delete_mark",
    "preview_import",
    "import_ratings",
    "list_genres",
    "search_films",
    "get_film",
    "list_similar_films",
    "get_film_figures",
    "get_poster",
    "get_backdrop",
    "register",
    "log_in",
    "log_out",
    "who_am_i",
    "change_password",
    "request_password_link",
    "set_new_password",
    "choose_style",
    "store_filters",
    "export_account",
    "list_sessions",
    "end_other_sessions",
    "delete_account",
    "is_alive",
    "is_ready",
]


@pytest.fixture(scope="module")
def films() -> ModuleType:
    """Generate the client from the current document."""
    return client_of(DOCUMENT)


def test_operation_names_are_stable() -> None:
    """Existing generated clients call these names: renaming one would break them."""
    names = [
        operation["operationId"]
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
    ]
    assert sorted(names) == sorted(NAMES)
    assert len({*names}) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+){0,2}", name) for name in names)


def test_every_schema_has_its_own_name() -> None:
    for name in DOCUMENT["components"]["schemas"]:
        assert re.fullmatch(r"([A-Z][a-z]+)+", name) or name == "Body_preview_import", name


def test_the_generated_source_is_readable() -> None:
    compile(source_of(DOCUMENT), "five_films_client.py", "exec")


def test_a_guest_uses_the_client(films: ModuleType, client: TestClient) -> None:
    assert films.is_alive(client) == {"status": "ok"}
    assert films.is_ready(client)["ready"]
    assert "Sci-Fi" in films.list_genres(client)
    given = films.give_rec(client, limit=3, offset=1, exclude="5")
    assert (len(given["items"]), given["kind"], given["total"]) == (3, "cold", 11)
    assert films.give_rec(client, genre=["sci fi", "western"], match="any")["total"] == 5
    assert films.give_rec_genre(client, genre="comedy")["total"] == 4
    assert films.search_films(client, query="alien")["total"] == 2
    assert films.get_film(client, movie_id=8)["title"] == "The Interview"
    assert len(films.list_similar_films(client, movie_id=8, limit=2)) == 2
    assert len(films.get_film_figures(client, movie_id=8)["distribution"]) == 10
    made_up = {"ratings": [{"movie_id": 5, "rating": 5}], "limit": 2}
    assert len(films.what_if(client, body=made_up)) == 2
    assert films.explain_film(client, movie_id=5)["movie_id"] == 5


def test_a_user_uses_the_client(films: ModuleType, client: TestClient) -> None:
    new = {"email": "new@mail.com", "password": "a fine long sentence", "name": "Jane"}
    assert films.register(client, body=new)["kind"] == "cold"
    form = {"username": "new@mail.com", "password": "a fine long sentence"}
    token = films.log_in(client, body=form)["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    assert films.who_am_i(client)["name"] == "Jane"
    assert films.rate_film(client, movie_id=5, body={"rating": 4.5})["rating"] == 4.5
    assert films.mark_film(client, movie_id=7, body={"mark": "later"}) is None
    assert [each["title"] for each in films.list_ratings(client)["items"]] == ["Aliens"]
    assert [each["title"] for each in films.list_marks(client)] == ["Unforgiven"]
    assert films.give_rec(client)["kind"] == "known"
    file = films.download_ratings(client)
    seen = films.preview_import(client, body={"file": ("ratings.csv", file)})
    (row,) = seen["found"]
    again = {"ratings": [{"movie_id": row["movie_id"], "rating": row["rating"]}]}
    assert films.import_ratings(client, body=again)["unchanged"] == 1
    assert films.choose_style(client, body={"style": "popular"}) is None
    assert films.store_filters(client, body={"not_genres": ["horror"], "max_minutes": 90}) is None
    assert films.give_rec(client)["not_genres"] == ["Horror"]
    assert films.export_account(client)["account"]["email"] == "new@mail.com"
    assert len(films.list_sessions(client)) == 1
    assert films.end_other_sessions(client) == {"ended": 0}
    assert films.delete_rating(client, movie_id=5) is None
    assert films.delete_mark(client, movie_id=7) is None
    assert films.get_portrait(client)["genres"] == []
    assert films.log_out(client) is None


def test_errors_reach_the_caller(films: ModuleType, client: TestClient) -> None:
    def refusal(call: Any, **wish: Any) -> tuple[int, list[str]]:
        with pytest.raises(films.Refused) as caught:
            call(client, **wish)
        return caught.value.status, [*caught.value.problem.get("fields", {})]

    assert refusal(films.give_rec, limit=0) == (422, ["limit"])
    assert refusal(films.what_if, body={"rating": []}) == (422, ["rating"])
    assert refusal(films.get_film, movie_id=999) == (404, [])
    assert refusal(films.who_am_i) == (401, [])
