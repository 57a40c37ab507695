"""Splits that were made elsewhere, read from two files."""

from pathlib import Path

import pandas as pd
import pytest

from recsys.evaluation.contenders import OURS, POPULARITY, Training, popularity
from recsys.evaluation.definitions import definitions
from recsys.evaluation.interaction_files import SplitFileError
from recsys.evaluation.run import CONTENDERS, evaluate_split
from recsys.evaluation.split_files import SplitFiles, read_split


def _split(tmp_path: Path, train: str, test: str) -> SplitFiles:
    (tmp_path / "train").write_text(train)
    (tmp_path / "test").write_text(test)
    return read_split(tmp_path / "train", tmp_path / "test")


def _cases(files: SplitFiles) -> dict[int, tuple[list[int], set[int]]]:
    return {
        case.user_id: (case.history["movie_id"].tolist(), set(case.relevant))
        for case in files.split.cases
    }


def test_items_of_both_files_are_the_catalogue(tmp_path: Path) -> None:
    files = _split(tmp_path, "10 100 7\n2 7\n", "2 300 100\n10 300\n")
    assert files.movies["movie_id"].tolist() == [1, 2, 3], "7, 100 and 300"
    assert files.movies["genres"].tolist() == [[], [], []]
    assert files.movies["year"].isna().all()
    assert _cases(files) == {1: ([1], {2, 3}), 2: ([2, 1], {3})}, "person 2, then person 10"
    assert files.notes == ()


def test_every_interaction_without_a_rating_is_a_like(tmp_path: Path) -> None:
    files = _split(tmp_path, "1 1 2\n", "1 3\n")
    assert files.split.training["rating"].tolist() == [5.0, 5.0]
    assert files.split.training["rated_at"].nunique() == 1
    assert files.split.explanation.splitlines() == [
        "Trained on train: 2 likes of 1 people. There are no ratings: every interaction is a like. "
        "There are no times.",
        "Tested on test: 1 likes of 1 people. There are no ratings: every interaction is a like. "
        "There are no times.",
        "3 items are ranked, except those that the training has of the person.",
    ]


def test_ratings_of_four_and_more_are_likes(tmp_path: Path) -> None:
    files = _split(tmp_path, "1,1,4,9\n1,2,3.5,8\n2,1,5,7\n", "1,3,4.5\n1,4,2\n2,3,3\n")
    assert _cases(files) == {1: ([1, 2], {3})}
    (case,) = files.split.cases
    assert (set(case.rated), set(case.disliked)) == ({3, 4}, {4})
    assert files.split.training["rated_at"].tolist() == list(
        pd.to_datetime([9, 8, 7], unit="s", utc=True)
    )
    assert "A rating of 4 or more is a like." in files.split.explanation
    assert files.notes == ("1 people of test have no likes there, and are left out.",)


def test_ratings_that_are_all_one_say_nothing_else(tmp_path: Path) -> None:
    files = _split(tmp_path, "1\t1\t1\n1\t2\t1\n", "1\t3\t1\n")
    assert files.split.training["rating"].tolist() == [5.0, 5.0]
    assert "All ratings are 1: every interaction is a like." in files.split.explanation


def test_of_repeated_ratings_the_latest_counts(tmp_path: Path) -> None:
    files = _split(tmp_path, "1,1,4,20\n1,1,2,10\n1,2,3,5\n1,2,5,5\n", "1,3\n")
    assert files.split.training[["movie_id", "rating"]].to_numpy().tolist() == [[1, 4.0], [2, 5.0]]


def test_what_makes_metrics_unusual_is_said(tmp_path: Path) -> None:
    files = _split(tmp_path, "1 1 2\n", "1 2 3\n5 1\n")
    assert files.notes == (
        "1 likes of test are in train too: lists leave them out, but metrics count them as items "
        "to find.",
        "1 people of test are not in train.",
    )


def test_files_without_likes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SplitFileError, match="train has no likes: ratings of 4 or more"):
        _split(tmp_path, "1,1,2\n", "1,2,5\n")
    with pytest.raises(SplitFileError, match="test has no likes: ratings of 4 or more"):
        _split(tmp_path, "1,1,5\n", "1,2,3\n")


