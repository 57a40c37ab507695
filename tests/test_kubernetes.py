"""deploy/kubernetes: valid by Kubernetes' own schemas, and in step with the app."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.testing import CliRunner

from api.application import create
from commands.main import app as recsys
from config import Settings

FOLDER = Path(__file__).parents[1] / "deploy" / "kubernetes"
VERSIONS = ("1.31", "1.37")
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    each
    for name in KUSTOMIZATION["resources"]
    for each in yaml.safe_load_all((FOLDER / name).read_text())
]


def _named(each: dict[str, Any]) -> str:
    return f"{each['kind']} {each['metadata']['name']}"


def _found(node: Any, key: str) -> Iterator[Any]:
    """Each value that stands under this key, however deep."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from _found(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _found(value, key)


def _pods() -> list[tuple[str, dict[str, Any]]]:
    found = [(_named(each), pod) for each in OBJECTS for pod in _found(each, "template")]
    assert [name for name, _ in found] == [
        "Deployment five-films",
        "CronJob five-films-training",
        "Job five-films-load",
        "CronJob five-films-backup",
    ]
    return [(name, pod["spec"]) for name, pod in found]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("each", OBJECTS, ids=_named)
def test_each_object_is_valid(each: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(each, version, strict=True)


def test_a_wrong_object_is_found_out() -> None:
    wrong = {"apiVersion": "v1", "kind": "Service", "spec": {"prots": []}}
    with pytest.raises(kubernetes_validate.ValidationError, match="prots"):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_every_file_is_listed() -> None:
    files = {each.name for each in FOLDER.iterdir()} - {"kustomization.yaml"}
    assert files == set(KUSTOMIZATION["resources"])


def test_settings_are_those_of_the_app() -> None:
    (settings,) = (each["data"] for each in OBJECTS if each["kind"] == "ConfigMap")
    known = {name.upper() for name in Settings.model_fields} | {"FORWARDED_ALLOW_IPS"}
    assert set(settings) <= known
    Settings(_env_file=None, **{name.lower(): value for name, value in settings.items()})
    for _, pod in _pods():
        for container in pod["containers"]:
            assert [*_found(container["envFrom"], "name")] == ["five-films", "five-films"]


def test_probes_ask_what_the_app_answers() -> None:
    paths = {f"/api{path}" for path in create().openapi()["paths"]}
    probes = [each["path"] for each in _found(OBJECTS, "httpGet")]
    assert len(probes) == 3
    assert set(probes) <= paths


def test_jobs_run_commands_that_there_are() -> None:
    commands = [" ".join(each) for each in _found(OBJECTS, "command")]
    used = [re.search(r"python -m recsys (\w+)([^&\"$]*)", each) for each in commands]
    assert [each and each[1] for each in used] == ["train", "load", "backup"]
    for each in used:
        assert each is not None
        said = CliRunner().invoke(recsys, [each[1], "--help"])
        assert said.exit_code == 0
        assert all(option in said.output for option in each[2].split())


@pytest.mark.parametrize(("name", "pod"), _pods(), ids=lambda each: str(each)[:30])
def test_every_pod_is_restricted(name: str, pod: dict[str, Any]) -> None:
    """As the namespace's pod security standard asks, and as the image is tried with in Docker."""
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001, "the user of the Dockerfile"
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["image"] == KUSTOMIZATION["images"][0]["name"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
        mounted = {each["name"] for each in container["volumeMounts"]}
        assert mounted == {each["name"] for each in pod["volumes"]}


def test_a_browser_stays_with_one_replica() -> None:
    objects = {_named(each): each for each in OBJECTS}
    annotations = objects["Ingress five-films"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    deployment, service = objects["Deployment five-films"], objects["Service five-films"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()
    assert service["spec"]["ports"][0]["targetPort"] == "http"
