"""The Docker files, as far as they can be checked without a Docker engine."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return dict(compose["services"])


def test_the_services_and_what_makes_passwords(services: dict[str, Any]) -> None:
    assert set(services) == {"proxy", "app", "postgres", "redis", "pgadmin", "secrets", "backup"}
    for name in ("app", "postgres", "pgadmin"):
        waits_for = services[name]["depends_on"]["secrets"]["condition"]
        assert waits_for == "service_completed_successfully"


def test_servers_are_waited_for_until_they_are_healthy(services: dict[str, Any]) -> None:
    for name in ("postgres", "redis"):
        assert "healthcheck" in services[name]
        assert services["app"]["depends_on"][name]["condition"] == "service_healthy"


def test_apps_are_reached_through_the_proxy_alone(services: dict[str, Any]) -> None:
    """Or anybody could say that a request comes from another address."""
    assert "ports" not in services["app"]
    assert services["app"]["deploy"]["replicas"] == "${REPLICAS:-2}"
    assert services["proxy"]["depends_on"]["app"]["condition"] == "service_healthy"


def test_no_password_stands_in_the_files() -> None:
    for name in ("docker-compose.yml", ".env.example", "Dockerfile", "docker/pgadmin-servers.json"):
        content = (ROOT / name).read_text()
        for value in re.findall(r"PASSWORD\w*[ \t]*[:=][ \t]*(\S+)", content):
            assert value.startswith(("${", "/secrets/")), f"{name}: {value}"
        assert not re.search(
            r"://[^/@\s:]+:[^@\s]+@", content.replace("five_films:password@localhost", "")
        ), name


def test_only_this_machine_is_let_in_by_default(services: dict[str, Any]) -> None:
    for service in services.values():
        for port in service.get("ports", []):
            assert re.match(r"\$\{\w+:-127\.0\.0\.1:\d+\}:\d+$", port)


def test_pgadmin_knows_the_server(services: dict[str, Any]) -> None:
    known = json.loads((ROOT / "docker" / "pgadmin-servers.json").read_text())["Servers"]["1"]
    assert known["Host"] in services
    made = (ROOT / "docker" / "create-database.sh").read_text()
    assert f"CREATE DATABASE {known['MaintenanceDB']} OWNER {known['Username']}" in made


def test_the_image_is_slim_not_root_and_checks_its_health() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert re.fullmatch(r"FROM python:3\.\d+\.\d+-slim-\w+ AS base", lines[0])
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["films"]
    assert any(line.startswith("HEALTHCHECK ") for line in lines)


def test_images_are_named_by_their_full_version(services: dict[str, Any]) -> None:
    for name, service in services.items():
        if "build" not in service:
            assert re.search(r":\d+\.\d+", service["image"]), name


@pytest.fixture
def make_secrets(tmp_path: Path) -> Callable[..., str]:
    """Runs the script on folders of this test's own; what it says."""
    if os.geteuid() != 0:
        pytest.skip("the script gives files to other users, which root alone may")
    script = (ROOT / "docker" / "make-secrets.sh").read_text()
    for folder in ("secrets", "config"):
        (tmp_path / folder).mkdir()
        script = re.sub(rf"(?<=[\s>])/{folder}\b", str(tmp_path / folder), script)
    script = script.replace(" /docker/", f" {ROOT / 'docker'}/")

    def make(**environment: str) -> str:
        ran = subprocess.run(
            ["sh", "-c", script], env=os.environ | environment, capture_output=True, text=True
        )
        return ran.stderr if ran.returncode == 0 else f"{ran.returncode}: {ran.stderr}"

    return make


def test_passwords_are_made_once(tmp_path: Path, make_secrets: Callable[..., str]) -> None:
    folder = tmp_path / "secrets"
    assert make_secrets() == ""
    first = {file.name: file.read_text() for file in folder.iterdir()}
    assert make_secrets() == ""
    made = {file.name: file.read_text() for file in folder.iterdir()}
    assert made == first
    for name in ("superuser", "postgres", "pgadmin"):
        assert re.fullmatch(r"[0-9a-f]{48}\n", made[name])
    assert made["pgpass-app"] == f"postgres:5432:*:five_films:{made['postgres']}"
    assert made["pgpass-pgadmin"] == made["pgpass-app"]
    for name in made:
        assert (folder / name).stat().st_mode & 0o077 == 0


def test_a_password_of_any_signs_reaches_the_app(
    tmp_path: Path, make_secrets: Callable[..., str]
) -> None:
    assert make_secrets(POSTGRES_PASSWORD=r"a:b\c'd$e") == ""
    assert (tmp_path / "secrets/postgres").read_text() == "a:b\\c'd$e\n"
    written = (tmp_path / "secrets/pgpass-app").read_text()
    assert written == "postgres:5432:*:five_films:a\\:b\\\\c'd$e\n"
    assert "one line each" in make_secrets(POSTGRES_PASSWORD="two\nlines")


def test_a_password_that_is_changed_later_is_told(make_secrets: Callable[..., str]) -> None:
    make_secrets(POSTGRES_PASSWORD="first")
    assert make_secrets(POSTGRES_PASSWORD="first") == ""
    said = make_secrets(POSTGRES_PASSWORD="second")
    assert said.startswith("POSTGRES_PASSWORD only takes effect at the first start")
    assert "second" not in said
    assert said.count("\n") == 1