def _checkerboard(held_out: int) -> tuple[str, str]:
    """Odd people like odd items, even people even ones; one item of each person is held out."""
    train, test = [], []
    for person in range(24):
        own = [item for item in range(person % 2, 24, 2) if item != person]
        out = own.pop(held_out)
        train.append(" ".join(map(str, [person, *own])))
        test.append(f"{person} {out}")
    return "\n".join(train), "\n".join(test)


def test_lists_of_any_length_are_measured(tmp_path: Path) -> None:
    files = _split(tmp_path, *_checkerboard(held_out=4))
    names = [OURS, POPULARITY, "Item-kNN", "ALS", "LightFM, genres"]
    found = evaluate_split(files.split, files.movies, contenders=names, cuts=[1, 20])
    assert found.people == 24
    assert list(found.models) == names
    for metrics in found.models.values():
        for k in (1, 5, 10, 20):
            recall = metrics[f"recall@{k}"]
            assert recall == metrics[f"capped recall@{k}"], "each has one item to find"
            assert 0 <= metrics[f"ndcg@{k}"]["mean"] <= recall["mean"] <= 1
    assert found.models[OURS]["recall@20"]["mean"] == 1, "12 items are left to list"
    knn, popular = (found.models[name]["recall@1"]["mean"] for name in ("Item-kNN", POPULARITY))
    assert knn > popular
    assert {"ndcg@20", "recall@20", "ndcg@1"} <= set(found.ahead[POPULARITY])
    measured = [name for name in found.models[OURS] if " of " not in name]
    assert list(definitions(measured)) == measured


def test_everybody_with_a_held_out_like_counts(tmp_path: Path) -> None:
    """Person 99 is unknown to the models and likes an item that nobody else likes."""
    train, test = _checkerboard(held_out=4)
    files = _split(tmp_path, train, f"{test}\n99 500\n")
    names = [name for name in CONTENDERS if name not in ("EASE", "SASRec")]
    found = evaluate_split(files.split, files.movies, contenders=names, cuts=[20])
    assert found.people == 25
    assert set(found.models) == set(names)


def test_metrics_as_public_splits_define_them(tmp_path: Path) -> None:
    """Popularity lists items 1, 2, 3, … for person 9, who has 0 in training and 2, 5, 6 to find."""
    train = "".join(
        f"{person} {' '.join(map(str, range(10 - person)))}\n" for person in range(1, 9)
    )
    files = _split(tmp_path, f"{train}9 0\n", "9 2 5 6\n")
    (case,) = files.split.cases
    training = Training(files.split.training, files.movies, seed=1)
    assert popularity(training).lists([case], 2) == [[2, 3]], "items 1 and 2"
    found = evaluate_split(files.split, files.movies, contenders=[POPULARITY], cuts=[2])
    metrics = {name: each["mean"] for name, each in found.models[POPULARITY].items()}
    assert metrics["recall@2"] == 1 / 3
    assert metrics["capped recall@2"] == 1 / 2
    assert metrics["ndcg@2"] == pytest.approx(0.63093 / (1 + 0.63093), abs=1e-5)


def test_each_metric_is_defined() -> None:
    assert definitions(["ndcg@20", "recall@7"]) == {
        "ndcg@20": "each hit among the first 20 gains 1 / log2(rank + 1), whatever its stars; the "
        "sum over that of the best list, which has min(20, relevant items) hits at the top",
        "recall@7": "hits among the first 7 over all relevant items",
    }


@pytest.mark.parametrize(
    ("train", "test", "is_random"),
    [
        ("1,1,5,10\n1,2,5,20\n2,1,5,90\n", "1,3,5,20\n1,4,5,30\n2,2,5,90\n", False),
        ("1,1,5,10\n1,2,5,20\n2,1,5,90\n", "1,3,5,19\n1,4,5,30\n2,2,5,90\n", True),
        ("1,1,5,10\n1,2,5,20\n", "9,3,5,1\n", False),
        ("1,1,5,10\n1,2,5,20\n", "1,3,5\n", True),
        ("1 1 2\n", "1 3\n", True),
    ],
)
def test_a_split_is_random_unless_what_is_held_out_is_the_latest(
    tmp_path: Path, train: str, test: str, is_random: bool
) -> None:
    assert _split(tmp_path, train, test).split.is_random is is_random
