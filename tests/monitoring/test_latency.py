"""Percentiles out of histograms."""

import math

import pytest
from prometheus_client import CollectorRegistry, Histogram

from monitoring.latency import Percentiles, percentiles, quantile

TEN = [(1.0, 5.0), (2.0, 9.0), (4.0, 9.0), (math.inf, 10.0)]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, 0.0),
        (0.25, 0.5),  # half of the lowest bucket, which begins at 0
        (0.5, 1.0),
        (0.7, 1.5),
        (0.9, 2.0),
        (0.95, 4.0),  # in the bucket without an end
        (1.0, 4.0),
    ],
)
def test_interpolation(share: float, expected: float) -> None:
    assert quantile(TEN, share) == pytest.approx(expected)


def test_each_label_the_most_frequent_first() -> None:
    histogram = Histogram("x", "x", ["handle"], buckets=(1.0, 2.0), registry=CollectorRegistry())
    histogram.labels("/never")
    histogram.labels("/rare").observe(1.5)
    for _ in range(4):
        histogram.labels("/often").observe(0.5)
    assert percentiles(histogram) == [
        Percentiles("/often", 4, 0.5, 0.95, 0.99),
        Percentiles("/rare", 1, 1.5, 1.95, 1.99),
    ]
