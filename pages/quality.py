"""How good the lists are, beside those of other models: filled by `python -m recsys evaluate`."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

import startup
from db import evaluations, models
from db.evaluations import KeptEvaluation
from pages.parts.quality import charts, tables
from pages.parts.quality.tables import FIGURES, OURS, POPULARITY
from pages.parts.text import plain

COMMAND = "python -m recsys evaluate"


def _compared(evaluation: KeptEvaluation) -> None:
    """One figure against another, every model a dot, and all figures in a table."""
    st.subheader("Models against each other", anchor="models")
    with st.container(horizontal=True):
        across = st.selectbox("Across", list(FIGURES), index=6, key="across", bind="query-params")
        up = st.selectbox("Up", list(FIGURES), index=0, key="up", bind="query-params")
    st.write(f"{FIGURES[up]}. {FIGURES[across]}. Lines are 95 % intervals over people.")
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
        alt=f"{up} against {across}: {best['model']} has the most {up}, {best['y_mean']:.3f}.",
        config={"displayModeBar": False},
    )
    table = tables.everything(evaluation)
    st.dataframe(
        table,
        key="all_figures",
        hide_index=True,
        alt="All figures of all models",
        column_config={
            "model": "Model",
            **{name: st.column_config.NumberColumn(name, format="%.4f") for name in FIGURES},
        },
    )
    st.download_button(
        "Download as CSV",
        _csv(evaluation, table),
        file_name=f"five-films-quality-{evaluation.split}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _ahead(evaluation: KeptEvaluation) -> None:
    """How far ours is ahead, and where it is not."""
    figure = "ndcg@5"
    frame = tables.ahead(evaluation, figure)
    if not frame.empty:
        st.subheader("How far ahead", anchor="ahead")
        nearest = frame.iloc[0]
        st.write(
            f"How much more {figure} Five Films has for the same people, with the 95 % interval of "
            "that difference: right of zero it is better, and across zero it may be chance."
        )
        st.plotly_chart(
            charts.differences(frame, figure),
            key="ahead",
            alt=f"Five Films is ahead of {nearest['model']}, the nearest, by {nearest['mean']:.4f} "
            f"({nearest['low']:.4f} to {nearest['high']:.4f}).",
            config={"displayModeBar": False},
        )
    st.subheader("Where another model is better", anchor="losses")
    losses = tables.losses(evaluation)
    if losses:
        st.markdown("\n".join(f"- {plain(each, 300)}" for each in losses))
    else:
        st.write("In none of the groups below is another model ahead.")


def _groups(evaluation: KeptEvaluation) -> None:
    """For whom, and for which films."""
    others = _others(evaluation)
    for title, says, frame, figure in (
        (
            "By activity",
            "NDCG@5 of people by how many films they like in what the models were told.",
            tables.groups(evaluation, "activity"),
            "NDCG@5",
        ),
        (
            "By genre",
            "NDCG@5 of people by the genre that most of the films they like have.",
            tables.groups(evaluation, "genre"),
            "NDCG@5",
        ),
        (
            "By popularity of films",
            "Recall@10 of what should be found, by how many people like the film.",
            tables.by_popularity(evaluation),
            "Recall@10",
        ),
    ):
        if frame.empty:
            continue
        st.subheader(title, anchor=title.lower().replace(" ", "_"))
        st.write(f"{says} Lines are 95 % intervals over people.")
        if "people" in frame:
            st.caption(f"Groups of fewer than {tables.LEAST_PEOPLE} people are left out.")
        own = frame[frame["model"] == OURS].sort_values("mean")
        most = (frame if own.empty else own).to_dict("records")[-1]
        st.plotly_chart(
            charts.groups(frame, others, figure),
            key=title,
            alt=f"{title}: {most['model']} has the most {figure}, {most['mean']:.3f}, for "
            f"{most['group']}.",
            config={"displayModeBar": False},
        )
        with st.expander("The same numbers"):
            st.dataframe(frame, hide_index=True, key=f"{title}_table", alt=f"{title}, as a table")


def _newcomers(found: dict[str, KeptEvaluation]) -> None:
    """Ours and others by the number of first likes."""
    frame = tables.newcomers(found)
    st.write(
        "A fifth of the people is kept back, and known by their first likes alone; all their later "
        "likes should be found. NDCG@5 falls with more likes told, for fewer are left to be found. "
        "Lines are 95 % intervals over people."
    )
    others = _others(next(each for name, each in found.items() if name.startswith("newcomers")))
    last = frame[(frame["model"] == OURS) & (frame["likes"] == frame["likes"].max())]
    st.plotly_chart(
        charts.newcomers(frame, others),
        key="newcomers",
        alt="Newcomers by number of first likes"
        + ("." if last.empty else f": ours has {last.iloc[0]['mean']:.3f} at the most likes."),
        config={"displayModeBar": False},
    )
    st.dataframe(frame, hide_index=True, key="newcomers_table", alt="Newcomers, as a table")


def _others(evaluation: KeptEvaluation) -> list[str]:
    """Which models stand beside ours."""
    names = [name for name in evaluation.results["models"] if name != OURS]
    usual = [name for name in (POPULARITY, "EASE") if name in names]
    return list(
        st.multiselect("Beside Five Films", names, default=usual, key="beside", placeholder="None")
    )


def _csv(evaluation: KeptEvaluation, table: pd.DataFrame) -> str:
    head = (
        f"# Five Films: quality on {evaluation.source}, evaluated on "
        f"{evaluation.evaluated_at:%Y-%m-%d %H:%M} UTC\r\n"
        f"# {evaluation.results['explanation']}\r\n"
    )
    return head + table.to_csv(index=False, lineterminator="\r\n")


def _seeds(evaluation: KeptEvaluation) -> str:
    n = len(evaluation.results["seeds"])
    return "one seed" if n == 1 else f"{n} seeds"


def _nothing_yet() -> None:
    st.info(
        "Nothing has been measured yet. An evaluation keeps ratings back, trains every model "
        "without them and asks each for lists; it takes some minutes, beside the running app:",
        icon=":material/science:",
    )
    st.code(f"make evaluate\n# or, where the packages are installed:\n{COMMAND}", language=None)


def _show() -> None:
    st.title("How good the lists are")
    with startup.current().engine.connect() as connection:
        sources = evaluations.sources(connection)
        active = models.active(connection)
    if not sources:
        _nothing_yet()
        return
    source = sources[0]
    if len(sources) > 1:
        source = st.selectbox("Data set", sources, key="source", bind="query-params")
    with startup.current().engine.connect() as connection:
        found = evaluations.latest(connection, source)
    views: dict[str, Callable[[], None]] = {}
    for split, title in (("known", "Known people"), ("time", "In time"), ("random", "At random")):
        if split in found:
            views[title] = partial(_of_split, found[split])
    if any(split.startswith("newcomers-") for split in found):
        views["Newcomers"] = partial(_newcomers, found)
    newest = max(found.values(), key=lambda each: each.id)
    version = (
        "before the first model"
        if newest.model_version is None
        else (f"with model {newest.model_version} in service")
    )
    since = (
        ""
        if active is None or active.id == newest.model_version
        else f" Model {active.id} is served now, trained in the same way."
    )
    st.write(
        f"Measured on {plain(source, 80)} on {newest.evaluated_at:%-d %B %Y}, {version}; means "
        f"over {_seeds(newest)}. Each model is trained without what is kept "
        f"back, and asked as the product asks it.{since}"
    )
    view = st.segmented_control(
        "Kept back",
        list(views),
        default=next(iter(views)),
        required=True,
        key="split",
        bind="query-params",
    )
    views[str(view)]()
    st.caption(f"Filled by `{COMMAND}`; docs/quality.md tells how it is measured and why so.")


def _of_split(evaluation: KeptEvaluation) -> None:
    st.write(f"{evaluation.results['explanation']} {evaluation.results['people']:,} people.")
    _compared(evaluation)
    _ahead(evaluation)
    st.subheader("For whom, and for which films", anchor="groups")
    _groups(evaluation)


_show()
