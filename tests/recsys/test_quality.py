"""Lists beat popularity on real people; benchmarks/quality.py measures by how much."""

from pathlib import Path

import pytest

from benchmarks.quality import known_people, read
from recsys import fit
from recsys.model import Model

# A small model, for a test has seconds; the one that is served is better.
SMALL = {"members": 1, "components": 16, "epochs": 6}


@pytest.mark.parametrize(("source", "gain"), [("demo", 1.3), ("release", 1.05)])
def test_known_people_are_served_better_than_by_popularity(
    source: str, gain: float, request: pytest.FixtureRequest
) -> None:
    folder: Path | str = source if source == "demo" else request.getfixturevalue("release")

    def train(*frames: object) -> Model:
        return fit(*frames, **SMALL)  # type: ignore[arg-type]

    found = known_people(*read(str(folder)), train)
    assert 0.06 < found["popularity"].ndcg < 0.1
    assert found["model"].ndcg > gain * found["popularity"].ndcg
    assert found["model"].coverage > 2 * found["popularity"].coverage
