"""Sections of the Quality page, each about one evaluation."""

import pandas as pd
import streamlit as st

from db.queries.evaluations import KeptEvaluation
from pages.parts.files import offer, tell
from pages.parts.text import plain
from pages.parts.wording import _, genre, number, say
from pages.quality import charts, measuring, tables
from pages.quality.tables import ACCURACY, METRICS, OURS, POPULARITY


def compared(evaluation: KeptEvaluation) -> None:
    """Show one metric against another, a dot per model, and all metrics in a table."""
    st.subheader(_("Models compared"), anchor="models")
    measured = tables.measured_metrics(evaluation)
    usual = measured.index("novelty@5") if "novelty@5" in measured else 0
    with st.container(horizontal=True):
        across = st.selectbox(
            _("Horizontal axis"), measured, index=usual, key="across", bind="query-params"
        )
        up = st.selectbox(_("Vertical axis"), measured, index=0, key="up", bind="query-params")
    st.write(
        f"{_(METRICS[up])}. {_(METRICS[across])}. " + _("Lines are 95 % intervals over people.")
    )
    points = (
        tables.models(evaluation, up)
        .rename(columns={"mean": "y_mean", "low": "y_low", "high": "y_high"})
        .merge(
            tables.models(evaluation, across).rename(
                columns={"mean": "x_mean", "low": "x_low", "high": "x_high"}
            ),
            on="model",
        )
    )
    best = points.iloc[0]
    st.plotly_chart(
        charts.against(points, across, up),
        key="against",
        alt=_("{up} against {across}: {model} has the most {up}, {y_mean}.").format(
            up=up, across=across, model=say(best["model"]), y_mean=number(best["y_mean"], ".3f")
        ),
        config={"displayModeBar": False},
    )
    table = tables.everything(evaluation)
    shown = table.assign(model=table["model"].map(_))
    st.dataframe(
        shown,
        key="all_figures",
        hide_index=True,
        placeholder="–",
        alt=_("All metrics of all models"),
        column_config={
            "model": _("Model"),
            **{name: st.column_config.NumberColumn(name, format="%.4f") for name in measured},
            "chosen": _("Parameters chosen by validation"),
        },
    )
    with st.expander(_("What the metrics mean")):
        st.markdown("\n".join(f"- {_(METRICS[name])}." for name in measured))
        if "ips-ndcg@5" in measured:
            st.write(
                _(
                    "In IPS-NDCG a hit has weight 1 / √((likes + 1) / (most likes + 1)), "
                    "where likes are counted in the training part ([Steck 2011]({steck}), "
                    "[Yang et al. 2018]({yang}))."
                ).format(
                    steck="https://doi.org/10.1145/2043932.2043957",
                    yang="https://doi.org/10.1145/3240323.3240355",
                )
            )
    name = f"five-films-quality-{evaluation.split}"
    with st.container(horizontal=True):
        offer(_("Download as CSV"), table.round(4), name)
        tell(_about(evaluation), name)


def ahead(evaluation: KeptEvaluation) -> None:
    """Show how far ours is ahead, and where it is not."""
    by = [name for name in ACCURACY if not tables.ahead(evaluation, name).empty]
    if by:
        st.subheader(_("How far ahead"), anchor="ahead")
        metric = _metric(by, "ahead_by")
        frame = tables.ahead(evaluation, metric)
        nearest = frame.iloc[0]
        st.write(
            _(
                "How much more {figure} Five Films has for the same people, with the 95 % "
                "interval of the difference: right of zero it is better; if the interval "
                "includes zero, it may be chance."
            ).format(figure=metric)
        )
        st.plotly_chart(
            charts.differences(frame, metric),
            key="ahead",
            alt=_(
                "Five Films is ahead of {model}, the nearest, by {mean} ({low} to {high})."
            ).format(
                model=say(nearest["model"]),
                mean=number(nearest["mean"], ".4f"),
                low=number(nearest["low"], ".4f"),
                high=number(nearest["high"], ".4f"),
            ),
            config={"displayModeBar": False},
        )
    st.subheader(_("Where another model is better"), anchor="losses")
    losses = tables.losses(evaluation)
    if losses:
        st.markdown("\n".join(f"- {plain(each, 300)}" for each in losses))
    else:
        st.write(_("No other model is ahead in any of the groups below."))


