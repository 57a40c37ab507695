"""The filters of the Ratings page; what was chosen stands in the address."""

from collections.abc import Iterable
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.explore.filters import BANDS, RELEASE_STEP, Choices, Slice
from pages.parts.text import plain

_IN_ADDRESS: Literal["query-params"] = "query-params"
_LISTS = ("genre", "activity")
_YEARS = ("released_from", "released_to", "rated_from", "rated_to")


def ask(choices: Choices, notes: DeltaGenerator) -> Slice:
    """What was chosen under "Filters".

    Parameters
    ----------
    choices : Choices
    notes : DeltaGenerator
        Where to say what of the address, or of what was chosen, can't be.
    """
    _complain(choices, notes)
    with st.popover("Filters", icon=":material/filter_alt:", key="slice"):
        genres = st.multiselect(
            "Films of any of these genres",
            choices.genres,
            key="genre",
            bind=_IN_ADDRESS,
            placeholder="All genres",
        )
        released = _from_to("Released", "released", *_releases(choices))
        rated = _from_to("Rated", "rated", choices.years, choices.years)
        activity = st.pills(
            "By people with so many ratings",
            BANDS,
            selection_mode="multi",
            key="activity",
            bind=_IN_ADDRESS,
        )
        clear_button("clear_slice")
    return Slice(
        tuple(genres),
        *_in_order("Released", *released, notes),
        *_in_order("Rated", *rated, notes),
        tuple(BANDS.index(band) for band in BANDS if band in activity),
    )


def clear_button(key: str) -> None:
    """A button that takes all filters away."""
    st.button("Clear filters", icon=":material/filter_alt_off:", key=key, on_click=_clear)


def in_words(chosen: Slice) -> str:
    """What counts, in plain text: "Comedy or Drama · released 1990-1999"; empty for everything."""
    words = []
    if chosen.genres:
        words.append(" or ".join(chosen.genres))
    if span := _span(chosen.released_from, chosen.released_to):
        words.append(f"released {span}")
    if span := _span(chosen.rated_from, chosen.rated_to):
        words.append(f"rated {span}")
    if chosen.bands:
        words.append(f"people with {' or '.join(BANDS[band] for band in chosen.bands)} ratings")
    return " · ".join(words)


def _span(first: int | None, last: int | None) -> str:
    if first is None:
        return "" if last is None else f"in {last} or earlier"
    if last is None:
        return f"in {first} or later"
    return f"in {first}" if first == last else f"{first}-{last}"


def _releases(choices: Choices) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return choices.releases, tuple(year + RELEASE_STEP - 1 for year in choices.releases)


def _from_to(
    label: str, key: str, first: tuple[int, ...], last: tuple[int, ...]
) -> tuple[int | None, int | None]:
    columns = st.columns(2)
    return (
        columns[0].selectbox(
            f"{label} from",
            first,
            index=None,
            key=f"{key}_from",
            bind=_IN_ADDRESS,
            placeholder="Any year",
        ),
        columns[1].selectbox(
            f"{label} to",
            last,
            index=None,
            key=f"{key}_to",
            bind=_IN_ADDRESS,
            placeholder="Any year",
        ),
    )


def _in_order(
    label: str, first: int | None, last: int | None, notes: DeltaGenerator
) -> tuple[int | None, int | None]:
    if first is not None and last is not None and first > last:
        notes.warning(
            f"“{label} from {first}” is later than “to {last}”, so neither is in force: "
            "change one of them under Filters.",
            icon=":material/rule:",
        )
        return None, None
    return first, last


def _complain(choices: Choices, notes: DeltaGenerator) -> None:
    """Streamlit leaves out of the address what no widget takes; people had better know."""
    first, last = _releases(choices)
    years = _years(choices.years)
    known: dict[str, tuple[str, Iterable[object], str]] = {
        "genre": ("genre", choices.genres, f"There are: {', '.join(choices.genres)}."),
        "released_from": ("first year of release", first, _years(first, RELEASE_STEP)),
        "released_to": ("last year of release", last, _years(last, RELEASE_STEP)),
        "rated_from": ("first year of rating", choices.years, years),
        "rated_to": ("last year of rating", choices.years, years),
        "activity": ("band of activity", BANDS, f"There are: {', '.join(BANDS)}."),
    }
    for key, (name, options, hint) in known.items():
        right = {str(option) for option in options}
        wrong = [value for value in st.query_params.get_all(key) if value and value not in right]
        if wrong:
            named = ", ".join(f"“{plain(value, 40)}”" for value in wrong[:3])
            notes.warning(
                f"The address names {named} as {name}, which is left out. {plain(hint, 600)}",
                icon=":material/rule:",
            )


def _years(years: tuple[int, ...], step: int = 1) -> str:
    if not years:
        return "There is none yet."
    in_steps = f", in steps of {step}" if step > 1 else ""
    return f"There are the years {years[0]} to {years[-1]}{in_steps}."


def _clear() -> None:
    # Set, not forgotten: what is forgotten is read from the address once more.
    st.session_state.update(dict.fromkeys(_YEARS) | {key: [] for key in _LISTS})
