"""The data load, in one transaction."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, text

from db.loading import lengths, merge, merge_tags, staging, turns
from db.loading.blocks import Block
from db.loading.data_sets import DataSet, open_source
from db.loading.demo import NAME as DEMO
from db.loading.films import SourceFilms
from db.loading.mapped import ColumnMap
from db.loading.report import MOST_EXAMPLES, LoadReport, Reason, Rejections, SourceError
from db.loading.sources import ACCEPTED
from db.loading.values import Scale
from db.queries import movies, statistics, views
from monitoring.progress import OnIndeterminateProgress, ignore_progress

logger = logging.getLogger(__name__)

_FILMS = 2**31
_LINES = 2**40
"""More than a file has; each file's line numbers are offset by this."""


class AlreadyLoadedError(RuntimeError):
    """The database already has films."""


def load(
    engine: Engine,
    source: str | Path,
    *,
    progress: OnIndeterminateProgress | None = None,
    refreshed: Sequence[str] = views.VIEWS,
    with_lengths: bool = True,
    only_if_empty: bool = False,
    scale: Scale | None = None,
    columns: ColumnMap | None = None,
) -> LoadReport:
    """Load a data set into the database, replacing the previous one, in one transaction.

    The database has one data set at a time:

    - Films are added and changed; films that the set lacks are deleted, unless a user's own rating
      refers to them.
    - Raters are users with their number as id and no email. Raters that the set lacks are deleted,
      including demo accounts, unless they have own ratings.
    - Ratings with `is_own` false are replaced by the set's. Ratings that users gave here (`is_own`)
      are never changed and take precedence over the set's.
    - `users.ratings_revision` increases for exactly the users whose ratings changed; for a new
      rater it starts at a million times the load's id, so that no revision is used twice.
    - Tags are replaced by the set's, which may have none. Genres and tags without films are
      deleted. The views are refreshed. `loads` gets a row.
    - Details of films (lengths, people, titles) stay unless a film's id now is another film's. The
      demo set's films get their lengths from the same package.

    Only differences are written: loading the same source again changes no row of these tables. If
    anything fails, or the process dies, the database is unchanged. Loads take turns. Reads aren't
    blocked, except while a set much larger than the existing one is written.

    Parameters
    ----------
    engine : Engine
        PostgreSQL with the current schema, through psycopg 3.
    source : str or Path
        "demo", or a folder or zip with a data set in a format of docs/data-sets.md.
    progress : callable, optional
        Called with the fraction of the ratings read (0 to 1, by bytes; None during SQL, whose
        progress is unknown) and a short text. An exception that it raises aborts the load.
    refreshed : sequence of str
        The views to compute: all, or for a first load `db.queries.views.OF_FILMS`, after which
        `db.queries.views.complete` computes the others.
    with_lengths : bool
        Whether to store the lengths of the demo set's films; for a first load
        `db.loading.lengths.complete` does so later.
    only_if_empty : bool
        Whether to leave the database alone if it has films when this load's turn comes.
    scale : Scale, optional
        The highest rating possible; without it ratings are half-stars from 0.5 to 5, and another
        scale is rejected. Not for the demo set.
    columns : ColumnMap, optional
        The columns of a pair of tables with any names. Not for the demo set.

    Returns
    -------
    LoadReport
        Counts, changes and the rejected lines.

    Raises
    ------
    SourceError
        If the source can't be loaded; the text says why and what would be accepted.
    AlreadyLoadedError
        If there are films and `only_if_empty` is set.
    """
    started = time.monotonic()
    on_progress = progress or ignore_progress
    with open_source(source, scale=scale, columns=columns) as data_set:
        on_progress(None, "Reading films")
        rejections = Rejections()
        films = data_set.films(rejections)
        with (
            engine.connect().execution_options(isolation_level="READ COMMITTED") as connection,
            connection.begin(),
        ):
            turns.wait(connection, on_progress)
            if only_if_empty and holds_films(connection):
                raise AlreadyLoadedError("another replica has loaded the films")
            report = _load(connection, data_set, films, rejections, on_progress, started, refreshed)
            if with_lengths and data_set.name == DEMO:
                on_progress(None, "Looking up the lengths of films")
                notes = (*report.notes, lengths.store(connection))
                report = replace(report, notes=notes, seconds=time.monotonic() - started)
    on_progress(1.0, "Done")
    logger.info(
        "loaded %s: %d films, %d raters, %d ratings, %d lines rejected, in %.1f s",
        *(report.source, report.movies, report.raters, report.ratings, report.rejected),
        report.seconds,
    )
    return report


