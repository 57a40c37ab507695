"""Attacks that exhaust resources, and probes for internals."""

import io
import time
import zipfile

from tests.attacks.target import Target, attack

PATIENCE_SECONDS = 60


@attack("A body that is far too large", asvs="12.1.1", expected="413, immediately")
def _(target: Target) -> None:
    for path in ("/api/auth/login", "/api/auth/register", "/api/what-if"):
        answer = target.ask("POST", path, content=b"x" * 200_000)
        assert answer.status_code == 413
    endless = target.ask("POST", "/api/auth/register", content=(b"x" * 10_000 for _ in range(50)))
    assert endless.status_code == 413


@attack("A zip file that expands a thousandfold", asvs="12.1.2", expected="422, in bounded time")
def _(target: Target) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", b"0" * 200_000_000)
    began = time.monotonic()
    answer = target.ask(
        "POST",
        "/api/imports/preview",
        target.token(),
        files={"file": ("letterboxd.zip", bomb.getvalue(), "application/zip")},
    )
    assert answer.status_code in (413, 422), answer.text
    assert time.monotonic() - began < PATIENCE_SECONDS


@attack("A zip file with a path outside the folder", asvs="12.3.1", expected="422, nothing written")
def _(target: Target) -> None:
    slip = io.BytesIO()
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr("../../../tmp/five-films-slip", "x")
    file = {"file": ("../../x.zip", slip.getvalue(), "application/zip")}
    answer = target.ask("POST", "/api/imports/preview", target.token(), files=file)
    assert answer.status_code == 422


@attack("JSON nested a hundred thousand deep, and endless numbers", asvs="13.2.2", expected="422")
def _(target: Target) -> None:
    for body in (
        "[" * 30_000,
        '{"a":' * 9_000 + "1" + "}" * 9_000,
        '{"rating": ' + "9" * 10_000 + "}",
        '{"rating": NaN}',
        '{"rating": Infinity}',
        '{"ratings": null, "without": ["1e400"]}',
        "",
        "null",
    ):
        for path in ("/api/what-if", "/api/auth/register"):
            headers = {"Content-Type": "application/json"}
            answer = target.ask("POST", path, content=body.encode(), headers=headers)
            assert answer.status_code in (200, 400, 413, 422), (path, body[:20], answer.status_code)


@attack("A form instead of JSON", asvs="13.2.5", expected="422")
def _(target: Target) -> None:
    answer = target.ask("POST", "/api/auth/register", data={"email": "a@b.c", "password": "x"})
    assert answer.status_code == 422


@attack("A search that takes forever", asvs="11.1.4", expected="a response within seconds")
def _(target: Target) -> None:
    for text in ("a" * 1_000, "%_" * 400, "(a+)+$" * 100, "🎬" * 200, " " * 1_000):
        began = time.monotonic()
        answer = target.ask("GET", "/api/movies", params={"query": text})
        assert answer.status_code in (200, 422)
        assert time.monotonic() - began < PATIENCE_SECONDS


@attack("Endless pages, and numbers out of range", asvs="5.1.3", expected="422, or no films")
def _(target: Target) -> None:
    for query in ("page=999999999999", "page=-1", "year_from=-99999", "page=0", "page=1e3"):
        assert target.ask("GET", f"/api/movies?{query}").status_code in (200, 422)
    for query in ("limit=0", "limit=101", "limit=999999999999999999999", "limit=-5", "limit=x"):
        assert target.ask("GET", f"/api/give-rec?{query}").status_code == 422
    outside = ("max_minutes=0", "max_minutes=1e3", f"max_age_rating={'PG-13' * 500}")
    for query in (*outside, f"not_genres={'drama,' * 500}"):
        assert target.ask("GET", f"/api/give-rec?{query}").status_code == 422


@attack("Endless ratings, each of which costs a list", asvs="11.1.4", expected="429")
def _(target: Target) -> None:
    token = target.token()
    film = target.ask("GET", "/api/movies").json()["items"][0]["movie_id"]
    for turn in range(400):
        wish = {"rating": 1 + turn % 5}
        answer = target.ask("PUT", f"/api/ratings/{film}", token, json=wish)
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            return
    raise AssertionError("400 ratings in a row were accepted")


@attack("Unsupported methods", asvs="14.5.1", expected="405")
def _(target: Target) -> None:
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"):
        assert target.ask(method, "/api/give-rec").status_code == 405
    token = target.token()
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    assert target.ask("GET", "/api/who-am-i", token, headers=override).status_code == 200
    assert target.ask("GET", "/api/who-am-i", token).status_code == 200


@attack("An error that reveals internals", asvs="7.4.1", expected="no path, no version, no SQL")
def _(target: Target) -> None:
    for path in ("/api/nothing", "/api/movies/999999999", "/api/ratings", "/api/movies?page=x"):
        answer = target.ask("GET", path)
        for word in ("/site-packages", "psycopg", "sqlalchemy", "SELECT ", 'File "'):
            assert word not in answer.text
    answer = target.ask("GET", "/api/genres")
    assert not any(sign.isdigit() for sign in answer.headers.get("server", ""))
    assert "x-powered-by" not in answer.headers


@attack("Leftover debugging endpoints", asvs="14.3.2", expected="none")
def _(target: Target) -> None:
    for path in ("/_stcore/metrics", "/debug", "/.env", "/.git/config", "/api/.env", "/.data"):
        answer = target.ask("GET", path)
        assert answer.status_code == 404 or "<html" in answer.text.lower(), path


@attack("Two body lengths in one request", asvs="13.1.1", expected="400, or one response")
def _(target: Target) -> None:
    answer = target.raw(
        b"POST /api/what-if HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"0\r\n\r\nGET /api/who-am-i HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"401" not in answer.partition(b"\r\n")[0]
