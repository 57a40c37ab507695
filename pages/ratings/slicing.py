"""The filters of the Ratings page, kept in the address."""

from collections.abc import Iterable
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.explore.slices import BANDS, RELEASE_STEP, Choices, Slice
from db.explore.summary import Summary
from pages.parts import guard
from pages.parts.filters import years
from pages.parts.text import plain
from pages.parts.wording import _, genre, names, number, understand

_IN_ADDRESS: Literal["query-params"] = "query-params"
_LISTS = ("genre", "activity")
_YEARS = ("released_from", "released_to", "rated_from", "rated_to")


def ask(choices: Choices, notes: DeltaGenerator) -> Slice:
    """Return what was chosen under "Filters".

    Parameters
    ----------
    choices : Choices
    notes : DeltaGenerator
        Where to report invalid parts of the address or of the choice.

    Returns
    -------
    Slice
    """
    understand("genre", choices.genres)
    understand("activity", BANDS)
    _complain(choices, notes)
    with st.popover(_("Filters"), icon=":material/filter_alt:", key="slice"):
        genres = st.multiselect(
            _("Films of any of these genres"),
            choices.genres,
            format_func=genre,
            key="genre",
            bind=_IN_ADDRESS,
            placeholder=_("All genres"),
        )
        released = _from_to((_("Released from"), _("Released to")), "released", *_releases(choices))
        rated = _from_to((_("Rated from"), _("Rated to")), "rated", choices.years, choices.years)
        activity = st.pills(
            _("By people with this many ratings"),
            BANDS,
            format_func=_,
            selection_mode="multi",
            key="activity",
            bind=_IN_ADDRESS,
        )
        clear_button("clear_slice")
    return Slice(
        tuple(genres),
        *_in_order(_("Released from"), *released, notes),
        *_in_order(_("Rated from"), *rated, notes),
        tuple(BANDS.index(band) for band in BANDS if band in activity),
    )


def clear_button(key: str) -> None:
    """Show a button that clears all filters."""
    st.button(
        _("Clear filters"),
        icon=":material/filter_alt_off:",
        key=key,
        on_click=guard.callback(_clear),
    )


def tiles(found: Summary) -> None:
    """Show what the filters leave, in four numbers."""
    with st.grid(4, min_column_width=140):
        st.metric(_("Ratings"), number(found.ratings), border=True)
        if found.sample is None:
            st.metric(_("People"), number(found.people), border=True)
        else:
            st.metric(
                _("People"),
                f"≈ {number(_two_digits(found.people))}",
                border=True,
                help=_("Estimated from {count} people drawn at random.").format(
                    count=number(found.sample)
                ),
            )
        st.metric(_("Films rated"), number(found.films), border=True)
        mean = "–" if found.mean is None else f"{number(found.mean, '.2f')} ★"
        st.metric(_("Mean rating"), mean, border=True)


def _two_digits(n: int) -> int:
    """Round an estimate to its first two digits: the others mean nothing."""
    return round(n, 2 - len(str(n)))


def in_words(chosen: Slice) -> str:
    """Return the filters as text: "Comedy or Drama · released 1990-1999"; empty for none."""
    words = []
    if chosen.genres:
        words.append(_(" or ").join(map(genre, chosen.genres)))
    if span := years(chosen.released_from, chosen.released_to):
        words.append(_("released {span}").format(span=span))
    if span := years(chosen.rated_from, chosen.rated_to):
        words.append(_("rated {span}").format(span=span))
    if chosen.bands:
        bands = _(" or ").join(_(BANDS[band]) for band in chosen.bands)
        words.append(_("people with {bands} ratings").format(bands=bands))
    return " · ".join(words)


def _releases(choices: Choices) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return choices.releases, tuple(year + RELEASE_STEP - 1 for year in choices.releases)


def _from_to(
    labels: tuple[str, str], key: str, first: tuple[int, ...], last: tuple[int, ...]
) -> tuple[int | None, int | None]:
    columns = st.columns(2)
    return (
        columns[0].selectbox(
            labels[0],
            first,
            index=None,
            key=f"{key}_from",
            bind=_IN_ADDRESS,
            placeholder=_("Any year"),
        ),
        columns[1].selectbox(
            labels[1],
            last,
            index=None,
            key=f"{key}_to",
            bind=_IN_ADDRESS,
            placeholder=_("Any year"),
        ),
    )


def _in_order(
    label: str, first: int | None, last: int | None, notes: DeltaGenerator
) -> tuple[int | None, int | None]:
    if first is not None and last is not None and first > last:
        notes.warning(
            _(
                "“{label} {first}” is later than “to {last}”, so neither applies. Change one "
                "of them under Filters."
            ).format(label=label, first=first, last=last),
            icon=":material/rule:",
        )
        return None, None
    return first, last


def _complain(choices: Choices, notes: DeltaGenerator) -> None:
    """Report what Streamlit drops from the address because no widget takes it."""
    first, last = _releases(choices)
    of_rating = _years(choices.years)
    genres = _("Choose from: {names}.").format(names=", ".join(map(genre, choices.genres)))
    bands = _("Choose from: {names}.").format(names=", ".join(map(_, BANDS)))
    known: dict[str, tuple[str, Iterable[object], str]] = {
        "genre": (_("genre"), names(choices.genres), genres),
        "released_from": (_("first year of release"), first, _years(first, RELEASE_STEP)),
        "released_to": (_("last year of release"), last, _years(last, RELEASE_STEP)),
        "rated_from": (_("first year of rating"), choices.years, of_rating),
        "rated_to": (_("last year of rating"), choices.years, of_rating),
        "activity": (_("level of activity"), names(BANDS), bands),
    }
    for key, (name, options, hint) in known.items():
        right = {str(option) for option in options}
        wrong = [value for value in st.query_params.get_all(key) if value and value not in right]
        if wrong:
            named = ", ".join(f"“{plain(value, 40)}”" for value in wrong[:3])
            notes.warning(
                _("The address gives {named} as {name}, which is ignored. {hint}").format(
                    named=named, name=name, hint=plain(hint, 600)
                ),
                icon=":material/rule:",
            )


def _years(years: tuple[int, ...], step: int = 1) -> str:
    if not years:
        return _("There are none yet.")
    words = (
        _("Choose from {first} to {last}, in steps of {step}.")
        if step > 1
        else _("Choose from {first} to {last}.")
    )
    return words.format(first=years[0], last=years[-1], step=step)


def _clear() -> None:
    # Set, not deleted: a deleted value is read from the address again.
    st.session_state.update(dict.fromkeys(_YEARS) | {key: [] for key in _LISTS})
