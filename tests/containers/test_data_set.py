"""Another data set than the demo set, from a file that is mounted."""

import shutil
from pathlib import Path

from tests.containers.engine import Engine
from tests.containers.stack import Stack, until
from tests.faults.conftest import write_films
from tests.faults.crowd import FILMS


def test_the_first_start_loads_the_file_that_dataset_names(
    docker: Engine, project: Path, image: str, tmp_path: Path
) -> None:
    write_films(tmp_path / "release")
    file = Path(shutil.make_archive(str(project / "datasets/release"), "zip", tmp_path / "release"))
    file.parent.chmod(0o755)
    file.chmod(0o644)
    stack = Stack(
        docker, "five-films-data-set", project, DATASET="/datasets/release.zip", REPLICAS="1"
    )
    stack.remove()
    try:
        stack.up("proxy")
        until(lambda: stack.ask("health/ready")["ready"], 120)
        assert stack.sql("SELECT count(*) FROM movies") == str(FILMS)
        assert stack.sql("SELECT source FROM loads") == "release.zip"
        assert all(film["title"].startswith("Film ") for film in stack.ask("give-rec")["items"])
    finally:
        stack.remove()
