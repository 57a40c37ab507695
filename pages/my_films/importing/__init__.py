"""Imports: a file, a preview of what would happen, then the import."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from accounts import imports
from accounts.imports import Chosen, Hints, ImportFileError, UnknownColumnsError
from accounts.rate_limits import TooOftenError
from db.queries.users import User
from pages.my_films.importing import asking, preview
from pages.my_films.importing.preview import UnderWay
from pages.parts import identity
from pages.parts.text import plain
from pages.parts.wording import _, number, say
from recsys.serving.guests import TooManyGuestRatingsError
from startup import Services

_STATE = "import_under_way"
_DONE = "import_done"


def show(services: Services, user: User | None) -> None:
    """Ask for a file, preview its import, and run it on request."""
    done = st.session_state.pop(_DONE, None)
    if done is not None:
        st.success(done, icon=":material/check:")
    st.write(
        _(
            "Choose the file that the other service gives you: Letterboxd's zip (*Settings → Data "
            "→ Export*) or a file in it, IMDb's ratings or lists (*Export*), MovieLens (*About you "
            "→ Import/export*), Trakt, TMDB, Simkl, Kinopoisk, Kinorium, Criticker or Netflix. Any "
            "other table with a column of titles works, too. Nothing is saved until you confirm."
        )
    )
    file = st.file_uploader(
        _("Your file of ratings"),
        type=["csv", "tsv", "txt", "json", "xml", "zip"],
        max_upload_size=imports.MOST_BYTES // 2**20,
        key="import_file",
    )
    if file is None:
        st.session_state.pop(_STATE, None)
        return
    under_way: UnderWay | None = st.session_state.get(_STATE)
    hints = asking.hints(file.file_id)
    if under_way is None or (under_way.file_id, under_way.hints) != (file.file_id, hints):
        try:
            with st.spinner(_("Reading the file and finding its films …")):
                under_way = _read(services, user, file.file_id, file.name, file.getvalue(), hints)
        except ImportFileError as error:
            st.error(plain(say(error), 600), icon=":material/error:")
            if isinstance(error, UnknownColumnsError):
                asking.columns(file.file_id, error.table, None)
            return
        st.session_state[_STATE] = under_way
    if under_way.parsed.table is not None:
        asking.columns(file.file_id, under_way.parsed.table, under_way.parsed.sections[0].scale)
    asking.date_order(file.file_id, under_way.parsed.sections)
    chosen, replace = preview.show(under_way)
    if st.button(
        preview.import_label(chosen),
        type="primary",
        icon=":material/download_done:",
        disabled=not chosen.ratings and not chosen.marks,
        key="import_now",
    ):
        _apply(services, user, chosen, replace, under_way.parsed.service.value)


def _read(
    services: Services, user: User | None, file_id: str, name: str, data: bytes, hints: Hints
) -> UnderWay:
    parsed = imports.read(name, data, hints)
    with services.engine.connect() as connection:
        if user is None:
            rated = identity.guest_ratings(services, user).history
            present = dict(zip(rated["movie_id"].tolist(), rated["rating"].tolist(), strict=True))
        else:
            present = imports.present_ratings(connection, user.id)
        return UnderWay(file_id, hints, parsed, imports.match(connection, parsed.rows, present))


def _apply(
    services: Services, user: User | None, chosen: Chosen, replace: bool, service: str
) -> None:
    try:
        identity.note_rating(services, user)
        if user is None:
            added, changed, marked = services.guests.bring(
                identity.visitor(services.settings), chosen.ratings, chosen.marks, replace=replace
            )
        else:
            applied = imports.apply(
                services.engine,
                user.id,
                chosen.ratings,
                replace=replace,
                marks=chosen.marks,
                service=service,
            )
            added, changed, marked = applied.added, applied.changed, applied.marked
    except TooManyGuestRatingsError as error:
        st.error(
            _("Nothing was imported: {problem}.").format(problem=say(error)),
            icon=":material/error:",
        )
    except TooOftenError as error:
        st.error(say(error), icon=":material/speed:")
    except SQLAlchemyError:
        st.error(_("Nothing was imported. Please try again in a moment."), icon=":material/error:")
    else:
        said = _(
            "Ratings added: {added}, changed: {changed}; the rest were here already. Your "
            "next five take them into account."
        ).format(added=number(added), changed=number(changed))
        if marked:
            said += " " + _("Films added to your lists: {marked}.").format(marked=number(marked))
        st.session_state[_DONE] = said
        st.session_state.pop(_STATE, None)
        st.session_state.pop("import_file", None)
        st.rerun()
