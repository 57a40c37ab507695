"""Attacks on authentication and authorisation."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from tests.attacks.target import PASSWORD, Target, anywhere, attack

NEW = "another fine long sentence"


@attack(
    "Guessing an account's password, from many addresses",
    asvs="2.2.1",
    expected="429",
    is_slow=True,
)
def _(target: Target) -> None:
    email = target.register()
    codes = [target.log_in(email, f"guess {n}").status_code for n in range(12)]
    assert codes[:10] == [401] * 10
    assert codes[10:] == [429, 429]
    locked = target.log_in(email)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 15 * 60


@attack(
    "Guessing in parallel, before the count goes up", asvs="2.2.1", expected="ten 401, else 429"
)
def _(target: Target) -> None:
    email = target.register()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: target.log_in(email, f"{n}").status_code, range(20)))
    assert codes.count(401) <= 10
    assert codes.count(429) >= 10


@attack(
    "Trying one password on many accounts, from one address",
    asvs="2.2.1",
    expected="429",
    is_slow=True,
)
def _(target: Target) -> None:
    here = anywhere()
    names = [f"{secrets.token_hex(6)}@attacks.invalid" for _ in range(51)]
    codes = [target.log_in(name, "summer2026", here).status_code for name in names]
    assert codes[-1] == 429
    assert set(codes[:40]) == {401}


@attack("Finding out whether an email has an account", asvs="7.4.1", expected="the same response")
def _(target: Target) -> None:
    there, nowhere = target.register(), f"{secrets.token_hex(8)}@attacks.invalid"
    first, second = (target.log_in(email, "wrong") for email in (there, nowhere))
    assert (first.status_code, first.json()) == (second.status_code, second.json())


@attack("Common passwords", asvs="2.1.7", expected="422")
def _(target: Target) -> None:
    for password in ("password", "12345678", "qwertyuiop", "short", "x" * 73, " " * 12):
        wish = {"email": f"{secrets.token_hex(8)}@attacks.invalid", "password": password}
        assert target.ask("POST", "/api/auth/register", json=wish).status_code == 422


@attack("Forged tokens", asvs="3.2.2", expected="401")
def _(target: Target) -> None:
    good = target.token()
    forged = ["x", secrets.token_urlsafe(32), good[:-1], good + "x", good.swapcase(), "null"]
    forged += ["eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "' OR 1=1 --", "%00"]
    for token in forged:
        headers = {"Authorization": f"Bearer {token}"}
        answer = target.ask("GET", "/api/who-am-i", headers=headers)
        assert answer.status_code == 401, token
    assert target.ask("GET", "/api/who-am-i", good).status_code == 200


@attack("A token in the URL, or as Basic", asvs="3.1.1", expected="422, 401")
def _(target: Target) -> None:
    token = target.token()
    for name in ("token", "access_token", "Authorization"):
        answer = target.ask("GET", f"/api/who-am-i?{name}={token}")
        assert (answer.status_code, token in answer.text) == (422, False)
    headers = {"Authorization": f"Basic {token}"}
    assert target.ask("GET", "/api/who-am-i", headers=headers).status_code == 401


@attack("A token after logout", asvs="3.3.1", expected="401")
def _(target: Target) -> None:
    token = target.token()
    assert target.ask("POST", "/api/auth/logout", token).status_code == 204
    for path in ("/api/who-am-i", "/api/give-rec", "/api/ratings"):
        assert target.ask("GET", path, token).status_code == 401


@attack("A stolen token after the password was changed", asvs="3.3.3", expected="401")
def _(target: Target) -> None:
    email = target.register()
    stolen, own = target.token(email), target.token(email)
    wish = {"old": PASSWORD, "new": NEW}
    assert target.ask("POST", "/api/account/password", own, json=wish).status_code == 204
    assert target.ask("GET", "/api/who-am-i", stolen).status_code == 401
    assert target.log_in(email).status_code == 401


@attack(
    "Changing the password with only a stolen token",
    asvs="2.1.6",
    expected="403, then 429",
    is_slow=True,
)
def _(target: Target) -> None:
    token = target.token()
    codes = [
        target.ask(
            "POST", "/api/account/password", token, json={"old": f"guess {n}", "new": NEW}
        ).status_code
        for n in range(12)
    ]
    assert codes[0] == 403
    assert codes[-1] == 429


@attack("Guessing the link that sets a new password", asvs="2.5.6", expected="410")
def _(target: Target) -> None:
    for guess in ("", "1", "' OR ''='", secrets.token_urlsafe(32), target.token()):
        payload = {"token": guess, "new": NEW}
        assert target.ask("POST", "/api/auth/new-password", json=payload).status_code == 410


@attack(
    "Deleting an account with only a stolen token",
    asvs="2.1.6",
    expected="403, then 429",
    is_slow=True,
)
def _(target: Target) -> None:
    email = target.register()
    token = target.token(email)
    assert target.ask("DELETE", "/api/account", token, json={"confirm": email}).status_code == 422
    codes = [
        target.ask(
            "DELETE", "/api/account", token, json={"confirm": email, "password": f"guess {n}"}
        ).status_code
        for n in range(12)
    ]
    assert codes[0] == 403
    assert codes[-1] == 429
    assert target.ask("GET", "/api/who-am-i", token).status_code == 200


@attack(
    "Reading and changing another user's data, by number",
    asvs="4.2.1",
    expected="only one's own data",
)
def _(target: Target) -> None:
    mine, other = target.token(), target.token()
    film = target.ask("GET", "/api/give-rec").json()["items"][0]["movie_id"]
    assert target.ask("PUT", f"/api/ratings/{film}", other, json={"rating": 1}).status_code == 200
    for query in ("user_id=1", "user=1", "email=test1@mail.com"):
        assert target.ask("GET", f"/api/ratings?{query}", mine).status_code == 422
        assert target.ask("DELETE", f"/api/ratings/{film}?{query}", mine).status_code == 422
    assert target.ask("DELETE", f"/api/ratings/{film}", mine).status_code == 404
    assert target.ask("GET", "/api/ratings", mine).json()["items"] == []
    (left,) = target.ask("GET", "/api/ratings", other).json()["items"]
    assert left["rating"] == 1


@attack("Personal endpoints without logging in", asvs="4.1.1", expected="401")
def _(target: Target) -> None:
    schema = target.ask("GET", "/api/openapi.json").json()
    closed = 0
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if "401" in operation["responses"] and "Visitor" not in str(operation):
                answer = target.ask(
                    method.upper(),
                    "/api" + path.removeprefix("/api").format(movie_id=1),
                    headers={"Authorization": "Bearer nobody"},
                    json={},
                )
                assert answer.status_code in (401, 422), (method, path, answer.status_code)
                closed += answer.status_code == 401
    assert closed >= 12


@attack("Deleting or changing a shared demo account", asvs="4.1.3", expected="403")
def _(target: Target) -> None:
    answer = target.log_in("test2@mail.com", "test")
    if answer.status_code == 401:
        return  # this instance has no demo accounts
    token = answer.json()["access_token"]
    leave = {"confirm": "test2@mail.com", "password": "test"}
    assert target.ask("DELETE", "/api/account", token, json=leave).status_code == 403
    wish = {"old": "test", "new": NEW}
    assert target.ask("POST", "/api/account/password", token, json=wish).status_code == 403
