"""The base images: pulled where there is a registry, else made of Debian's packages."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.containers.engine import Engine, NoEngineError, run
from tests.serving import ROOT

STANDINS = Path(__file__).parent / "standins"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
MIRROR = "http://deb.debian.org/debian"
# Python's headers without what they depend on, which would bring libc's.
HEADERS = (
    'chroot "$1" sh -c "cd /tmp && apt-get download libpython3.13-dev '
    "&& dpkg --extract libpython3.13-dev*.deb x && cp -r x/usr/include/. /usr/include "
    '&& rm -rf x *.deb"'
)
NO_CLUSTER = (
    'mkdir -p "$1/etc/postgresql-common" && '
    'echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"'
)
DEBIANS = {
    "python": (
        "trixie",
        "python3.13,python3.13-venv,python3-pip,ca-certificates",
        f"--customize-hook={HEADERS}",
    ),
    "servers": ("forky", "postgresql-18,redis-server,haproxy", f"--essential-hook={NO_CLUSTER}"),
}


def names() -> dict[str, str]:
    """The base images of the Dockerfile and docker-compose.yml, as POSTGRES, PYTHON, …"""
    text = (ROOT / "docker-compose.yml").read_text() + (ROOT / "Dockerfile").read_text()
    found = {}
    for program in ("postgres", "redis", "haproxy", "python", "dpage/pgadmin4"):
        name = re.search(rf"(?:^FROM |image: (?:&\w+ )?)({program}:[\w.-]+)", text, re.MULTILINE)
        assert name is not None, f"no image of {program} is named"
        found[program.rpartition("/")[2].rstrip("4").upper()] = name[1]
    return found


def provide(engine: Engine) -> None:
    """Have the base images in the engine; stand-ins that are there are not made again."""
    for image in names().values() if engine.has_registry else ():
        engine.docker("pull", "--quiet", image)
    if not engine.has_registry:
        _make(engine)


def _make(engine: Engine) -> None:
    if shutil.which("mmdebstrap") is None:
        raise NoEngineError("no registry is reached, and mmdebstrap isn't there to make images")
    there = engine.docker("images", "--format", "{{.Repository}}").split()
    for name, debian in DEBIANS.items():
        if f"five-films-standin-{name}" not in there:
            _import(engine, name, *debian)
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder) / "standins"
        shutil.copytree(STANDINS, context)
        shutil.copy(CERTIFICATES, context)
        (context / "pip.conf").write_text(_pip_configuration())
        environment = {
            **engine.environment,
            **names(),
            "PGADMIN_VERSION": names()["PGADMIN"].rpartition(":")[2],
        }
        for services in (["python"], ["postgres", "redis", "haproxy", "pgadmin"]):
            run([*engine.compose, "build", "--quiet", *services], environment, cwd=context)


def _import(engine: Engine, name: str, suite: str, packages: str, hook: str) -> None:
    command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={packages}", hook]
    command += ["--aptopt=Acquire::Check-Valid-Until false", suite, "-", MIRROR]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        engine.docker("import", "-", f"five-films-standin-{name}", stdin=process.stdout)
    assert process.returncode == 0, f"mmdebstrap ended with {process.returncode}"


def _pip_configuration() -> str:
    """What of this machine's pip configuration counts in a container, too."""
    listed = run(["pip", "config", "list"], os.environ)
    lines = ["[global]", f"cert = {CERTIFICATES}"]
    for key, value in re.findall(r"(?:global|:env:)\.([\w-]+)='(http\S+)'", listed):
        lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"
