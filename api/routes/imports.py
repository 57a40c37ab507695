"""Endpoints for imports: preview a file of ratings, then import them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Query, UploadFile

from accounts import imports
from accounts.imports import Choice, DateOrder, Hints, Role, Row, Scale
from api.dependencies import CurrentUser, Rater, ServicesDep
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
    file: Annotated[UploadFile, File(description=f"At most 10 MB; {imports.ACCEPTED}.")],
    user: CurrentUser,
    services: ServicesDep,
    column: Annotated[
        list[str] | None,
        Query(
            max_length=len(Role),
            description="For a table of an unknown service: the role and name of each column, such "
            f"as title:Film. Roles are {', '.join(Role)}.",
        ),
    ] = None,
    scale: Annotated[
        Literal["5", "10", "100"] | None,
        Query(description="The highest possible rating in such a table."),
    ] = None,
    date_order: Annotated[
        DateOrder | None, Query(description="The order of day and month, if it is ambiguous.")
    ] = None,
    profile: Annotated[
        str | None,
        Query(max_length=200, description="Whose rows to read, if the file has several people's."),
    ] = None,
) -> ImportPreview:
    """Show what importing a file would do; nothing is stored."""
    best = None if scale is None else _SCALES[scale]
    hints = Hints(_columns(column or ()), best, date_order, profile)
    parsed = imports.read(file.filename or "", file.file.read(imports.MOST_BYTES + 1), hints)
    with services.engine.connect() as connection:
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
def import_ratings(payload: RatingsImport, user: Rater, services: ServicesDep) -> Imported:
    """Add ratings to mine, all or none; repeating it changes nothing."""
    if not payload.skip_unknown:
        check(
            services.engine,
            {f"ratings.{at}.movie_id": each.movie_id for at, each in enumerate(payload.ratings)}
            | {f"marks.{at}.movie_id": each.movie_id for at, each in enumerate(payload.marks)},
        )
    chosen = [Choice(each.movie_id, each.rating, each.rated_at) for each in payload.ratings]
    marks = {each.movie_id: each.mark for each in payload.marks}
    applied = imports.apply(services.engine, user.id, chosen, replace=payload.replace, marks=marks)
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
    """Return the names of the columns by role, from texts such as "title:Film"."""
    named = dict(text.partition(":")[::2] for text in given)
    unknown = sorted(named.keys() - set(Role))
    if unknown:
        raise InvalidFieldsError(
            {"column": f"{unknown[0]!r} is not a role of a column; use {', '.join(Role)}"}
        )
    return named
