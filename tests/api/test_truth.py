"""The API agrees with a plain dict of ratings and marks, also with many concurrent writers."""

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from starlette.testclient import TestClient

from accounts import sessions
from accounts.passwords import hashed
from db.queries import users
from startup import Application
from tests.catalogue import FILMS
from tests.measurements import tell

pytestmark = pytest.mark.data_layer

NewAccount = Callable[[], tuple[str, dict[str, str]]]
Opinion: TypeAlias = float | str
PASSWORD = "a fine long sentence"

film_numbers = st.sampled_from(sorted(FILMS))
stars = st.integers(1, 10).map(lambda halves: halves / 2)
mark_names = st.sampled_from(["dismissed", "seen", "later"])


@pytest.fixture
def new_account(application: Application) -> NewAccount:
    """Return a function that creates an account and returns its email and headers."""
    numbers = itertools.count()

    def make() -> tuple[str, dict[str, str]]:
        email = f"person{next(numbers)}@mail.com"
        with application.services.engine.begin() as connection:
            user = users.register(connection, email=email, name="", password_hash=hashed(PASSWORD))
        token = sessions.open_session(application.services.engine, user, 1)
        return email, {"Authorization": f"Bearer {token}"}

    return make


class Person(RuleBasedStateMachine):
    """A person who rates, marks, takes back and imports, next to the expected state."""

    client: TestClient
    new_account: NewAccount

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[int, Opinion] = {}
        self.before: tuple[int, Opinion | None] | None = None
        self.email, self.headers = type(self).new_account()

    def ask(self, method: str, endpoint: str, **request: Any) -> Any:
        return self.client.request(method, f"/api/{endpoint}", headers=self.headers, **request)

    def _remember(self, film: int) -> None:
        self.before = (film, self.said.get(film))

    @rule(film=film_numbers, rating=stars)
    def rate(self, film: int, rating: float) -> None:
        """Rate a film; the rating replaces a mark."""
        self._remember(film)
        answer = self.ask("PUT", f"ratings/{film}", json={"rating": rating})
        assert answer.status_code == 200
        self.said[film] = rating

    @rule(film=film_numbers)
    def take_back(self, film: int) -> None:
        """Take a rating back; without one it is an error."""
        is_rated = isinstance(self.said.get(film), float)
        self._remember(film)
        assert self.ask("DELETE", f"ratings/{film}").status_code == (204 if is_rated else 404)
        if is_rated:
            del self.said[film]

    @rule(film=film_numbers, mark=mark_names)
    def mark(self, film: int, mark: str) -> None:
        """Mark a film; a rated film can't be marked."""
        is_rated = isinstance(self.said.get(film), float)
        answer = self.ask("PUT", f"marks/{film}", json={"mark": mark})
        assert answer.status_code == (409 if is_rated else 204)
        if not is_rated:
            self._remember(film)
            self.said[film] = mark

    @rule(film=film_numbers)
    def unmark(self, film: int) -> None:
        """Take a mark back; without one it is an error."""
        is_marked = isinstance(self.said.get(film), str)
        assert self.ask("DELETE", f"marks/{film}").status_code == (204 if is_marked else 404)
        if is_marked:
            self._remember(film)
            del self.said[film]

    @precondition(lambda self: self.before is not None)
    @rule()
    def undo(self) -> None:
        """Restore what was there before the last change."""
        assert self.before is not None
        film, opinion = self.before
        self.before = None
        if isinstance(opinion, float):
            self.rate(film, opinion)
        elif isinstance(opinion, str):
            self.take_back(film)
            self.mark(film, opinion)
        elif isinstance(self.said.get(film), float):
            self.take_back(film)
        else:
            self.unmark(film)

    @rule(
        ratings=st.dictionaries(film_numbers | st.just(999), stars, max_size=4),
        replace=st.booleans(),
    )
    def bring_along(self, ratings: dict[int, float], replace: bool) -> None:
        """Import ratings; existing ones only change with replace."""
        rows = [
            {"movie_id": film, "rating": rating, "rated_at": "2020-01-01T00:00:00Z"}
            for film, rating in ratings.items()
        ]
        wish = {"ratings": rows, "replace": replace}
        if 999 in ratings:
            assert self.ask("POST", "imports", json=wish).status_code == 422
        answer = self.ask("POST", "imports", json=wish | {"skip_unknown": True})
        assert answer.status_code == 200
        assert answer.json()["unknown"] == (999 in ratings)
        for film, rating in ratings.items():
            if film != 999 and (replace or not isinstance(self.said.get(film), float)):
                self.said[film] = rating

    @rule()
    def leave_and_come_back(self) -> None:
        """Delete the account and register again; nothing is left."""
        wish = {"confirm": self.email, "password": PASSWORD}
        assert self.ask("DELETE", "account", json=wish).status_code == 204
        assert self.ask("GET", "who-am-i").status_code == 401
        self.email, self.headers = type(self).new_account()
        self.said, self.before = {}, None

    @invariant()
    def what_was_said_is_there(self) -> None:
        """Check that each rating and mark is there once, with its last value."""
        rated = {
            row["movie_id"]: row["rating"] for row in self.ask("GET", "ratings").json()["items"]
        }
        marked = {row["movie_id"]: row["mark"] for row in self.ask("GET", "marks").json()}
        assert rated | marked == self.said
        assert not set(rated) & set(marked)

    @invariant()
    def the_list_knows_it(self) -> None:
        """Check that the list has all other films; the second time it comes from the cache."""
        left = set(FILMS) - set(self.said)
        for is_kept in (False, True):
            given = self.ask("GET", "give-rec?limit=100").json()
            assert {item["movie_id"] for item in given["items"]} == left
            assert given["cached"] or not is_kept
        rated = any(isinstance(opinion, float) for opinion in self.said.values())
        assert given["kind"] == ("known" if rated else "cold")