def groups(evaluation: KeptEvaluation) -> None:
    """Show metrics by group of people and of films."""
    others = _others(evaluation)
    for key, title, says, frame, metric in (
        (
            "by_activity",
            _("By activity"),
            _("NDCG@5 by how many films the person likes in the training part."),
            tables.groups(evaluation, "activity").assign(group=lambda each: each["group"].map(_)),
            "NDCG@5",
        ),
        (
            "by_genre",
            _("By genre"),
            _("NDCG@5 by the most frequent genre among the films the person likes."),
            tables.groups(evaluation, "genre").assign(
                group=lambda each: each["group"].map(_).map(genre)
            ),
            "NDCG@5",
        ),
        (
            "by_popularity_of_films",
            _("By popularity of films"),
            _("Recall@10 by how many people like the film."),
            tables.by_popularity(evaluation).assign(group=lambda each: each["group"].map(_)),
            "Recall@10",
        ),
    ):
        if frame.empty:
            continue
        st.subheader(title, anchor=key)
        st.write(says + " " + _("Lines are 95 % intervals over people."))
        if "people" in frame:
            st.caption(
                _(
                    "The number of people is in brackets. Metrics of fewer than {least_people} are "
                    "largely chance, and one person has no interval."
                ).format(least_people=tables.LEAST_PEOPLE)
            )
        own = frame[frame["model"] == OURS].sort_values("mean")
        most = (frame if own.empty else own).to_dict("records")[-1]
        st.plotly_chart(
            charts.groups(_counted(frame), others, metric),
            key=key,
            alt=_("{title}: {model} has the most {figure}, {mean}, for {group}.").format(
                title=title,
                model=say(most["model"]),
                figure=metric,
                mean=number(most["mean"], ".3f"),
                group=most["group"],
            ),
            config={"displayModeBar": False},
        )
        with st.expander(_("The same numbers")):
            st.dataframe(
                frame.assign(model=frame["model"].map(_)),
                column_config=_columns(),
                hide_index=True,
                key=f"{key}_table",
                alt=_("{title}, as a table").format(title=title),
            )


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with their number of people in their names, if it is known."""
    if "people" not in frame:
        return frame
    counts = frame["people"].map(number)
    return frame.assign(group=frame["group"].astype(str) + " (" + counts + ")")


def cold_start(found: dict[str, KeptEvaluation]) -> None:
    """Show ours and others by the number of first likes."""
    st.write(
        _(
            "A fifth of the people are held out: the models see only their first likes, and "
            "should find all later ones. Values fall with more likes because fewer are left "
            "to find. Lines are 95 % intervals over people."
        )
    )
    st.write(
        _(
            "NDCG@5 is shown here but is not a goal: what people rate first at MovieLens is "
            "what its sign-up page shows them, popular films ([Fan et al. 2023]({fan})). "
            "When people were asked what they would want to watch, popularity came last "
            "([Smucker and Chamani 2025]({smucker}))."
        ).format(fan="https://arxiv.org/abs/2307.09985", smucker="https://arxiv.org/abs/2504.01863")
    )
    by = [name for name in reversed(ACCURACY) if not tables.cold_start(found, name).empty]
    metric = _metric(by, "cold_start_by")
    frame = tables.cold_start(found, metric)
    first = next(each for name, each in found.items() if name.startswith("cold-start-"))
    measuring.left_out(first)
    others = _others(first)
    last = frame[(frame["model"] == OURS) & (frame["likes"] == frame["likes"].max())]
    st.plotly_chart(
        charts.cold_start(frame, others, metric),
        key="cold_start",
        alt=_("Cold start by number of first likes.")
        if last.empty
        else _(
            "Cold start by number of first likes: with the most likes, ours has {figure} {mean}."
        ).format(figure=metric, mean=number(last.iloc[0]["mean"], ".3f")),
        config={"displayModeBar": False},
    )
    st.dataframe(
        frame.assign(model=frame["model"].map(_)),
        column_config=_columns(),
        hide_index=True,
        key="cold_start_table",
        alt=_("Cold start, as a table"),
    )


def _metric(names: list[str], key: str) -> str:
    """Ask which of these metrics to show; the first by default."""
    return str(
        st.segmented_control(
            _("Metric"), names, default=names[0], required=True, key=key, bind="query-params"
        )
    )


def _columns() -> dict[str, str]:
    return {
        "group": _("Group"),
        "people": _("People"),
        "likes": _("First likes"),
        "model": _("Model"),
        "mean": _("Mean"),
        "low": _("Low"),
        "high": _("High"),
    }


def _others(evaluation: KeptEvaluation) -> list[str]:
    """Ask which models to show beside ours."""
    names = [name for name in evaluation.results["models"] if name != OURS]
    usual = [name for name in (POPULARITY, "EASE") if name in names]
    return list(
        st.multiselect(
            _("Compare with"),
            names,
            default=usual,
            format_func=_,
            key="beside",
            placeholder=_("None"),
        )
    )


def _about(evaluation: KeptEvaluation) -> tuple[str, str]:
    return (
        f"Five Films: quality on {evaluation.source}, evaluated on "
        f"{evaluation.evaluated_at:%Y-%m-%d %H:%M} UTC",
        str(evaluation.results["explanation"]),
    )
