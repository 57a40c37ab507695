"""Speed: the cache, and latencies of lists and endpoints in this process."""

import pandas as pd
import streamlit as st

from monitoring import latency
from monitoring.latency import Percentiles
from pages.parts.wording import N_, _, moment, number
from recsys.serving.cache import ListCache

INTERPOLATED = N_(
    "Percentiles are read from histograms by linear interpolation within a bucket, as Prometheus' "
    "[histogram_quantile](https://prometheus.io/docs/prometheus/latest/querying/functions/"
    "#histogram_quantile) does; the same histograms stand at `/metrics`."
)


def show(cache: ListCache) -> None:
    """Show statistics of the cache, then percentiles."""
    st.caption(
        _("Since this process started, {since} UTC.").format(
            since=moment(latency.SINCE, "d MMMM y, HH:mm")
        )
    )
    _cache(cache)
    st.subheader(_("Making a list"))
    _table(
        latency.percentiles(latency.LISTS),
        _("Source of the list"),
        nothing=_("No list has been computed yet. Open [For you](/)."),
        key="list_seconds",
    )
    st.subheader(_("Endpoints"))
    _table(
        latency.percentiles(latency.HANDLES),
        _("Endpoint"),
        nothing=_("No endpoint has been called yet. Try them at `/docs`."),
        key="handle_seconds",
    )
    st.caption(_(INTERPOLATED))


def _cache(cache: ListCache) -> None:
    found = cache.statistics()
    asked = cache.hits + cache.misses
    with st.grid(4, min_column_width=140):
        st.metric(
            _("Lists from the cache"),
            number(cache.hits / asked, ".0%") if asked else "–",
            border=True,
            help=_("Hits as a share of hits and misses."),
        )
        st.metric(
            _("Hits"),
            number(cache.hits),
            border=True,
            help=_("Lists that were read from Redis, since this process started."),
        )
        st.metric(
            _("Misses"),
            number(cache.misses),
            border=True,
            help=_("Lists that Redis didn't have, so they were computed and stored."),
        )
        st.metric(
            _("Errors"),
            number(cache.failures),
            border=True,
            help=_("Redis didn't respond, so the list was computed."),
        )
        if found is not None:
            st.metric(
                _("Lists kept"),
                number(found.entries)
                if found.is_all
                else _("over {entries}").format(entries=number(found.entries)),
                border=True,
                help=_("Lists of this installation; each is kept for 24 hours.")
                if found.is_all
                else _(
                    "Lists of this installation; each is kept for 24 hours. Only some of the "
                    "server's keys were counted."
                ),
            )
            st.metric(_("Oldest"), _age(found.oldest_seconds), border=True, help=_(_SAMPLED))
            st.metric(
                _("Size of a list"),
                "–"
                if found.bytes_each is None
                else _("{bytes_each} kB").format(bytes_each=number(found.bytes_each / 1e3, ".1f")),
                border=True,
                help=_(_SAMPLED),
            )
            st.metric(
                _("Memory"),
                _("{memory} MB").format(memory=number(found.memory / 1e6, ".1f")),
                border=True,
                help=_("Of the whole server, which has no memory limit.")
                if found.most_memory is None
                else _("Of the whole server, whose limit is {most_memory} MB.").format(
                    most_memory=number(found.most_memory / 1e6, ",.0f")
                ),
            )
    if found is None:
        st.warning(
            _(
                "Redis is not responding, so lists are computed on every click. See Health for "
                "what to do."
            ),
            icon=":material/cloud_off:",
        )


_SAMPLED = N_("From a sample of at most 100 lists.")


def _age(seconds: int | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 7200:
        return _("{count} min").format(count=number(seconds / 60, ".0f"))
    return _("{count} h").format(count=number(seconds / 3600, ".0f"))


def _table(rows: list[Percentiles], label: str, *, nothing: str, key: str) -> None:
    if not rows:
        st.info(nothing, icon=":material/hourglass_empty:")
        return
    milliseconds = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(
            {
                "label": _(each.label),
                "times": each.times,
                **{f"p{share}": getattr(each, f"p{share}") * 1000 for share in (50, 95, 99)},
            }
            for each in rows
        ),
        key=key,
        hide_index=True,
        alt=_("{label}: how often and how long, as percentiles").format(label=label),
        column_config={
            "label": st.column_config.TextColumn(label),
            "times": milliseconds(_("Count"), format="localized"),
            "p50": milliseconds(_("p50, ms"), format="%.1f"),
            "p95": milliseconds(_("p95, ms"), format="%.1f"),
            "p99": milliseconds(_("p99, ms"), format="%.1f"),
        },
    )
