"""Bringing ratings from elsewhere: what a file would do, and then doing it."""

from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile

from accounts import imports
from accounts.imports import Choice, Row
from api.dependencies import App, Member
from api.responses import CHANGED_MEANWHILE, INVALID, NOT_LOGGED_IN, TOO_LARGE
from api.schemas.imports import (
    Candidate,
    FoundRow,
    Import,
    Imported,
    ImportedRow,
    ImportPreview,
    UnsureRow,
    UnusableRow,
)

router = APIRouter(tags=["my films"])


@router.post(
    "/imports/preview",
    summary="Look at a file of ratings",
    responses=NOT_LOGGED_IN | TOO_LARGE | INVALID,
)
def preview(
    file: Annotated[UploadFile, File(description=f"10 MB at the most; {imports.ACCEPTED}.")],
    user: Member,
    app: App,
) -> ImportPreview:
    """What the import of a file would do; nothing is kept."""
    parsed = imports.read(file.filename or "", file.file.read(imports.MOST_BYTES + 1))
    with app.engine.connect() as connection:
        found = imports.match(connection, parsed.rows, imports.present_ratings(connection, user.id))
    return ImportPreview(
        service=parsed.service.value,
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
    responses=NOT_LOGGED_IN | CHANGED_MEANWHILE | TOO_LARGE | INVALID,
)
def import_ratings(wish: Import, user: Member, app: App) -> Imported:
    """Add ratings to my own, all or none; the same again changes nothing."""
    chosen = [Choice(each.movie_id, each.rating, each.rated_at) for each in wish.ratings]
    applied = imports.apply(app.engine, user.id, chosen, replace=wish.replace)
    return Imported(
        added=applied.added,
        changed=applied.changed,
        unchanged=applied.unchanged,
        unknown=applied.unknown,
    )


def _facts(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "title": row.title,
        "year": row.year,
        "rating": row.rating,
        "rated_at": row.rated_at,
    }
