"""Attacks by another site through the user's browser."""

import httpx

from tests.attacks.target import Target, attack

EVIL = "https://evil.example"
PAGES = ("/", "/account", "/api/genres", "/docs", "/api/docs", "/nothing/here")


@attack("Embedding a page in another site", asvs="14.4.7", expected="frame-ancestors 'self'")
def _(target: Target) -> None:
    for path in PAGES:
        answer = target.ask("GET", path)
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"


@attack("Loading a script from another host", asvs="14.4.3", expected="no other host in the policy")
def _(target: Target) -> None:
    for path in PAGES:
        policy = target.ask("GET", path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert "*" not in policy


@attack("Treating JSON as a page", asvs="14.4.4", expected="nosniff everywhere")
def _(target: Target) -> None:
    for path in PAGES:
        assert target.ask("GET", path).headers["x-content-type-options"] == "nosniff"


@attack("Reading a response from another origin", asvs="14.5.3", expected="no CORS header")
def _(target: Target) -> None:
    for method in ("GET", "OPTIONS"):
        asking = {"Origin": EVIL, "Access-Control-Request-Method": "PUT"}
        answer = target.ask(method, "/api/give-rec", headers=asking)
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers


@attack("A WebSocket from another site", asvs="4.2.2", expected="403")
def _(target: Target) -> None:
    asking = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {target.client.base_url.netloc.decode()}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: streamlit\r\n"
    )
    own = target.raw(f"{asking}Origin: {target.address}\r\n\r\n".encode())
    assert own.startswith(b"HTTP/1.1 101")
    assert target.raw(f"{asking}Origin: {EVIL}\r\n\r\n".encode()).startswith(b"HTTP/1.1 403")


@attack("A file uploaded by another site's form", asvs="4.2.2", expected="403")
def _(target: Target) -> None:
    answer = target.ask(
        "PUT",
        "/_stcore/upload_file/session/file",
        files={"file": ("x.csv", b"a,b")},
        headers={"Origin": EVIL},
    )
    assert answer.status_code in (400, 403)


@attack("A session cookie chosen by the attacker", asvs="3.2.1", expected="it is ignored")
def _(target: Target) -> None:
    chosen = {"Cookie": "five_films_session=chosen; five_films_visitor=chosen"}
    assert target.ask("GET", "/api/who-am-i", headers=chosen).status_code == 401
    answer = target.ask("GET", "/auth/session?ticket=chosen", headers=chosen)
    assert answer.status_code == 303
    assert "five_films_session" not in answer.headers.get("set-cookie", "")


@attack("A component's page that sets cookies", asvs="14.3.2", expected="404")
def _(target: Target) -> None:
    # streamlit-authenticator includes one; a site that frames it could make it set cookies.
    unused = "/component/extra_streamlit_components.CookieManager.cookie_manager/index.html"
    answer = target.ask("GET", unused)
    assert answer.status_code == 404
    assert "<html" not in answer.text.lower()


@attack("A link that logs a user out", asvs="4.2.2", expected="a valid session stays")
def _(target: Target) -> None:
    token = target.token()
    target.ask("GET", "/auth/ended", headers={"Cookie": f"five_films_session={token}"})
    assert target.ask("GET", "/api/who-am-i", token).status_code == 200


@attack("The attacker's session, planted as a cookie", asvs="3.2.1", expected="treated as a guest")
def _(target: Target) -> None:
    token = target.token()
    for visitor in ("", "; five_films_visitor=another"):
        headers = {"Cookie": f"five_films_session={token}{visitor}"}
        answer = target.ask("GET", "/download/five-films-about-me.json", headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")


@attack("Reading the visitor cookie from a script", asvs="3.4.2", expected="HttpOnly, SameSite=Lax")
def _(target: Target) -> None:
    cookie = httpx.get(f"{target.address}/", timeout=30).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


@attack(
    "An open redirect in one of our links", asvs="5.1.5", expected="it redirects to our own page"
)
def _(target: Target) -> None:
    for path in (
        f"/auth/session?ticket=x&next={EVIL}",
        f"/auth/ended?next={EVIL}&url={EVIL}&redirect={EVIL}",
        f"/docs?next={EVIL}",
        "//evil.example/%2e%2e",
    ):
        for host in ("evil.example", target.client.base_url.netloc.decode()):
            answer = target.ask("GET", path, headers={"Host": host})
            place = answer.headers.get("location", "/")
            assert place.startswith("/")
            assert not place.startswith("//")


@attack("A user's list stored in a shared cache", asvs="8.2.1", expected="no-store")
def _(target: Target) -> None:
    token = target.token()
    for path in ("/api/give-rec", "/api/who-am-i", "/api/ratings"):
        assert target.ask("GET", path, token).headers["cache-control"] == "no-store"


@attack("Revealing the referrer to other sites", asvs="14.4.6", expected="same-origin")
def _(target: Target) -> None:
    assert target.ask("GET", "/").headers["referrer-policy"] == "same-origin"
