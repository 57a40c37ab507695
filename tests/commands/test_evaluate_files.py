"""`python -m recsys evaluate --train FILE --test FILE`, which needs no database."""

import json
from pathlib import Path

import pytest

from tests.commands.running import Run

NO_DATABASE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}


@pytest.fixture
def environment() -> dict[str, str]:
    return {**NO_DATABASE, "COLUMNS": "200"}


@pytest.fixture
def split(tmp_path: Path) -> list[str]:
    """Four people who like items 1 to 4, or 5 to 8, one of which is held out; in two forms."""
    train, test = tmp_path / "train.txt", tmp_path / "test.csv"
    train.write_text("1 1 2 3\n2 1 2 4\n3 5 6 7\n4 5 6 8\n")
    test.write_text("user,item,rating\n1,4,5\n2,3,4\n3,8,5\n4,7,4.5\n4,1,2\n")
    return ["evaluate", "--train", str(train), "--test", str(test)]


def test_models_are_measured_at_the_lengths_asked_for(run_here: Run, split: list[str]) -> None:
    done = run_here(*split, "--k", "2,1", "--model", "Popularity", "--model", "item-knn", "--json")
    assert done.code == 0, done.err
    (found,) = json.loads(done.out.splitlines()[-1])
    assert (found["split"], found["people"]) == ("files", 4)
    metrics = {name: each["mean"] for name, each in found["models"]["Item-kNN"].items()}
    assert (metrics["recall@1"], metrics["ndcg@1"], metrics["recall@2"]) == (1, 1, 1)
    assert list(found["models"]) == ["Popularity", "Item-kNN"]
    assert found["definitions"]["recall@2"] == "hits among the first 2 over all relevant items"
    assert next(iter(found["definitions"])) == "ndcg@1"


def test_tables_say_what_was_measured_and_how(run_here: Run, split: list[str]) -> None:
    done = run_here(*split, "--model", "Popularity")
    assert done.code == 0, done.err
    words = " ".join(done.out.split())
    assert "Trained on train.txt: 12 likes of 4 people. There are no ratings: every" in words
    assert "Tested on test.csv: 4 likes of 4 people. A rating of 4 or more is a like." in words
    assert "capped recall@5: hits among the first 5 over min(5, relevant items)." in words
    assert "ndcg@20: each hit among the first 20 gains 1 / log2(rank + 1)" in words
    assert "Metrics are means over the people who have any" in words


def test_notes_go_to_standard_error(run_here: Run, split: list[str]) -> None:
    (Path(split[-1])).write_text("1,1\n9,2\n")
    done = run_here(*split, "--model", "Popularity")
    assert "1 likes of test.csv are in train.txt too" in done.err
    assert "1 people of test.csv are not in train.txt." in done.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--split", "random"], "--train and --test are a split of their own: leave out"),
        (["--source", "demo"], "--train and --test are a split of their own: leave out"),
        (["--small"], "--train and --test are a split of their own: leave out"),
        (["--k", "0"], "--k has '0', but takes numbers from 1 to 1,000, such as 5,20."),
        (["--k", "5;20"], "--k has '5;20', but takes numbers"),
        (["--k", "5,"], "--k has '', but takes numbers"),
        (["--k", "1001"], "--k has '1001', but takes numbers"),
        (["--test", "/nowhere"], "/nowhere can't be read: No such file or directory."),
    ],
)
def test_wrong_use(run_here: Run, split: list[str], more: list[str], says: str) -> None:
    done = run_here(*split, *more)
    assert done.code == 2
    assert says in " ".join(done.err.split())


def test_one_file_alone_is_wrong_use(run_here: Run, split: list[str]) -> None:
    for one in (split[:3], [split[0], *split[3:]]):
        done = run_here(*one)
        assert (done.code, done.err) == (2, "--train FILE and --test FILE need each other.\n")


def test_a_wrong_line_is_named(run_here: Run, split: list[str]) -> None:
    Path(split[2]).write_text("1 1 2\n1 [bold]x\n")
    done = run_here(*split)
    assert done.code == 2
    assert done.err.startswith("train.txt, line 2: '[bold]x' is not a whole number")
