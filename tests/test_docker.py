"""The Docker files, as far as they can be checked without a Docker engine."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return dict(compose["services"])


def test_the_five_services_and_the_one_that_makes_passwords(services: dict[str, Any]) -> None:
    assert set(services) == {"proxy", "app", "postgres", "redis", "pgadmin", "secrets"}
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
    assert known["Username"] == services["postgres"]["environment"]["POSTGRES_USER"]
    assert known["MaintenanceDB"] == services["postgres"]["environment"]["POSTGRES_DB"]


def test_the_image_is_slim_not_root_and_checks_its_health() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert re.fullmatch(r"FROM python:3\.\d+-slim", lines[0])
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["films"]
    assert any(line.startswith("HEALTHCHECK ") for line in lines)


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose isn't installed")
def test_compose_accepts_the_file() -> None:
    checked = subprocess.run(
        ["docker-compose", "config", "--quiet"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_passwords_are_made_once(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("the script gives files to other users, which root alone may")
    script = (ROOT / "docker" / "make-secrets.sh").read_text().replace("/secrets", str(tmp_path))
    for _ in range(2):
        subprocess.run(["sh", "-c", script], check=True)
    made = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert re.fullmatch(r"[0-9a-f]{48}", made["postgres"])
    assert re.fullmatch(r"[0-9a-f]{48}", made["pgadmin"])
    assert made["pgpass-app"] == f"postgres:5432:*:five_films:{made['postgres']}\n"
    assert made["pgpass-pgadmin"] == made["pgpass-app"]
    for name in ("postgres", "pgpass-app", "pgpass-pgadmin"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
