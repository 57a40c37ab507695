"""Where the names of dots stand, so that none covers another."""

from collections.abc import Sequence

import pandas as pd

# Around a dot, the nicest place first: Plotly's name, and the label's middle from the dot, in
# widths and heights of the label.
_PLACES = {
    "top center": (0.0, 0.9),
    "bottom center": (0.0, -0.9),
    "middle right": (0.6, 0.0),
    "middle left": (-0.6, 0.0),
    "top right": (0.5, 0.8),
    "top left": (-0.5, 0.8),
    "bottom right": (0.5, -0.8),
    "bottom left": (-0.5, -0.8),
}
# Shares of the chart that a letter and a line take at a phone's width, where room is scarcest.
_LETTER, _LINE = 0.019, 0.055

Box = tuple[float, float, float, float]


def label_places(x: pd.Series, y: pd.Series, names: Sequence[str]) -> list[str]:
    """Plotly's `textposition` for each dot: the first place that is free, the dots in their order.

    Greedy; where a dot has no free place the one is taken that covers least.
    """
    across, up = _shares(x), _shares(y)
    dots = [(px - 0.02, py - 0.02, px + 0.02, py + 0.02) for px, py in zip(across, up, strict=True)]
    taken: list[Box] = []
    found = []
    for px, py, name in zip(across, up, names, strict=True):
        boxes = {place: _box(px, py, len(name), offset) for place, offset in _PLACES.items()}
        others = [*taken, *dots]
        best = min(boxes, key=lambda place: sum(_common(boxes[place], each) for each in others))
        taken.append(boxes[best])
        found.append(best)
    return found


def _shares(values: pd.Series) -> list[float]:
    """Where values lie from the least to the largest, with the chart's room on both sides."""
    spread = max(float(values.max() - values.min()), 1e-9)
    return [0.15 + 0.7 * float(value - values.min()) / spread for value in values]


def _box(x: float, y: float, letters: int, offset: tuple[float, float]) -> Box:
    width, height = letters * _LETTER, _LINE
    x, y = x + offset[0] * width, y + offset[1] * height
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _common(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)
