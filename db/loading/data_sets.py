"""Recognition of a data set in a folder or a zip by its files."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Protocol

from db.loading import tags
from db.loading.blocks import Block
from db.loading.demo import NAME as DEMO
from db.loading.demo import open_demo
from db.loading.films import SourceFilms
from db.loading.forms import Files, Form, find_all
from db.loading.mapped import ColumnMap, Mapped, find_tables
from db.loading.movielens import CSV, DAT, TAB
from db.loading.movies_dataset import MOVIES_DATASET
from db.loading.netflix import NETFLIX
from db.loading.refusals import refusing
from db.loading.report import Rejections, SourceError
from db.loading.sources import ACCEPTED, Folders, nearest, open_folders
from db.loading.tags import GivenTag
from db.loading.values import Scale
from monitoring.progress import OnRead

FORMS = (CSV, DAT, TAB, MOVIES_DATASET, NETFLIX)
"""If a folder has the files of several, the first counts."""

_MOST_NAMED = 8


class DataSet(Protocol):
    """A loadable data set: read films first, then the ratings in blocks, then the tags."""

    @property
    def name(self) -> str:
        """Its name in the list of data loads."""

    @property
    def size(self) -> int:
        """The total that `ratings` passes to `advance`."""

    def films(self, rejections: Rejections, /) -> SourceFilms:
        """Read all films."""

    def ratings(self, advance: OnRead) -> Iterator[Block]:
        """Read all ratings; `advance` gets the amount read since its last call, in `size` units."""

    def tags(self, films: SourceFilms, rejections: Rejections, /) -> Iterator[GivenTag]:
        """Read the tags of these films; nothing if the set has no tags."""


@dataclass(frozen=True, slots=True)
class Release:
    """The files of a data set in one of the formats."""

    name: str
    files: Files
    form: Form
    scale: Scale | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The size of the rating files in bytes."""
        return sum(member.size for member in find_all(self.files, self.form.ratings))

    def films(self, rejections: Rejections) -> SourceFilms:
        """Read all films, with their links if the data set has them.

        Parameters
        ----------
        rejections : Rejections
            Gets the rejected lines.

        Returns
        -------
        SourceFilms

        Raises
        ------
        SourceError
            If a file's content doesn't match its name, or most of its lines are broken.
        """
        films = SourceFilms(notes=self.notes)
        self.form.read_films(self.files, films, rejections)
        return films

    def ratings(self, advance: OnRead) -> Iterator[Block]:
        """Read all ratings.

        Parameters
        ----------
        advance : callable
            Called with the number of bytes read since its last call.

        Returns
        -------
        iterator of Block

        Raises
        ------
        SourceError
            If a file's content doesn't match its name, most lines are broken or the scale is wrong.
        """
        members = find_all(self.files, self.form.ratings)
        blocks = self.form.read_ratings(members, self.scale, advance)
        return refusing(blocks, self.scale, self.notes)

    def tags(self, films: SourceFilms, rejections: Rejections) -> Iterator[GivenTag]:
        """Read all tags of these films, if the release has a file of tags.

        Parameters
        ----------
        films : SourceFilms
        rejections : Rejections
            Gets the rejected lines.

        Returns
        -------
        iterator of GivenTag

        Raises
        ------
        SourceError
            If the file's content doesn't match its name.
        """
        found = find_all(self.files, tags.FILES)
        return tags.read_tags(found[0], films, rejections) if found else iter(())


def open_source(
    source: str | Path, *, scale: Scale | None = None, columns: ColumnMap | None = None
) -> AbstractContextManager[DataSet]:
    """Open the demo set for "demo", or else the data set in a folder or zip.

    Parameters
    ----------
    source : str or Path
    scale : Scale, optional
        See `open_release`.
    columns : ColumnMap, optional
        See `open_release`.

    Returns
    -------
    context manager of DataSet

    Raises
    ------
    SourceError
        If there is none, or `scale` or `columns` are given for the demo set.
    """
    if source != DEMO:
        return open_release(Path(source), scale=scale, columns=columns)
    if scale is not None or columns is not None:
        raise SourceError("the demo set takes neither --scale nor --map")
    return nullcontext(open_demo())


@contextmanager
def open_release(
    path: Path, *, scale: Scale | None = None, columns: ColumnMap | None = None
) -> Iterator[DataSet]:
    """Recognise the data set in a folder or zip by its files, or by the columns of its tables.

    Parameters
    ----------
    path : Path
    scale : Scale, optional
        The highest rating possible; without it, ratings are half-stars from 0.5 to 5.
    columns : ColumnMap, optional
        The names of the columns of a pair of tables; the files may then have any names.

    Yields
    ------
    DataSet

    Raises
    ------
    SourceError
        If there is none, an incomplete one, or several.
    """
    with open_folders(path) as folders:
        name = path.resolve().name
        if columns is not None:
            rated, listed = find_tables(folders, columns)
            yield Mapped(name, rated, listed, columns, scale)
            return
        whole: dict[PurePosixPath, Release] = {}
        for folder, files in _with_inner(folders).items():
            form = next((form for form in FORMS if form.is_in(files)), None)
            if form is not None:
                whole[folder] = Release(name, files, form, scale)
        if not whole:
            raise _not_found(folders)
        yield nearest(whole)


def _with_inner(folders: Folders) -> dict[PurePosixPath, Files]:
    """Return each folder's files, including those of an inner folder that a format uses."""
    inner = [form.folder for form in FORMS if form.folder]
    return {
        folder: {
            **{
                name: member
                for below in inner
                for name, member in folders.get(folder / below, {}).items()
            },
            **files,
        }
        for folder, files in folders.items()
    }


def _not_found(folders: Folders) -> SourceError:
    """Return the error if no format is complete: which files are there, and which are missing."""
    parts = [(files, form) for files in folders.values() for form in FORMS]
    files, form = max(parts, key=lambda part: _share(*part), default=({}, CSV))
    found = [find_all(files, patterns)[:1] for patterns in form.needed]
    here = [member.name for members in found for member in members]
    if here:
        lacking = [
            names[0] for names, members in zip(form.needed, found, strict=True) if not members
        ]
        others = {name: member for name, member in files.items() if name not in here}
        is_missing = "is missing" if len(lacking) == 1 else "are missing"
        return SourceError(
            f"there is {', '.join(here)}, but {' and '.join(lacking)} {is_missing}"
            f"{_hint(others, lacking)}; {ACCEPTED}"
        )
    every = {name: member for files in folders.values() for name, member in files.items()}
    named = f" ({_listed(sorted(every))})" if every else ""
    wanted = [name for form in FORMS for patterns in form.needed for name in patterns]
    return SourceError(
        f"there are no files of a data set in it{named}{_hint(every, wanted)}; {ACCEPTED}"
    )


def _share(files: Files, form: Form) -> float:
    """Return the share of a format's required files that is there."""
    there = [patterns for patterns in form.needed if find_all(files, patterns)]
    return len(there) / len(form.needed)


def _hint(files: Files, wanted: Sequence[str]) -> str:
    """Return a hint at a name similar to one of `wanted`, if there is one."""
    folded = {name.casefold(): name for name in sorted(files, reverse=True)}
    for name in wanted:
        near = get_close_matches(name, folded, n=1, cutoff=0.7)
        if near and "*" not in name:
            return f" (is {folded[near[0]][:80]!r} meant to be {name}?)"
    return ""


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown
