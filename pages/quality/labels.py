"""Positions of dots' labels, so that none covers a label, a dot or an interval."""

from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import pandas as pd

# Positions around a dot, best first: Plotly's name, and the sides of the dot.
_PLACES = {
    "top right": (1, 1),
    "bottom right": (1, -1),
    "top left": (-1, 1),
    "bottom left": (-1, -1),
    "top center": (0, 1),
    "bottom center": (0, -1),
}
# Shares of the chart that a letter, a line of text and a dot take at a phone's width, where space
# is scarcest.
_LETTER, _LINE, _DOT, _THIN = 0.02, 0.045, 0.02, 0.002

Box = tuple[float, float, float, float]

# Beyond the left and right edges a label would be cut off.
_OUTSIDE: tuple[Box, ...] = ((-9.0, -9.0, 0.0, 9.0), (1.0, -9.0, 10.0, 9.0))


def axis_range(points: pd.DataFrame, axis: str) -> list[float]:
    """Return the range of an axis (x or y): all intervals, with a margin on both sides."""
    values = points[[f"{axis}_low", f"{axis}_high"]].to_numpy(np.float64)
    room = max(float(np.ptp(values)), 1e-9) / 8
    return [float(values.min()) - room, float(values.max()) + room]


def label_places(
    points: pd.DataFrame, names: Sequence[str], joined: Sequence[int] = ()
) -> list[str]:
    """Return Plotly's `textposition` for each dot: where it covers least, one dot at a time.

    Parameters
    ----------
    points : DataFrame
        x_mean, x_low, x_high, y_mean, y_low, y_high.
    names : sequence of str
    joined : sequence of int
        The dots on the line, in its order.

    Returns
    -------
    list of str
    """
    x, y = _shares(points, "x"), _shares(points, "y")
    taken = [*chain.from_iterable(map(_cross, x, y)), *_OUTSIDE]
    for one, other in pairwise(joined):
        for share in np.linspace(0, 1, 50):
            px, py = (of[one][0] + share * (of[other][0] - of[one][0]) for of in (x, y))
            taken.append((px - _THIN, py - _THIN, px + _THIN, py + _THIN))
    found = []
    for (px, _left, _right), (py, _below, _above), name in zip(x, y, names, strict=True):
        boxes = {place: _box(px, py, len(name), sides) for place, sides in _PLACES.items()}
        best = min(boxes, key=lambda place: sum(_common(boxes[place], each) for each in taken))
        taken.append(boxes[best])
        found.append(best)
    return found


def _shares(points: pd.DataFrame, axis: str) -> list[tuple[float, float, float]]:
    """Return mean, low and high as shares of the axis."""
    start, end = axis_range(points, axis)
    values = points[[f"{axis}_mean", f"{axis}_low", f"{axis}_high"]].to_numpy(np.float64)
    shares = (values - start) / (end - start)
    return [(float(mean), float(low), float(high)) for mean, low, high in shares]


def _cross(x: tuple[float, float, float], y: tuple[float, float, float]) -> list[Box]:
    """Return the boxes that a dot and its two intervals cover."""
    half = _DOT / 2
    return [
        (x[0] - half, y[0] - half, x[0] + half, y[0] + half),
        (x[1], y[0] - _THIN, x[2], y[0] + _THIN),
        (x[0] - _THIN, y[1], x[0] + _THIN, y[2]),
    ]


def _box(x: float, y: float, letters: int, sides: tuple[int, int]) -> Box:
    width, height = letters * _LETTER, _LINE
    x += sides[0] * (_DOT + width) / 2
    y += sides[1] * (_DOT + height) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _common(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)
