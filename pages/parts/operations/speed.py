"""Speed: the cache, and how long lists and handles take in this process."""

import pandas as pd
import streamlit as st

import latency
import startup
from latency import Percentiles

INTERPOLATED = (
    "Percentiles are read from histograms by linear interpolation within a bucket, as Prometheus' "
    "[histogram_quantile](https://prometheus.io/docs/prometheus/latest/querying/functions/"
    "#histogram_quantile) does; the same histograms stand at `/metrics`."
)


def show() -> None:
    """Figures of the cache, then the percentiles."""
    st.caption(f"Since this process started, {latency.SINCE:%-d %B %Y at %H:%M} UTC.")
    _cache()
    st.subheader("Making a list")
    _table(
        latency.percentiles(latency.LISTS),
        "How the list came about",
        nothing="No list has been made yet: open [For you](/).",
        key="list_seconds",
    )
    st.subheader("Handles")
    _table(
        latency.percentiles(latency.HANDLES),
        "Handle",
        nothing="No handle has been asked yet: `/docs` tries them out.",
        key="handle_seconds",
    )
    st.caption(INTERPOLATED)


def _cache() -> None:
    cache = startup.current().recommender.cache
    found = cache.figures()
    asked = cache.hits + cache.misses
    with st.grid(4, min_column_width=140):
        st.metric(
            "Lists from the cache",
            f"{cache.hits / asked:.0%}" if asked else "–",
            border=True,
            help="Hits, of hits and misses.",
        )
        st.metric("Hits", f"{cache.hits:,}", border=True)
        st.metric("Misses", f"{cache.misses:,}", border=True)
        st.metric(
            "Errors",
            f"{cache.failures:,}",
            border=True,
            help="Redis didn't answer; the list was computed.",
        )
        if found is not None:
            st.metric(
                "Lists kept",
                f"{found.entries:,}" if found.is_all else f"over {found.entries:,}",
                border=True,
                help="Of this installation; each lasts 24 hours."
                + ("" if found.is_all else " Not all keys of the server were looked at."),
            )
            st.metric("Oldest", _age(found.oldest_seconds), border=True, help=_SAMPLED)
            st.metric(
                "Size of a list",
                "–" if found.bytes_each is None else f"{found.bytes_each / 1e3:.1f} kB",
                border=True,
                help=_SAMPLED,
            )
            st.metric(
                "Memory",
                f"{found.memory / 1e6:.1f} MB",
                border=True,
                help="Of the whole server, "
                + (
                    "which has no limit of its own."
                    if found.most_memory is None
                    else f"which may use {found.most_memory / 1e6:,.0f} MB."
                ),
            )
    if found is None:
        st.warning(
            "Redis doesn't answer: lists are computed at each click. Health says what to do.",
            icon=":material/cloud_off:",
        )


_SAMPLED = "Of a sample of a hundred lists at the most."


def _age(seconds: int | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _table(rows: list[Percentiles], label: str, *, nothing: str, key: str) -> None:
    if not rows:
        st.info(nothing, icon=":material/hourglass_empty:")
        return
    milliseconds = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(
            {
                "label": each.label,
                "times": each.times,
                **{f"p{share}": getattr(each, f"p{share}") * 1000 for share in (50, 95, 99)},
            }
            for each in rows
        ),
        key=key,
        hide_index=True,
        column_config={
            "label": st.column_config.TextColumn(label),
            "times": milliseconds("Times", format="localized"),
            "p50": milliseconds("p50, ms", format="%.1f"),
            "p95": milliseconds("p95, ms", format="%.1f"),
            "p99": milliseconds("p99, ms", format="%.1f"),
        },
    )
