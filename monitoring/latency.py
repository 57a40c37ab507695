"""Latencies in this process: histograms, and percentiles computed from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import Histogram

SINCE = datetime.now(UTC)

# From a cached list to a request that hangs, in steps of about two.
_BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

HANDLES = Histogram(
    "five_films_request_seconds", "Seconds until the answer.", ["handle"], buckets=_BOUNDS
)
LISTS = Histogram(
    "five_films_list_seconds",
    "Seconds until a person's list is there.",
    ["how"],
    buckets=_BOUNDS,
)


@dataclass(frozen=True)
class Percentiles:
    """Latencies of something in seconds; `label` is the histogram's label."""

    label: str
    times: int
    p50: float
    p95: float
    p99: float


def percentiles(histogram: Histogram) -> list[Percentiles]:
    """Return percentiles for each label of a histogram, most frequent first."""
    buckets: dict[str, list[tuple[float, float]]] = {}
    for sample in (each for metric in histogram.collect() for each in metric.samples):
        if sample.name.endswith("_bucket"):
            (label,) = (value for name, value in sample.labels.items() if name != "le")
            buckets.setdefault(label, []).append((float(sample.labels["le"]), sample.value))
    found = [
        Percentiles(
            label,
            int(counts[-1][1]),
            *(quantile(counts, share) for share in (0.5, 0.95, 0.99)),
        )
        for label, counts in buckets.items()
        if counts[-1][1]
    ]
    return sorted(found, key=lambda each: (-each.times, each.label))


def quantile(buckets: Sequence[tuple[float, float]], share: float) -> float:
    """Return a quantile of a histogram, interpolated linearly within its bucket.

    As in Prometheus' `histogram_quantile`
    (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile): the
    lowest bucket starts at 0, and a quantile in the highest, which has no end, is its start.

    Parameters
    ----------
    buckets : sequence of (float, float)
        Upper bound and the number of values at or below it, in order; the last bound is infinite
        and its count, above 0, is the total.
    share : float
        0 to 1.

    Returns
    -------
    float
        In the unit of the bounds.
    """
    rank = share * buckets[-1][1]
    low, below = 0.0, 0.0
    for high, count in buckets[:-1]:
        if count >= rank and count > below:
            return low + (high - low) * (rank - below) / (count - below)
        low, below = high, count
    return low