def _against_a_dict(client: TestClient, new_account: NewAccount, examples: int, steps: int) -> None:
    machine = type("TestPerson", (Person,), {"client": client, "new_account": new_account})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_it_agrees_with_a_plain_dict(client: TestClient, new_account: NewAccount) -> None:
    _against_a_dict(client, new_account, examples=4, steps=15)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_it_agrees_with_a_plain_dict_for_long(client: TestClient, new_account: NewAccount) -> None:
    _against_a_dict(client, new_account, examples=150, steps=50)


def _write(
    client: TestClient,
    headers: dict[str, str],
    films: list[int],
    until: float,
    seed: int,
) -> tuple[int, dict[int, float]]:
    """Rate films, check that the next list reflects it, and return the count and last ratings."""
    random = Random(seed)
    said: dict[int, float] = {}
    writes = 0
    while time.monotonic() < until:
        film, rating = random.choice(films), random.randint(1, 10) / 2
        answer = client.put(f"/api/ratings/{film}", json={"rating": rating}, headers=headers)
        assert answer.status_code == 200, answer.text
        said[film] = rating
        writes += 1
        given = client.get("/api/give-rec?limit=100", headers=headers).json()
        assert not {item["movie_id"] for item in given["items"]} & set(said)
    return writes, said


def _many_writers(
    client: TestClient, new_account: NewAccount, writers: int, seconds: float
) -> None:
    """Run writers: half alone, the others in pairs on one account, each on its own films."""
    accounts = [new_account()[1] for _ in range(writers * 3 // 4)]
    alone = writers // 2
    jobs = [(headers, sorted(FILMS)) for headers in accounts[:alone]]
    for headers in accounts[alone:]:
        jobs += [(headers, [1, 2, 3, 4, 5]), (headers, [6, 7, 8, 9, 10])]
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(jobs)) as pool:
        done = list(
            pool.map(
                lambda job: _write(client, job[1][0], job[1][1], until, job[0]), enumerate(jobs)
            )
        )
    expected: dict[str, dict[int, float]] = {}
    for (headers, _), (_, said) in zip(jobs, done, strict=True):
        expected.setdefault(headers["Authorization"], {}).update(said)
    found = {
        token: {
            row["movie_id"]: row["rating"]
            for row in client.get("/api/ratings", headers={"Authorization": token}).json()["items"]
        }
        for token in expected
    }
    acknowledged = sum(writes for writes, _ in done)
    lost = [
        (film, rating, found[token].get(film))
        for token, said in expected.items()
        for film, rating in said.items()
        if found[token].get(film) != rating
    ]
    tell(f"{len(jobs)} writers: {acknowledged:,} writes acknowledged, {len(lost)} lost")
    assert lost == []
    assert acknowledged > len(jobs)
    assert found == expected


def test_many_writers_lose_nothing(client: TestClient, new_account: NewAccount) -> None:
    _many_writers(client, new_account, writers=20, seconds=3)


@pytest.mark.soak
def test_fifty_writers_for_two_minutes(client: TestClient, new_account: NewAccount) -> None:
    _many_writers(client, new_account, writers=50, seconds=120)
