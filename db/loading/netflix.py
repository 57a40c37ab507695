"""The Netflix Prize's ratings: 100 million of 17,770 films, without genres.

The format is described in the README of the prize's data set: combined_data_1.txt to
combined_data_4.txt (on Kaggle) or training_set/mv_0000001.txt and so on, where a line "1:" names
the film of the lines "customer,rating,date" below it; movie_titles.txt or .csv is
"film,year,title" in Latin-1.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from db.loading.blocks import Block, Ids, checked
from db.loading.films import SourceFilms, read_year, take
from db.loading.forms import Files, Form, find_all
from db.loading.lines import Layout, read_block
from db.loading.records import text_lines
from db.loading.report import Reason, Rejections
from db.loading.sources import Member, no_good_line, whole_lines
from db.loading.titles import Title
from db.loading.values import Scale
from monitoring.progress import OnRead

_FILM = re.compile(rb"^([0-9]{1,18}):[ \t]*\r?$", re.MULTILINE)
_LAYOUT = Layout(b",", width=3, user=0, film=None, rating=1, time=2)


def _read_films(files: Files, films: SourceFilms, rejections: Rejections) -> None:
    [member] = find_all(files, NETFLIX.films)
    take(member.name, _titles(member, films), rejections)
    films.check(member.name)


def _titles(member: Member, films: SourceFilms) -> Iterator[tuple[int, Reason | None]]:
    for number, line in enumerate(text_lines(member, films.notes), 1):
        fields = line.split(",", 2)  # titles have commas
        if len(fields) != 3:
            yield number, Reason.FIELDS
            continue
        film, year, title = fields
        yield number, films.add(film, Title(title.strip(), read_year(year)), ())


def _read_ratings(
    members: Sequence[Member], scale: Scale | None, advance: OnRead
) -> Iterator[Block]:
    for member in members:
        yield from _blocks(member, scale, advance)


def _blocks(member: Member, scale: Scale | None, advance: OnRead) -> Iterator[Block]:
    line, film = 1, 0
    for piece in whole_lines(member):
        raw = read_block(piece, line, _LAYOUT)
        heads, films = _heads(piece, line, film)
        # A film's header line has only one field, so it is among the lines with too few.
        rejected = dict(raw.rejected)
        rejected[Reason.FIELDS] = np.setdiff1d(rejected.get(Reason.FIELDS, heads[1:]), heads)
        rejected = {reason: lines for reason, lines in rejected.items() if len(lines)}
        raw = replace(raw, rejected=rejected)
        of_lines = films[np.searchsorted(heads, raw.lines) - 1]
        yield checked(member.name, raw, raw.users, of_lines, scale)
        line += piece.count(b"\n")
        film = int(films[-1])
        advance(len(piece))
    if line == 1:
        raise no_good_line(member.name)


def _heads(piece: bytes, first_line: int, film: int) -> tuple[NDArray[np.int64], Ids]:
    """Return the lines that name a film, and the films; first line 0 and the film before."""
    found = [*_FILM.finditer(piece)]
    starts = np.array([each.start() for each in found], np.int64)
    newlines = np.flatnonzero(np.frombuffer(piece, np.uint8) == ord("\n"))
    lines = np.searchsorted(newlines, starts) + first_line
    films = np.array([film, *(int(each[1]) for each in found)], np.int64)
    return np.concatenate([[0], lines]).astype(np.int64), films


NETFLIX = Form(
    films=("movie_titles.csv", "movie_titles.txt"),
    ratings=("combined_data_*.txt", "mv_*.txt"),
    read_films=_read_films,
    read_ratings=_read_ratings,
    folder="training_set",
)
