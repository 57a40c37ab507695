"""Explanations, styles and what-if lists."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from db.loading import load
from startup import Application
from tests.catalogue import CATS, TOMBSTONE, write_larger_release

pytestmark = pytest.mark.data_layer

Headers = dict[str, str]
UNFIT: list[dict[str, Any]] = [
    {"ratings": [{"movie_id": 1, "rating": 0.7}]},
    {"ratings": [{"movie_id": 1, "rating": 5.5}]},
    {"ratings": [{"movie_id": 1, "rating": "5"}]},
    {"ratings": [{"movie_id": 0, "rating": 5}]},
    {"ratings": [{"movie_id": 2**31, "rating": 5}]},
    {"ratings": [{"rating": 5}]},
    {"ratings": [{"movie_id": 1, "rating": 5}] * 501},
    {"ratings": [{"movie_id": 999, "rating": 5}]},
    {"without": [0]},
    {"without": [999]},
    {"without": ["x"]},
    {"without": list(range(1, 502))},
    {"limit": 0},
    {"limit": 101},
    {"style": "wild"},
]


def _ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["movie_id"] for item in items]


def _listed(client: TestClient, headers: Headers | None = None, **narrowed: Any) -> Any:
    answer = client.get("/api/give-rec", params={"limit": 100, **narrowed}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def _what_if(client: TestClient, headers: Headers | None = None, **wish: Any) -> Any:
    answer = client.post("/api/what-if", json=wish, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_why_adds_up_to_the_score_of_the_list(client: TestClient, rater: Headers) -> None:
    for headers in (rater, None):
        for item in _listed(client, headers):
            why = client.get(f"/api/why/{item['movie_id']}", headers=headers).json()
            liked = [each["part"] for each in why["liked"]]
            disliked = [each["part"] for each in why["disliked"]]
            parts = sum(liked + disliked) + why["genre"] + why["period"] + why["popularity"]
            assert why["score"] == pytest.approx(parts)
            assert why["score"] == pytest.approx(item["score"], abs=1e-4)
            assert liked == sorted(liked, reverse=True)
            assert disliked == sorted(disliked)
            titles = {each["movie_id"]: each["title"] for each in why["liked"]}
            assert {*titles} == ({1, 2, 3, 4, 5} if headers else set())
            assert titles.get(1, "Toy Story") == "Toy Story"
    for movie, status in (("999", 404), ("0", 422), ("x", 422)):
        assert client.get(f"/api/why/{movie}").status_code == status


def test_why_includes_dislikes_and_films_marked_as_not_interesting(
    client: TestClient, rater: Headers
) -> None:
    client.put("/api/marks/8", json={"mark": "dismissed"}, headers=rater)
    client.put("/api/marks/9", json={"mark": "seen"}, headers=rater)
    for style in ("popular", "balanced", "adventurous"):
        why = client.get(f"/api/why/10?style={style}", headers=rater).json()
        assert {each["title"] for each in why["disliked"]} == {"Blade Runner", "The Interview"}
        parts = [each["part"] for each in (*why["liked"], *why["disliked"])]
        rest = why["genre"] + why["period"] + why["popularity"]
        assert why["score"] == pytest.approx(sum(parts) + rest)


def test_films_that_are_skipped_and_excluded(client: TestClient, rater: Headers) -> None:
    whole = _ids(_listed(client, rater))
    assert _ids(_listed(client, rater, offset=2, limit=3)) == whole[2:5]
    assert _listed(client, rater, offset=99) == []
    left_out = _ids(_listed(client, rater, exclude=f"{whole[0]},{whole[3]}"))
    assert {*left_out} == {*whole} - {whole[0], whole[3]}
    assert _ids(_listed(client, rater, exclude="")) == whole
    wrong = client.get("/api/give-rec?exclude=one,two").json()
    assert "separated by commas, such as 1,2" in wrong["fields"]["exclude"]


def test_each_list_has_its_style(client: TestClient, rater: Headers) -> None:
    """The requested style, else the account's, else balanced."""

    def styles(address: str, headers: Headers | None = rater) -> list[str]:
        return [
            client.get(f"{address}{asked}", headers=headers).json()["style"]
            for asked in ("", "style=popular", "style=adventurous")
        ]

    endpoints = ("/api/give-rec?", "/api/give-rec-genre?genre=drama&", "/api/why/7?")
    for endpoint in endpoints:
        assert styles(endpoint) == ["balanced", "popular", "adventurous"]
        wrong = client.get(f"{endpoint}style=wild", headers=rater)
        assert wrong.status_code == 422
        assert all(
            f"'{style}'" in wrong.json()["fields"]["style"]
            for style in ("popular", "balanced", "adventurous")
        )
    chosen = client.put("/api/account/style", json={"style": "adventurous"}, headers=rater)
    assert chosen.status_code == 204
    for endpoint in endpoints:
        assert styles(endpoint) == ["adventurous", "popular", "adventurous"]
        assert styles(endpoint, None) == ["balanced", "popular", "adventurous"]
    for style in (None, "popular"):
        wish = {} if style is None else {"style": style}
        assert _what_if(client, rater, **wish) == _listed(client, rater, **wish)[:5]


