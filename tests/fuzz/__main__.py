"""Fuzz one target with a number of inputs."""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["accounts", "api", "db", "recsys"]):
    from tests.fuzz.targets import TARGETS

LONGEST_INPUT = 4096
SLOWEST_SECONDS = 10
MOST_MEGABYTES = 2048


def main() -> None:
    """Run the fuzzer; it exits with a non-zero code at the first input that breaks the target."""
    name, runs = sys.argv[1], int(sys.argv[2])
    target = TARGETS[name]
    found = Path("test-results")
    found.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [
            f"-runs={runs}",
            f"-max_len={LONGEST_INPUT}",
            f"-timeout={SLOWEST_SECONDS}",
            f"-rss_limit_mb={MOST_MEGABYTES}",
            f"-artifact_prefix={found}/fuzz-{name}-",
        ]
        atheris.Setup([sys.argv[0], corpus, *options], target.run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
