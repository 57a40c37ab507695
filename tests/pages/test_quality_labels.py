"""The names beside the dots of a chart of Quality."""

import pandas as pd

from pages.quality.labels import label_places


def _dots(*rows: tuple[float, float]) -> pd.DataFrame:
    """Dots with intervals of no width."""
    x, y = zip(*rows, strict=True)
    means = {"x_mean": x, "y_mean": y}
    return pd.DataFrame({**means, "x_low": x, "x_high": x, "y_low": y, "y_high": y})


def test_no_name_of_a_dot_covers_another() -> None:
    beside = _dots((0.5, 0.5), (0.53, 0.51), (0, 0), (1, 1))
    assert label_places(beside, ["EASE", "ALS", "", ""])[:2] == ["bottom right", "top right"]


def test_a_name_stands_beside_the_lines_of_intervals() -> None:
    dots = _dots((0.4, 0.5), (0.5, 0.5), (0, 0), (1, 1))
    across = dots.assign(y_low=[0.5, 0, 0, 1], y_high=[0.5, 1, 0, 1])
    assert label_places(across, ["A", "", "", ""])[0] == "top right"
    assert label_places(across, ["a long name", "", "", ""])[0] == "top left"


def test_a_name_stands_beside_the_line_through_the_styles() -> None:
    dots = _dots((0, 0), (1, 1))
    assert label_places(dots, ["well-known", ""])[0] == "top right"
    assert label_places(dots, ["well-known", ""], joined=[0, 1])[0] == "bottom right"


def test_a_name_at_the_edge_is_not_cut_off() -> None:
    dots = _dots((0, 0), (1, 1))
    assert label_places(dots, ["one", "a long name"]) == ["top right", "top left"]
