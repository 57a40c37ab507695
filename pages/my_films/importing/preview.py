"""Preview of an import: sections of the file, films found, and open choices."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from accounts import imports
from accounts.imports import (
    Chosen,
    Hints,
    Matched,
    Parsed,
    Preview,
    Row,
    Says,
    Section,
    Status,
    Unsure,
)
from db.queries.marks import Mark
from db.queries.movies import with_year
from pages.parts import guard
from pages.parts.text import plain
from pages.parts.wording import N_, _, label_of, ngettext, number, say

_A_PAGE = 10
_LEAVE_OUT = 0
_MARKS: dict[Mark, str] = {"seen": N_("Seen"), "later": N_("Watch later")}
_MOST_UNREAD = 300


@dataclass
class UnderWay:
    """A file that was read, and the decisions about its uncertain rows, by position."""

    file_id: str
    hints: Hints
    parsed: Parsed
    preview: Preview
    decided: dict[tuple[int, int], int] = field(default_factory=dict)


def show(under_way: UnderWay) -> tuple[Chosen, bool]:
    """Show the preview; return what to import, and whether to replace existing ratings."""
    parsed = under_way.parsed
    without, marks_of = _sections(under_way)
    preview = under_way.preview.without(without)
    unusable = [row for row in parsed.unusable if row.section not in without]
    with st.grid(4, min_column_width=140):
        st.metric(_("Found"), number(len(preview.matched)), border=True)
        st.metric(_("Unsure"), number(len(preview.unsure)), border=True)
        st.metric(_("Not found"), number(len(preview.not_found)), border=True)
        st.metric(_("Can't be used"), number(len(unusable)), border=True)
    if preview.superseded:
        st.caption(
            _("Ratings replaced by a later one of the same film: {count}.").format(
                count=number(len(preview.superseded))
            )
        )
    if preview.matched:
        with st.expander(_("Found"), icon=":material/check:", expanded=True):
            _matched(preview)
    if preview.unsure:
        with st.expander(_("Unsure: pick the film"), icon=":material/help:", expanded=True):
            _unsure(under_way, preview.unsure)
    if preview.not_found:
        with st.expander(_("Not found: these are left out"), icon=":material/search_off:"):
            _rows([(row, None) for row in preview.not_found], key="import_not_found")
    if unusable:
        with st.expander(_("Can't be used"), icon=":material/error:"):
            st.dataframe(
                [
                    {"line": row.line, "title": row.title, "why": say(row.reason)}
                    for row in unusable
                ],
                hide_index=True,
                placeholder="",
                key="import_unusable",
                alt=_("Lines that can't be used, and why"),
                column_config={"line": _("Line"), "title": _("Title"), "why": _("Why")},
            )
    decided = {place: film for place, film in under_way.decided.items() if film != _LEAVE_OUT}
    chosen = imports.chosen(preview, decided, marks_of=marks_of)
    return chosen, _replace(preview, chosen)


def import_label(chosen: Chosen) -> str:
    """Return the label of the button that imports it."""
    if chosen.marks:
        return _("Import ratings: {ratings}, films for my lists: {marks}").format(
            ratings=number(len(chosen.ratings)), marks=number(len(chosen.marks))
        )
    return ngettext("Import {count} rating", "Import {count} ratings", len(chosen.ratings)).format(
        count=number(len(chosen.ratings))
    )


def _sections(under_way: UnderWay) -> tuple[set[int], dict[int, Mark | None]]:
    """Ask which sections to import, and what the films of lists are."""
    sections = under_way.parsed.sections
    without: set[int] = set()
    marks_of: dict[int, Mark | None] = {}
    if len(sections) > 1 or sections[0].says is Says.LISTED:
        st.subheader(_("What the file holds"))
        for place, section in enumerate(sections):
            key = f"import-section-{place}-{under_way.file_id}"
            label = _label(section)
            if section.says is Says.LISTED:
                marks_of[place] = st.selectbox(
                    label,
                    [None, *_MARKS],
                    index=0 if len(sections) > 1 else 1 + list(_MARKS).index("later"),
                    format_func=lambda mark: _(_MARKS[mark]) if mark else _("Leave it out"),
                    key=key,
                )
                if marks_of[place] is None:
                    without.add(place)
            elif not st.checkbox(label, value=True, key=key):
                without.add(place)
    _remarks(under_way.parsed, [each for at, each in enumerate(sections) if at not in without])
    return without, marks_of


def _label(section: Section) -> str:
    says = {
        Says.RATED: ngettext("{count} rating", "{count} ratings", section.rows),
        Says.DIARY: ngettext("{count} diary entry", "{count} diary entries", section.rows),
        Says.REVIEWED: ngettext("{count} review", "{count} reviews", section.rows),
        Says.LIKED: ngettext("{count} liked film", "{count} liked films", section.rows),
        Says.SEEN: ngettext("{count} film seen", "{count} films seen", section.rows),
        Says.LATER: ngettext(
            "{count} film to watch later", "{count} films to watch later", section.rows
        ),
        Says.LISTED: ngettext("{count} film of a list", "{count} films of a list", section.rows),
    }[section.says].format(count=number(section.rows))
    again = ""
    if section.rewatches:
        again = ", " + _("seen again: {count}").format(count=number(section.rewatches))
    return f"{plain(section.name)}: {says}{again}"


def _remarks(parsed: Parsed, sections: Sequence[Section]) -> None:
    """Show what was decided about the file, in small print."""
    remarks = []
    if any(section.says is Says.LIKED for section in sections):
        remarks.append(_("A like without a rating counts as 4 ★."))
    if any(section.has_thumbs for section in sections):
        remarks.append(_("A thumb up counts as 4 ★, two thumbs up as 5 ★, a thumb down as 1½ ★."))
    for section in sections:
        if section.scale is not None and section.scale != 5 and not section.has_thumbs:
            remarks.append(_("Ratings were read as out of {best}.").format(best=section.scale))
    undated = sum(section.undated for section in sections if not section.is_date_open)
    if undated:
        remarks.append(
            _("Rows with a date that can't be read: {count}. They count as rated today.").format(
                count=number(undated)
            )
        )
    if parsed.unread:
        names = plain(", ".join(parsed.unread), _MOST_UNREAD)
        remarks.append(_("Not read: {names}.").format(names=names))
    if remarks:
        st.caption(" ".join(remarks))


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
                "title": with_year(row.title, row.year),
                "rating": row.rating,
                **({} if row.mark is None else {"mark": _(_MARKS[row.mark])}),
                **(
                    {}
                    if match is None
                    else {
                        "film": label_of(match.movie),
                        "by": _(match.by.value),
                        "present": match.present,
                        "status": _(match.status.value),
                    }
                ),
            }
            for row, match in rows
        ),
        hide_index=True,
        placeholder="",
        column_order=["line", "title", "rating", "mark", "film", "by", "present", "status"],
        key=key,
        alt=_("Lines of the file")
        if any(match is None for row, match in rows)
        else _("Lines of the file and the films they match"),
        column_config={
            "line": st.column_config.NumberColumn(_("Line"), width="small"),
            "title": st.column_config.TextColumn(_("In the file")),
            "rating": st.column_config.NumberColumn(_("Stars"), format="%.1f"),
            "mark": st.column_config.TextColumn(_("List")),
            "film": st.column_config.TextColumn(_("Here")),
            "by": st.column_config.TextColumn(_("Found by")),
            "present": st.column_config.NumberColumn(_("Yours now"), format="%.1f"),
            "status": st.column_config.TextColumn(_("Meant film")),
        },
    )


def _unsure(under_way: UnderWay, unsure: Sequence[Unsure]) -> None:
    if len(unsure) > 1:
        st.button(
            _("Choose the first suggestion for all"),
            icon=":material/done_all:",
            type="tertiary",
            key="import_first_of_all",
            on_click=guard.callback(_choose_first, under_way, unsure),
        )
    pages = -(-len(unsure) // _A_PAGE)
    page = st.pagination(pages, key="import_page") if pages > 1 else 1
    for each in unsure[(page - 1) * _A_PAGE : page * _A_PAGE]:
        labels = {_LEAVE_OUT: _("Leave it out")} | {
            film.id: label_of(film) for film in each.candidates
        }
        decided = st.selectbox(
            f"{_called(each.row)}: {_(each.why.value)}",
            list(labels),
            index=list(labels).index(under_way.decided.get(each.row.place, _LEAVE_OUT)),
            format_func=labels.__getitem__,
            key=_key(under_way, each),
        )
        under_way.decided[each.row.place] = decided


def _choose_first(under_way: UnderWay, unsure: Sequence[Unsure]) -> None:
    for each in unsure:
        if under_way.decided.get(each.row.place, _LEAVE_OUT) == _LEAVE_OUT:
            under_way.decided[each.row.place] = each.candidates[0].id
            st.session_state[_key(under_way, each)] = each.candidates[0].id


def _key(under_way: UnderWay, unsure: Unsure) -> str:
    section, line = unsure.row.place
    return f"import-{under_way.file_id}-{section}-{line}"


def _called(row: Row) -> str:
    said = ""
    if row.rating is not None:
        said = f", {number(row.rating, 'g')} ★"
    elif row.mark is not None:
        said = f", {_(_MARKS[row.mark])}"
    return f"{with_year(plain(row.title), row.year)}{said}"


def _replace(preview: Preview, chosen: Chosen) -> bool:
    """Ask whether the file's ratings replace different ones here."""
    differing = sum(
        pick.rating != preview.present.get(pick.movie_id, pick.rating) for pick in chosen.ratings
    )
    return bool(differing) and st.checkbox(
        _("Where my rating here differs ({differing}), use the one in the file").format(
            differing=number(differing)
        ),
        key="import_replace",
    )