def holds_films(connection: Connection) -> bool:
    """Return whether a data set was loaded, or films were added in another way."""
    return statistics.last_load(connection) is not None or movies.count(connection) > 0


def _load(
    connection: Connection,
    data_set: DataSet,
    films: SourceFilms,
    rejections: Rejections,
    on_progress: OnIndeterminateProgress,
    started: float,
    refreshed: Sequence[str],
) -> LoadReport:
    views.lock(connection)
    staging.create_tables(connection)
    staging.copy_films(connection, films)
    reading = _Reading(data_set, films, rejections, on_progress)
    copied = staging.copy_ratings(connection, reading.blocks())
    if not copied:
        raise SourceError(f"{reading.files[-1]} has no rating of a film in the list; {ACCEPTED}")

    on_progress(None, "Reading tags")
    staging.copy_tags(connection, data_set.tags(films, rejections))
    tags, beyond = merge_tags.prepare(connection)
    if beyond:
        films.notes.append(
            f"The {merge_tags.MOST_TAGS} tags that most people gave were kept for each film; "
            f"{beyond:,} others were left out."
        )

    on_progress(None, "Sorting ratings")
    ratings, raters = merge.prepare(connection, in_order=reading.in_order)
    if ratings < copied:
        room = MOST_EXAMPLES - len(rejections.examples)
        lines = merge.superseded_lines(connection, room)
        for line in lines:
            rejections.add(*reading.place(line), Reason.SECOND_RATING)
        rejections.by_reason[Reason.SECOND_RATING] = copied - ratings

    on_progress(None, "Storing films and ratings")
    new_load = """
        INSERT INTO loads (source, movies, raters, ratings, rejected)
        VALUES (:source, :movies, :raters, :ratings, :rejected) RETURNING id
    """
    counts = {
        "source": data_set.name,
        "movies": len(films.by_id),
        "raters": raters,
        "ratings": ratings,
        "rejected": rejections.total,
    }
    load_id = connection.execute(text(new_load), counts).scalar_one()
    changes = merge.merge(connection, load_id)
    on_progress(None, "Computing the statistics")
    # In an empty database there is nothing to read in the meantime, and this is faster.
    views.refresh(
        connection,
        concurrently=statistics.totals(connection).ratings > 0,
        views=refreshed,
    )
    return LoadReport(
        source=data_set.name,
        movies=len(films.by_id),
        raters=raters,
        ratings=ratings,
        tags=tags,
        **asdict(changes),
        rejected=rejections.total,
        rejected_by_reason=dict(rejections.by_reason),
        examples=tuple(rejections.examples),
        notes=tuple(films.notes),
        seconds=time.monotonic() - started,
    )


class _Reading:
    """Passes the ratings on and reports progress.

    `files` are the names of the files so far; `in_order` tells whether all ratings so far were
    sorted by user and film, without duplicates.
    """

    def __init__(
        self,
        data_set: DataSet,
        films: SourceFilms,
        rejections: Rejections,
        on_progress: OnIndeterminateProgress,
    ) -> None:
        self.files = [data_set.name]
        self._data_set = data_set
        self._films = films
        self._rejections = rejections
        self._on_progress = on_progress
        self._done = 0
        self.in_order = True
        self._last = -1

    def blocks(self) -> Iterator[Block]:
        """Yield the ratings of films in the list."""
        ids = np.sort(self._films.ids)
        untitled = np.sort(self._films.untitled_ids)
        self._on_progress(0.0, "Reading ratings")
        for block in self._data_set.ratings(self._advance):
            if block.file != self.files[-1]:
                self.files.append(block.file)
            listed = block.of_listed(ids, untitled, self._rejections)
            self._check_order(listed)
            yield replace(listed, lines=listed.lines + (len(self.files) - 1) * _LINES)

    def place(self, line: int) -> tuple[str, int]:
        """Return the file of a line that was passed on, and its number there."""
        file, number = divmod(line, _LINES)
        return self.files[file], number

    def _check_order(self, block: Block) -> None:
        keys = block.users.astype(np.int64) * _FILMS + block.films
        keys = np.concatenate([[self._last], keys])
        self.in_order = self.in_order and bool((np.diff(keys) > 0).all())
        self._last = int(keys[-1])

    def _advance(self, read: int) -> None:
        self._done += read
        self._on_progress(min(self._done / max(self._data_set.size, 1), 1.0), "Reading ratings")
