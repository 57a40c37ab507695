"""Bringing ratings from elsewhere: a file, a look at what would happen, then the import."""

from dataclasses import dataclass, field

import pandas as pd
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

import startup
from accounts import imports
from accounts.imports import Choice, ImportFileError, Matched, Parsed, Preview, Row, Status
from db.users import User
from pages.parts import identity
from pages.parts.text import plain
from pages.parts.wording import _, ngettext, number, say
from recsys.picks import PicksAwayError, TooManyPicksError

_STATE = "import_under_way"
_DONE = "import_done"
_A_PAGE = 10
_LEAVE_OUT = 0


@dataclass
class _UnderWay:
    """A file that was read, and what has been decided about its unsure rows (by line)."""

    file_id: str
    parsed: Parsed
    preview: Preview
    decided: dict[int, int] = field(default_factory=dict)


def show(user: User | None) -> None:
    """Take a file, show what its import would do, and do it when told to."""
    done = st.session_state.pop(_DONE, None)
    if done is not None:
        st.success(done, icon=":material/check:")
    st.write(
        _(
            "Letterboxd: *Settings → Data → Export*, the zip or its `ratings.csv`. IMDb: "
            "*Your ratings → Export*. MovieLens: *About you → Import/export*. Nothing is "
            "kept before you say so."
        )
    )
    file = st.file_uploader(
        _("Your file of ratings"),
        type=["csv", "zip"],
        max_upload_size=imports.MOST_BYTES // 2**20,
        key="import_file",
    )
    if file is None:
        st.session_state.pop(_STATE, None)
        return
    under_way: _UnderWay | None = st.session_state.get(_STATE)
    if under_way is None or under_way.file_id != file.file_id:
        try:
            with st.spinner(_("Reading the file and finding its films …")):
                under_way = _read(user, file.file_id, file.name, file.getvalue())
        except ImportFileError as error:
            st.error(say(error), icon=":material/error:")
            return
        st.session_state[_STATE] = under_way
    _preview(user, under_way)


def _read(user: User | None, file_id: str, name: str, data: bytes) -> _UnderWay:
    parsed = imports.read(name, data)
    with startup.current().engine.connect() as connection:
        if user is None:
            rated = identity.picks(user).history
            present = dict(zip(rated["movie_id"].tolist(), rated["rating"].tolist(), strict=True))
        else:
            present = imports.present_ratings(connection, user.id)
        return _UnderWay(file_id, parsed, imports.match(connection, parsed.rows, present))


def _preview(user: User | None, under_way: _UnderWay) -> None:
    preview, parsed = under_way.preview, under_way.parsed
    with st.grid(4, min_column_width=140):
        st.metric(_("Found"), number(len(preview.matched)), border=True)
        st.metric(_("Unsure"), number(len(preview.unsure)), border=True)
        st.metric(_("Not found"), number(len(preview.not_found)), border=True)
        st.metric(_("Can't be used"), number(len(parsed.unusable)), border=True)
    if preview.superseded:
        st.caption(
            _("Older ratings of a film that is rated again: {count}. The latest counts.").format(
                count=number(len(preview.superseded))
            )
        )
    if preview.matched:
        with st.expander(_("Found"), icon=":material/check:", expanded=True):
            _matched(preview)
    if preview.unsure:
        with st.expander(_("Unsure: pick the film"), icon=":material/help:", expanded=True):
            _unsure(under_way)
    if preview.not_found:
        with st.expander(_("Not found: these stay out"), icon=":material/search_off:"):
            _rows([(row, None) for row in preview.not_found], key="import_not_found")
    if parsed.unusable:
        with st.expander(_("Can't be used"), icon=":material/error:"):
            st.dataframe(
                [
                    {"line": row.line, "title": row.title, "why": say(row.reason)}
                    for row in parsed.unusable
                ],
                hide_index=True,
                key="import_unusable",
                alt=_("Lines that can't be used, and why"),
                column_config={"line": _("Line"), "title": _("Title"), "why": _("Why")},
            )
    chosen = _chosen(under_way)
    replace = False
    differing = sum(
        pick.rating != preview.present.get(pick.movie_id, pick.rating) for pick in chosen
    )
    if differing:
        replace = st.checkbox(
            _(
                "Where I have rated a film differently here ({differing}), take the file's rating"
            ).format(differing=number(differing)),
            key="import_replace",
        )
    if st.button(
        ngettext("Import {count} rating", "Import {count} ratings", len(chosen)).format(
            count=number(len(chosen))
        ),
        type="primary",
        icon=":material/download_done:",
        disabled=not chosen,
        key="import_now",
    ):
        _apply(user, chosen, replace, parsed.service.value)


