"""Downloads of a person's own data, for the browser that is logged in."""

import pytest
from httpx import Response
from starlette.testclient import TestClient

from accounts import sessions
from db.queries import users
from startup import Application

pytestmark = pytest.mark.data_layer

LETTERBOXD = "/download/five-films-letterboxd.csv"
ABOUT_ME, RATINGS = "/download/five-films-about-me.json", "/download/five-films-ratings.csv"


VISITOR = "a secret of a browser"


@pytest.fixture
def token(application: Application) -> str:
    """Return the session token in the cookie of rater 1's browser."""
    with application.services.engine.connect() as connection:
        rater = users.by_id(connection, 1)
    assert rater is not None
    opened = sessions.open_session(application.services.engine, rater, days=1)
    ticket = sessions.create_ticket(application.services.engine, opened, VISITOR)
    return sessions.redeem_ticket(application.services.engine, ticket, VISITOR) or ""


def _ask(client: TestClient, address: str, **cookies: str) -> Response:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    answer: Response = client.get(address, headers={"Cookie": cookie}, follow_redirects=False)
    assert "no-store" in answer.headers["cache-control"]
    return answer


def test_files_of_my_own(client: TestClient, token: str) -> None:
    known = _ask(client, ABOUT_ME, five_films_session=token, five_films_visitor=VISITOR)
    assert known.json()["account"]["email"] == "test1@mail.com"
    assert known.headers["content-disposition"] == 'attachment; filename="five-films-about-me.json"'
    rated = _ask(client, RATINGS, five_films_session=token, five_films_visitor=VISITOR)
    assert rated.text.splitlines()[1].startswith("1,1,4.0,1000000001,Toy Story,1995")
    assert rated.headers["content-type"] == "text/csv; charset=utf-8"
    letterboxd = _ask(client, LETTERBOXD, five_films_session=token, five_films_visitor=VISITOR)
    assert letterboxd.text.splitlines()[1].startswith(",,Toy Story,1995,4.0,2001-09-09,2001-09-09T")


def test_after_logout_there_is_no_file(
    client: TestClient, application: Application, token: str
) -> None:
    sessions.end_session(application.services.engine, sessions.in_browser(token, VISITOR) or "")
    for cookies in (
        {},
        {"five_films_session": token, "five_films_visitor": VISITOR},
        {"five_films_session": "x"},
    ):
        answer = _ask(client, ABOUT_ME, **cookies)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        assert _ask(client, RATINGS, **cookies).text.splitlines() == [
            "\ufeffuserId,movieId,rating,timestamp,title,year"
        ]


def test_a_guest_gets_the_ratings_of_this_browser(
    client: TestClient, application: Application
) -> None:
    application.services.guests.put("one visitor", 1, 4.5)
    mine, anothers = (
        _ask(client, RATINGS, five_films_visitor=visitor).text.splitlines()
        for visitor in ("one visitor", "another")
    )
    assert mine[1].startswith("1,1,4.5,")
    assert len(anothers) == 1


def test_a_planted_session_gets_no_file(client: TestClient, token: str) -> None:
    """Plant one browser's cookie in another, with or without its own visitor cookie."""
    for cookies in ({"five_films_visitor": "another"}, {}):
        answer = _ask(client, ABOUT_ME, five_films_session=token, **cookies)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