@pytest.mark.parametrize("body", [{}, {"style": None}, {"style": "wild"}, "popular"])
def test_an_unknown_style(client: TestClient, rater: Headers, body: Any) -> None:
    assert client.put("/api/account/style", json=body, headers=rater).status_code == 422
    assert client.get("/api/give-rec", headers=rater).json()["style"] == "balanced"


def test_only_an_account_stores_a_style(client: TestClient) -> None:
    assert client.put("/api/account/style", json={"style": "popular"}).status_code == 401


def test_each_film_has_a_basis(client: TestClient, rater: Headers) -> None:
    for item in _listed(client, rater):
        assert item["basis"] in {"liked", "many", "popular", *item["genres"]}


def test_film_that_was_loaded_after_the_training_is_new(
    client: TestClient,
    rater: Headers,
    application: Application,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not any(item["is_new"] for item in _listed(client, rater))
    monkeypatch.setattr("recsys.serving.current.CHECK_SECONDS", 0.0)
    load(application.services.engine, write_larger_release(tmp_path / "larger-release"))
    for _ in range(3):  # computed, from Redis, from memory
        items = _listed(client, rater)
        assert {item["movie_id"] for item in items if item["is_new"]} == {TOMBSTONE, CATS}
        assert {item["basis"] for item in items if item["is_new"]} <= {
            "Western",
            "Drama",
            "Musical",
            "many",
            "liked",
        }
    what_if = _what_if(client, ratings=[{"movie_id": 7, "rating": 5}])
    assert [item["movie_id"] for item in what_if if item["is_new"]] == [TOMBSTONE]
    why = client.get(f"/api/why/{TOMBSTONE}", headers=rater)
    assert why.status_code == 200, why.text


def test_what_if_with_my_own_ratings_is_my_own_list(client: TestClient, rater: Headers) -> None:
    """Send them oldest first, as /ratings lists them: the newest count most."""
    mine = client.get("/api/ratings", headers=rater).json()["items"]
    ratings = [{"movie_id": each["movie_id"], "rating": each["rating"]} for each in mine]
    for headers in (None, rater):
        assert _what_if(client, headers, ratings=ratings, limit=100) == _listed(client, rater)
    turned = _what_if(client, ratings=ratings[::-1], limit=100)
    assert turned != _listed(client, rater)
    twice = [{"movie_id": 1, "rating": 0.5}, *ratings]
    assert _what_if(client, ratings=twice, limit=100) == _listed(client, rater)


def test_what_if_without_some_films(client: TestClient, rater: Headers) -> None:
    before = _listed(client, rater)
    without = _what_if(client, rater, without=[1, 2], limit=100)
    assert {*_ids(without)} == {7, 8, 9, 10, 11, 12}
    assert without != before
    assert {each["movie_id"] for item in without for each in item["reasons"]} <= {3, 4, 5}
    history = [{"movie_id": film, "rating": 4.5} for film in (3, 4, 5, 6)]
    like = {"movie_id": 1, "rating": 5}
    apart = _what_if(client, ratings=[like, *history], without=[1])
    others = [item for item in _what_if(client, ratings=history, limit=6) if item["movie_id"] != 1]
    assert [(item["movie_id"], item["score"]) for item in apart] == [
        (item["movie_id"], item["score"]) for item in others[:5]
    ]

    again = client.get("/api/give-rec?limit=100", headers=rater).json()
    assert (again["cached"], again["items"]) == (True, before)
    assert len(client.get("/api/ratings", headers=rater).json()["items"]) == 6


def test_what_if_without_changes_is_the_same_list(client: TestClient, rater: Headers) -> None:
    assert _what_if(client) == _listed(client)[:5]
    assert _what_if(client, rater, ratings=[], limit=3) == _listed(client)[:3]
    assert _what_if(client, rater) == _listed(client, rater)[:5]
    for wish in UNFIT:
        answer = client.post("/api/what-if", json=wish)
        assert answer.status_code == 422, wish
        (field,) = answer.json()["fields"]
        assert field.split(".")[0] in wish


def test_onboarding_films(client: TestClient, rater: Headers, new_user: Headers) -> None:
    for headers in (None, new_user):
        onboarding_films = client.get("/api/starters?limit=4", headers=headers).json()
        assert len({film["movie_id"] for film in onboarding_films}) == 4
        assert all(film["genres"] for film in onboarding_films)
        assert onboarding_films[0].keys() == {"movie_id", "title", "year", "genres"}
    assert not {*_ids(onboarding_films)} & {
        *_ids(client.get("/api/give-rec", headers=new_user).json()["items"])
    }
    first, *_ = _ids(onboarding_films)
    passed = client.get(f"/api/starters?limit=12&passed={first}", headers=new_user).json()
    assert {*_ids(onboarding_films)} - {first} < {*_ids(passed)}
    assert first not in _ids(passed)
    listed = _ids(client.get("/api/give-rec", headers=rater).json()["items"])
    (left,) = {*range(7, 12)} - {*listed}
    assert _ids(client.get("/api/starters", headers=rater).json()) == [left]
    client.put(f"/api/marks/{left}", json={"mark": "later"}, headers=rater)
    assert client.get("/api/starters", headers=rater).json() == [], (
        "all others are the five recommended ones"
    )
    assert client.get("/api/starters?passed=one").status_code == 422
    assert client.get("/api/starters?limit=101").status_code == 422
