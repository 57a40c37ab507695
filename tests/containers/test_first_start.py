"""`docker compose up` on an empty machine: to a trained model, once, and to personal films."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, log_in, titles
from tests.containers.stack import Stack


def test_a_known_person_gets_films_of_their_own(stack: Stack) -> None:
    answer = stack.ask("give-rec", token=stack.log_in())
    assert answer["kind"] == "known"
    assert len(answer["items"]) == 5


def test_two_replicas_do_the_first_start_once(stack: Stack) -> None:
    assert len(stack.containers("app")) == 2
    assert stack.sql("SELECT count(*) FROM loads") == "1"
    assert stack.sql("SELECT count(*) FROM trainings") == "1"
    assert stack.sql("SELECT count(*) FROM model_versions WHERE is_active") == "1"


def test_every_line_of_the_log_is_json_and_none_is_an_error(stack: Stack) -> None:
    lines = [json.loads(line) for line in stack.logs("app").splitlines() if line.strip()]
    assert any(line["message"] == "Ready" for line in lines)
    assert not [line for line in lines if line["levelname"] in ("ERROR", "CRITICAL")]


def test_the_readmes_person_logs_in_through_the_proxy(stack: Stack, page: Page) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(stack.address)
    strangers = titles(page)
    expect(page.get_by_text("Demo accounts are on")).to_have_count(0)
    log_in(page, "test195@mail.com", "test")
    expect(page.get_by_role("heading", name="Five films for Test 195")).to_be_visible()
    assert titles(page) != strangers


def test_the_app_owns_its_database_and_is_no_superuser(stack: Stack) -> None:
    rights = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
    assert stack.sql(f"SELECT {rights} FROM pg_roles WHERE rolname = 'five_films'") == "f"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'five_films'"
    assert stack.sql(owner) == "five_films"


@pytest.mark.parametrize("service", ["app", "proxy", "redis", "postgres", "pgadmin"])
def test_what_runs_can_do_no_more_than_it_must(stack: Stack, service: str) -> None:
    for container in stack.containers(service):
        host = stack.inspect(container)["HostConfig"]
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert host["Memory"] > 0
        assert host["PidsLimit"] == 256
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "3"}
        if service != "pgadmin":
            assert host["ReadonlyRootfs"]
            assert host["CapDrop"] == ["ALL"]


def test_the_app_and_its_data_are_on_networks_without_a_way_out(stack: Stack) -> None:
    for service in ("app", "postgres", "redis"):
        for container in stack.containers(service):
            for network in stack.inspect(container)["NetworkSettings"]["Networks"]:
                assert stack.inspect(network)["Internal"], f"{service}: {network}"
