"""Injection attacks: SQL, scripts, headers, log lines, paths, templates, formulas."""

from uuid import uuid4

from tests.attacks.target import PASSWORD, Target, attack

SQL = ("' OR '1'='1", "'; DROP TABLE movies; --", "x' UNION SELECT password_hash FROM users --")
SCRIPT = "<script>alert(1)</script>"


@attack("SQL in the login form", asvs="5.3.4", expected="401, no login")
def _(target: Target) -> None:
    for text in SQL:
        assert target.log_in(text, text).status_code == 401


@attack("SQL in the search for films", asvs="5.3.4", expected="only films whose titles match")
def _(target: Target) -> None:
    before = target.ask("GET", "/api/movies").json()["total"]
    for text in SQL:
        found = target.ask("GET", "/api/movies", params={"query": text})
        assert found.status_code == 200
        assert "$2b$" not in found.text
    assert target.ask("GET", "/api/movies").json()["total"] == before


@attack("SQL as a genre", asvs="5.3.4", expected="404 with the available genres")
def _(target: Target) -> None:
    for text in SQL:
        for address, params in (
            ("/api/give-rec-genre", {"genre": text}),
            ("/api/give-rec", {"not_genres": text}),
        ):
            answer = target.ask("GET", address, params=params)
            assert answer.status_code == 404
            assert "Drama" in answer.json()["available_genres"]


@attack("SQL in a film's number", asvs="5.1.3", expected="422")
def _(target: Target) -> None:
    for text in ("1 OR 1=1", "1;--", "1e9999", "-1", "0x1"):
        assert target.ask("GET", f"/api/movies/{text}").status_code in (404, 422)


@attack("A script as a genre, sent back in the error", asvs="5.3.3", expected="JSON, nosniff")
def _(target: Target) -> None:
    answer = target.ask("GET", "/api/give-rec-genre", params={"genre": SCRIPT})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@attack("A script as a user's name, stored and shown", asvs="5.3.3", expected="JSON, never HTML")
def _(target: Target) -> None:
    answer = target.ask("GET", "/api/who-am-i", target.token(target.register(name=SCRIPT)))
    assert answer.json()["name"] == SCRIPT
    assert answer.headers["content-type"] == "application/json"


@attack("A line break that starts another header", asvs="5.3.1", expected="no such header")
def _(target: Target) -> None:
    for path in (
        "/api/give-rec-genre?genre=x%0d%0aSet-Cookie:%20a=b",
        "/auth/session?ticket=x%0d%0aSet-Cookie:%20a=b",
        "/docs%0d%0aSet-Cookie:%20a=b",
    ):
        answer = target.ask("GET", path, headers={"X-Request-Id": "a" * 300})
        assert "a=b" not in str(answer.headers)
        assert "a" * 300 not in answer.headers["x-request-id"]


@attack("Injecting a line into the log", asvs="7.3.1", expected="another request id is given")
def _(target: Target) -> None:
    answer = target.raw(
        b"GET /api/genres HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\tERROR forged\r\n"
        b"Connection: close\r\n\r\n"
    )
    assert b"200 OK" in answer
    assert b"forged" not in answer


@attack("NUL, broken UTF-8 and unpaired surrogates", asvs="5.1.3", expected="4xx, or nothing found")
def _(target: Target) -> None:
    for text in ("%00", "%ff%fe", "%ed%a0%80", "%f0%9f%92%a9", "%e2%80%ae"):
        for path in ("/api/movies?query=", "/api/give-rec-genre?genre="):
            assert target.ask("GET", path + text).status_code in (200, 404, 422)
    for text in ("\0", "\ud800", "\u202e"):
        wish = {"email": f"x{text}@attacks.invalid", "password": PASSWORD, "name": text}
        body = str(wish).replace("'", '"').encode("utf-8", "surrogatepass")
        headers = {"Content-Type": "application/json"}
        answer = target.ask("POST", "/api/auth/register", content=body, headers=headers)
        assert answer.status_code in (400, 422), answer.text


@attack("Extra fields: role, number", asvs="5.1.2", expected="422, no account")
def _(target: Target) -> None:
    email = f"{uuid4().hex}@attacks.invalid"
    wish = {"email": email, "password": PASSWORD}
    for more in ({"role": "admin"}, {"id": 1}, {"is_demo": True}, {"ratings_revision": -1}):
        answer = target.ask("POST", "/api/auth/register", json=wish | more)
        assert (answer.status_code, [*answer.json()["fields"]]) == (422, [*more])
    assert target.log_in(email).status_code == 401


@attack("A path outside the folder", asvs="12.3.1", expected="the page, or 404; never a file")
def _(target: Target) -> None:
    for way in ("..", "%2e%2e", "..%2f", "%2e%2e%2f", "....//", "..\\"):
        for start in ("/static/", "/media/", "/app/static/", "/component/", "/api/docs/", "/"):
            answer = target.raw(
                f"GET {start}{way}/{way}/config.py HTTP/1.1\r\nHost: x\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            assert b"BaseSettings" not in answer
            assert b"Traceback" not in answer


@attack("A template as a user's name", asvs="5.2.5", expected="it remains text")
def _(target: Target) -> None:
    for text in ("{{7*191}}", "${7*191}", "#{7*191}", "%s%s%n", "{0.__class__}"):
        token = target.token(target.register(name=text))
        assert target.ask("GET", "/api/who-am-i", token).json()["name"] == text


@attack("A formula in a file for spreadsheets", asvs="5.3.1", expected="no cell starts with it")
def _(target: Target) -> None:
    token = target.token()
    target.ask("PUT", f"/api/ratings/{_any_film(target)}", token, json={"rating": 4})
    lines = target.ask("GET", "/api/ratings.csv", token).text.splitlines()
    assert len(lines) == 2
    assert not any(cell.startswith(("=", "+", "@")) for cell in lines[1].split(","))


def _any_film(target: Target) -> int:
    return int(target.ask("GET", "/api/give-rec").json()["items"][0]["movie_id"])


@attack("An address in place of a film's picture", asvs="5.2.6", expected="404 or 422, no request")
def _(target: Target) -> None:
    for path in (
        "/api/movies/http:%2f%2f127.0.0.1%2f/poster",
        "/api/movies/1/poster?size=original",
        "/api/movies/1/poster?size=..%2f..%2fx",
        "/api/movies/1/poster?path=%2fother.jpg",
        "/api/movies/1/backdrop?url=http:%2f%2f169.254.169.254%2f",
        "/api/movies/1/poster?language=..%2fx",
    ):
        answer = target.ask("GET", path)
        assert answer.status_code in (404, 422), path
        assert answer.headers["content-type"] == "application/json"