def _matched(preview: Preview) -> None:
    new = sum(match.status is Status.NEW for match in preview.matched)
    same = sum(match.status is Status.SAME for match in preview.matched)
    st.write(
        _("New: {new}. Rated the same already: {same}.").format(new=number(new), same=number(same))
    )
    _rows([(match.row, match) for match in preview.matched], key="import_matched")


def _rows(rows: list[tuple[Row, Matched | None]], *, key: str) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "line": row.line,
                "title": row.title + (f" ({row.year})" if row.year else ""),
                "rating": row.rating,
                **(
                    {}
                    if match is None
                    else {
                        "film": match.movie.label,
                        "by": _(match.by.value),
                        "present": match.present,
                        "status": _(match.status.value),
                    }
                ),
            }
            for row, match in rows
        ),
        hide_index=True,
        key=key,
        alt=_("Lines of the file")
        if any(match is None for row, match in rows)
        else _("Lines of the file, and the films they are here"),
        column_config={
            "line": st.column_config.NumberColumn(_("Line"), width="small"),
            "title": st.column_config.TextColumn(_("In the file")),
            "rating": st.column_config.NumberColumn(_("Stars"), format="%.1f"),
            "film": st.column_config.TextColumn(_("Here")),
            "by": st.column_config.TextColumn(_("Found by")),
            "present": st.column_config.NumberColumn(_("Mine now"), format="%.1f"),
            "status": st.column_config.TextColumn(_("Which is")),
        },
    )


def _unsure(under_way: _UnderWay) -> None:
    unsure = under_way.preview.unsure
    pages = -(-len(unsure) // _A_PAGE)
    page = st.pagination(pages, key="import_page") if pages > 1 else 1
    for each in unsure[(page - 1) * _A_PAGE : page * _A_PAGE]:
        row = each.row
        labels = {_LEAVE_OUT: _("Leave it out")} | {film.id: film.label for film in each.candidates}
        year = f" ({row.year})" if row.year else ""
        decided = st.selectbox(
            f"{plain(row.title)}{year}, {number(row.rating, 'g')} ★: {_(each.why.value)}",
            list(labels),
            index=list(labels).index(under_way.decided.get(row.line, _LEAVE_OUT)),
            format_func=labels.__getitem__,
            key=f"import-{under_way.file_id}-{row.line}",
        )
        under_way.decided[row.line] = decided


def _chosen(under_way: _UnderWay) -> list[Choice]:
    rows = {each.row.line: each.row for each in under_way.preview.unsure}
    return [match.choice for match in under_way.preview.matched] + [
        imports.choice(rows[line], film)
        for line, film in under_way.decided.items()
        if film != _LEAVE_OUT
    ]


def _apply(user: User | None, chosen: list[Choice], replace: bool, service: str) -> None:
    application = startup.current()
    try:
        if user is None:
            added, changed = application.picks.put_many(identity.visitor(), chosen, replace=replace)
        else:
            applied = imports.apply(
                application.engine, user.id, chosen, replace=replace, service=service
            )
            added, changed = applied.added, applied.changed
    except TooManyPicksError as error:
        st.error(
            _("Nothing was imported: {problem}.").format(problem=say(error)),
            icon=":material/error:",
        )
    except (SQLAlchemyError, PicksAwayError):
        st.error(_("Nothing was imported. Please try again in a moment."), icon=":material/error:")
    else:
        st.session_state[_DONE] = _(
            "Ratings added: {added}, changed: {changed}; the rest you had already. Your next "
            "five know them."
        ).format(added=number(added), changed=number(changed))
        st.session_state.pop(_STATE, None)
        st.session_state.pop("import_file", None)
        st.rerun()
