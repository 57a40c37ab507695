"""Bringing ratings from elsewhere: what a file would do, and then doing it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Query, UploadFile

from accounts import imports
from accounts.imports import Choice, DateOrder, Hints, Role, Row, Scale
from api.dependencies import App, CurrentUser, Rater
from api.film_numbers import check
from api.responses import CHANGED_MEANWHILE, NOT_LOGGED_IN, TOO_LARGE, TOO_OFTEN
from api.schemas.imports import (
    Candidate,
    FoundRow,
    Imported,
    ImportedRow,
    ImportPreview,
    ImportSection,
    ImportTable,
    RatingsImport,
    UnsureRow,
    UnusableRow,
)
from api.validation import InvalidFieldsError, StrictRoute

_SCALES: dict[str, Scale] = {"5": 5, "10": 10, "100": 100}

router = APIRouter(tags=["my films"], route_class=StrictRoute)


@router.post(
    "/imports/preview",
    summary="Look at a file of ratings",
    response_model_exclude_defaults=True,
    responses=NOT_LOGGED_IN | TOO_LARGE,
)
def preview_import(
    file: Annotated[UploadFile, File(description=f"10 MB at the most; {imports.ACCEPTED}.")],
    user: CurrentUser,
    app: App,
    column: Annotated[
        list[str] | None,
        Query(
            max_length=len(Role),
            description="Of a table of no known service: what a column says and its name, such as "
            f"title:Film, for each. A column can say {', '.join(Role)}.",
        ),
    ] = None,
    scale: Annotated[
        Literal["5", "10", "100"] | None, Query(description="The best rating of such a table.")
    ] = None,
    date_order: Annotated[
        DateOrder | None, Query(description="The order of day and month, where it is open.")
    ] = None,
    profile: Annotated[
        str | None,
        Query(max_length=200, description="Whose rows to read, of a file that has several's."),
    ] = None,
) -> ImportPreview:
    """What the import of a file would do; nothing is kept."""
    best = None if scale is None else _SCALES[scale]
    hints = Hints(_columns(column or ()), best, date_order, profile)
    parsed = imports.read(file.filename or "", file.file.read(imports.MOST_BYTES + 1), hints)
    with app.engine.connect() as connection:
        found = imports.match(connection, parsed.rows, imports.present_ratings(connection, user.id))
    return ImportPreview(
        service=parsed.service.value,
        sections=[
            ImportSection(**{**asdict(each), "says": each.says.value}) for each in parsed.sections
        ],
        unread=list(parsed.unread),
        table=None if parsed.table is None else ImportTable.model_validate(asdict(parsed.table)),
        found=[
            FoundRow(
                **_facts(each.row),
                movie_id=each.movie.id,
                film=each.movie.label,
                by=each.by.value,
                present=each.present,
            )
            for each in found.matched
        ],
        unsure=[
            UnsureRow(
                **_facts(each.row),
                candidates=[
                    Candidate(movie_id=film.id, film=film.label) for film in each.candidates
                ],
                why=each.why.value,
            )
            for each in found.unsure
        ],
        not_found=[ImportedRow(**_facts(row)) for row in found.not_found],
        superseded=[ImportedRow(**_facts(each.row)) for each in found.superseded],
        unusable=[
            UnusableRow(line=row.line, title=row.title, reason=row.reason)
            for row in parsed.unusable
        ],
    )


@router.post(
    "/imports",
    summary="Import ratings",
    response_model_exclude_defaults=True,
    responses=NOT_LOGGED_IN | TOO_OFTEN | CHANGED_MEANWHILE | TOO_LARGE,
)
def import_ratings(payload: RatingsImport, user: Rater, app: App) -> Imported:
    """Add ratings to my own, all or none; the same again changes nothing."""
    if not payload.skip_unknown:
        check(
            app,
            {f"ratings.{at}.movie_id": each.movie_id for at, each in enumerate(payload.ratings)}
            | {f"marks.{at}.movie_id": each.movie_id for at, each in enumerate(payload.marks)},
        )
    chosen = [Choice(each.movie_id, each.rating, each.rated_at) for each in payload.ratings]
    marks = {each.movie_id: each.mark for each in payload.marks}
    applied = imports.apply(app.engine, user.id, chosen, replace=payload.replace, marks=marks)
    return Imported(
        added=applied.added,
        changed=applied.changed,
        unchanged=applied.unchanged,
        unknown=applied.unknown,
        marked=applied.marked,
    )


def _facts(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "title": row.title,
        "year": row.year,
        "rating": row.rating,
        "rated_at": row.rated_at,
        "mark": row.mark,
        "section": row.section,
    }


def _columns(given: Sequence[str]) -> dict[str, str]:
    """The names of the columns by what they say, from "title:Film"."""
    named = dict(text.partition(":")[::2] for text in given)
    unknown = sorted(named.keys() - set(Role))
    if unknown:
        raise InvalidFieldsError(
            {"column": f"{unknown[0]!r} is nothing a column can say; use {', '.join(Role)}"}
        )
    return named
