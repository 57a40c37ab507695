"""My ratings: a table to sort, filter, change and delete, and a file to download."""

import pandas as pd
import streamlit as st

from db.queries import movies
from db.scale import HIGHEST, LOWEST, STARS
from pages.parts import guard, opinions, search, wording
from pages.parts.opinions import Opinion
from pages.parts.wording import _
from startup import Services

_TABLE = "my_ratings"


def table(services: Services, films: pd.DataFrame) -> None:
    """Show the ratings, newest first; changes are stored at once and can be undone.

    Parameters
    ----------
    services : Services
    films : DataFrame
        As from `db.queries.portrait.films`.
    """
    shown = _filtered(films.iloc[::-1].reset_index(drop=True))
    if shown.empty:
        st.info(_("None of your ratings match these filters."), icon=":material/filter_alt_off:")
        return
    frame = pd.DataFrame(
        {
            "film": movies.with_years(shown),
            "rating": shown["rating"],
            "everybody": shown["mean"],
            "rated_at": shown["rated_at"],
            "genres": shown["genres"].map(wording.genres),
            "remove": False,
        }
    )
    # The films of the rows in this run: an edit identifies its row by position.
    st.session_state["my_ratings_rows"] = list(
        zip(shown["movie_id"].tolist(), frame["film"].tolist(), strict=True)
    )
    st.data_editor(
        frame,
        key=_TABLE,
        hide_index=True,
        on_change=guard.callback(_keep_edits, services),
        disabled=["film", "everybody", "rated_at", "genres"],
        alt=_("Your ratings, newest first"),
        column_config={
            "film": st.column_config.TextColumn(_("Film"), width="medium"),
            "rating": st.column_config.SelectboxColumn(
                _("Yours ★"), options=STARS, required=True, help=_("Click to change.")
            ),
            "everybody": st.column_config.NumberColumn(_("All ★"), format="%.1f"),
            "rated_at": st.column_config.DatetimeColumn(
                _("Rated"), format=_("D MMM YYYY"), timezone=wording.time_zone()
            ),
            "genres": st.column_config.TextColumn(_("Genres")),
            "remove": st.column_config.CheckboxColumn(_("Remove"), help=_("Removes the rating.")),
        },
    )


def download() -> None:
    """Offer the ratings as CSV for MovieLens or Letterboxd; both can be imported again."""
    with st.container(horizontal=True):
        st.link_button(
            _("Download as CSV"), "/download/five-films-ratings.csv", icon=":material/download:"
        )
        st.link_button(
            _("Download for Letterboxd"),
            "/download/five-films-letterboxd.csv",
            icon=":material/download:",
        )


def _filtered(films: pd.DataFrame) -> pd.DataFrame:
    genres = sorted({genre for each in films["genres"] for genre in each})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = search.box(_("Title"), key="my_title", is_live=True)
        genre = st.selectbox(
            _("Genre"),
            genres,
            index=None,
            format_func=wording.genre,
            key="my_genre",
            placeholder=_("All"),
        )
        lowest, highest = st.select_slider(
            _("Stars"), STARS, (LOWEST, HIGHEST), format_func=_stars, key="my_stars"
        )
    fits = films["rating"].between(lowest, highest)
    if title:
        fits &= films["title"].str.contains(title, case=False, regex=False)
    if genre is not None:
        fits &= films["genres"].map(lambda genres: genre in genres).astype(bool)
    return films[fits].reset_index(drop=True)


def _stars(value: float) -> str:
    return wording.number(value, "g")


def _keep_edits(services: Services) -> None:
    rows: list[tuple[int, str]] = st.session_state.get("my_ratings_rows", [])
    edited: dict[int, dict[str, object]] = st.session_state[_TABLE]["edited_rows"]
    for place, change in edited.items():
        movie_id, label = rows[place]
        rating = change.get("rating")
        opinion: Opinion = float(str(rating)) if rating is not None else None
        if opinion is not None or change.get("remove"):
            opinions.say(services, movie_id, label, opinion)
    del st.session_state[_TABLE]  # the table starts again from what is stored now
