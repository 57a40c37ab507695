"""The load of IMDb's files, in one transaction."""

import logging
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from db.details import merge, staging
from db.details.files import AKAS, BASICS, CREW, NAMES, PRINCIPALS, ImdbFile, find, missing
from db.details.matching import Matcher, Matches
from db.details.report import DetailsReport
from db.loading import turns
from db.loading.report import Reason, Rejections, SourceError
from db.loading.title_index import Film
from monitoring.progress import OnIndeterminateProgress, OnRead, ignore_progress

logger = logging.getLogger(__name__)


def load_imdb(
    engine: Engine, folder: Path, *, progress: OnIndeterminateProgress | None = None
) -> DetailsReport:
    """Store the details that IMDb's files have of the films in the database, in one transaction.

    Films are matched by IMDb's number if the data set has it, else by title and year, if that is
    certain (`db.details.matching.Matcher`). Their length, original title, first directors, writers
    and cast, and their titles in other regions replace those of an earlier load. What an optional
    file would have stays if the file is missing. If anything fails, or the process dies, the
    database is unchanged. Loads take turns; reads aren't blocked.

    The files are read a few megabytes at a time, so memory depends on the films in the database.

    Parameters
    ----------
    engine : Engine
        PostgreSQL with the current schema and the films, through psycopg 3.
    folder : Path
        With title.basics.tsv.gz and, optionally, title.akas, title.crew, title.principals and
        name.basics, which gives people their names; each may be unpacked (.tsv).
    progress : callable, optional
        As in `db.loading.load`.

    Returns
    -------
    DetailsReport

    Raises
    ------
    SourceError
        If title.basics is missing, a file can't be read or has other columns, most of its lines
        are invalid, or there are no films in the database.
    """
    started = time.monotonic()
    on_progress = progress or ignore_progress
    rejections = Rejections()
    files = find(folder, rejections)
    with (
        engine.connect().execution_options(isolation_level="READ COMMITTED") as connection,
        connection.begin(),
    ):
        turns.wait(connection, on_progress)
        loading = _Loading(connection, files, on_progress)
        films, matches = loading.read()
        on_progress(None, "Storing the details")
        changes = merge.merge(connection, roles=loading.roles, with_titles=AKAS.name in files)
        covered = merge.coverage(connection)
    on_progress(1.0, "Done")
    report = DetailsReport(
        films=films,
        matched=len(matches.found),
        by_number=matches.by_number,
        by_title=matches.by_title,
        ambiguous=matches.ambiguous,
        coverage=covered,
        changes=changes,
        missing=missing([*files]),
        rejected=rejections.total,
        rejected_by_reason=dict(rejections.by_reason),
        examples=tuple(rejections.examples),
        seconds=time.monotonic() - started,
    )
    logger.info(
        "loaded details from IMDb's files: %d of %d films, %d lines rejected, in %.1f s",
        *(report.matched, report.films, report.rejected, report.seconds),
    )
    return report


class _Loading:
    """Reads the files into temporary tables and reports progress, by bytes."""

    def __init__(
        self,
        connection: Connection,
        files: dict[str, ImdbFile],
        on_progress: OnIndeterminateProgress,
    ) -> None:
        self._connection = connection
        self._files = files
        self._on_progress = on_progress
        self._done = 0
        self._read = [BASICS.name, AKAS.name]
        self.roles: list[str] = []
        if NAMES.name in files:
            if CREW.name in files:
                self.roles += ["director", "writer"]
                self._read.append(CREW.name)
            if PRINCIPALS.name in files:
                self.roles.append("cast")
                self._read.append(PRINCIPALS.name)
            self._read.append(NAMES.name)

    def read(self) -> tuple[int, Matches]:
        """Fill the temporary tables; return the number of films and how they were matched."""
        rows = self._connection.execute(
            text("SELECT id, title, year, imdb_id FROM movies ORDER BY id")
        ).all()
        if not rows:
            raise SourceError(
                "there are no films in the database: load a data set first, with "
                "`python -m recsys load`"
            )
        films = [Film(row.id, row.title, row.year) for row in rows]
        numbers = {row.id: row.imdb_id for row in rows if row.imdb_id is not None}
        matches = self._match(Matcher(films, numbers))
        ids = {b"tt%07d" % title.number for title in matches.found.values()}
        staging.create_tables(self._connection)
        staging.copy_films(self._connection, matches.found)
        for layout, copy in (
            (AKAS, staging.copy_titles),
            (CREW, staging.copy_crew),
            (PRINCIPALS, staging.copy_cast),
        ):
            if layout.name in self._files and layout.name in self._read:
                copy(self._connection, self._files[layout.name], ids, self._advance(layout.name))
        if NAMES.name in self._files:
            staging.copy_names(self._connection, self._files[NAMES.name], self._advance(NAMES.name))
        return len(films), matches

    def _match(self, matcher: Matcher) -> Matches:
        file = self._files[BASICS.name]
        for row in file.rows(matcher.may_match, self._advance(BASICS.name)):
            title = staging.read_title(row.fields)
            if isinstance(title, Reason):
                file.reject(row, title)
            else:
                matcher.add(title)
        return matcher.matches()

    def _advance(self, name: str) -> OnRead:
        """Return what reports the progress while a file is read."""
        size = sum(file.size for name, file in self._files.items() if name in self._read)
        what = f"Reading {self._files[name].name}"
        self._on_progress(self._done / max(size, 1), what)

        def advance(read: int) -> None:
            self._done += read
            self._on_progress(min(self._done / max(size, 1), 1.0), what)

        return advance
