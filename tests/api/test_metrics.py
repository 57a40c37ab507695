"""Metrics for Prometheus, with and without a token."""

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from startup import Application

pytestmark = pytest.mark.data_layer

TOKEN = "sixteen-characters-or-more"


def test_anybody_may_read_them_by_default(client: TestClient) -> None:
    assert "five_films_cached_lists_total" in client.get("/metrics").text


@pytest.mark.parametrize(
    "headers",
    [{}, *({"Authorization": each} for each in ("", "Bearer ", "Bearer x", TOKEN, "Bearer \xe4"))],
)
def test_with_a_token_set_the_metrics_require_it(
    client: TestClient, application: Application, headers: dict[str, str]
) -> None:
    application.settings = application.settings.model_copy(
        update={"metrics_token": SecretStr(TOKEN)}
    )
    for method in ("GET", "HEAD"):
        refused = client.request(
            method,
            "/metrics",
            headers={name: each.encode("latin-1") for name, each in headers.items()},
        )
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert "five_films" not in refused.text
    for scheme in ("Bearer", "bearer"):
        answer = client.get("/metrics", headers={"Authorization": f"{scheme} {TOKEN}"})
        assert "five_films_cached_lists_total" in answer.text
