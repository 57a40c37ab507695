"""The files of an untrusted data set in a folder or a zip."""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TypeAlias, TypeVar

from db.loading.report import SourceError

ACCEPTED = (
    'accepted are "demo", or a folder or zip with movies.csv and ratings.csv (MovieLens; on Kaggle '
    "movie.csv and rating.csv; or .parquet), movies.dat and ratings.dat (MovieLens 1M and 10M), "
    "u.item and u.data (100K), movies_metadata.csv, links.csv and ratings.csv (The Movies "
    "Dataset), movie_titles.csv and combined_data_1.txt or training_set/mv_0000001.txt (Netflix "
    "Prize), or any two tables with --map (docs/data-sets.md)"
)

BLOCK_BYTES = 4 * 2**20
# A list of films is read into memory; the 32M release's has 4 MB.
MOST_LIST_BYTES = 256 * 2**20
# Ratings compress to about a quarter; a file of one repeated line to a few hundredths.
MOST_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 16 * 2**20
MOST_LINE_BYTES = 2**20
MOST_RECORD_LINES = 200
"""How many lines a quoted field may span."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the data set; `name` is without the path, `size` is in bytes.

    `accepted` is the end of its errors: what can be read instead.
    """

    name: str
    size: int
    opener: Callable[[], IO[bytes]]
    accepted: str = ACCEPTED

    def blocks(self) -> Iterator[bytes]:
        """Read the content, some megabytes at a time.

        Yields
        ------
        bytes

        Raises
        ------
        SourceError
            If it can't be read: damaged or encrypted zip, no permission.
        """
        with self._translating_errors():
            file = self.opener()
        with file:
            while True:
                with self._translating_errors():
                    block = file.read(BLOCK_BYTES)
                if not block:
                    return
                yield block

    def content(self) -> bytes:
        """Read the whole content, for lists of films, which are small.

        Returns
        -------
        bytes

        Raises
        ------
        SourceError
            If it can't be read, or is too long for a list of films.
        """
        if self.size > MOST_LIST_BYTES:
            raise SourceError(
                f"{self.name} has {self.size:,} bytes, which is too long for a list of films; "
                f"{ACCEPTED}"
            )
        return b"".join(self.blocks())

    def first_line(self) -> bytes:
        """Return the first line with its newline, or as much of it as a block has."""
        for block in self.blocks():
            return block.partition(b"\n")[0] + b"\n"
        return b""

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """Open the content as a seekable file, unpacked to the disk if it is in a zip.

        Yields
        ------
        binary file

        Raises
        ------
        SourceError
            If it can't be read.
        """
        with self._translating_errors():
            file = self.opener()
        with ExitStack() as stack:
            stack.enter_context(file)
            if isinstance(file, zipfile.ZipExtFile):
                unpacked = stack.enter_context(tempfile.TemporaryFile())
                for block in self.blocks():
                    unpacked.write(block)
                unpacked.seek(0)
                yield unpacked
            else:
                yield file

    @contextmanager
    def _translating_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise SourceError(f"{self.name} can't be read: {error}; {self.accepted}") from error
        except (RuntimeError, NotImplementedError) as error:  # how zipfile reports encryption
            raise SourceError(f"{self.name} in the zip can't be unpacked: {error}") from error


Found = TypeVar("Found")

Folders: TypeAlias = Mapping[PurePosixPath, Mapping[str, Member]]


@contextmanager
def open_folders(path: Path) -> Iterator[Folders]:
    """Open the files of a folder, including direct sub-folders, or of a whole zip.

    Parameters
    ----------
    path : Path

    Yields
    ------
    Folders
        The files by folder and name.

    Raises
    ------
    SourceError
        If `path` is neither a folder nor a zip, or the zip is malicious.
    """
    name = repr(str(path)[:200])
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:
        raise SourceError(f"{name} is not the name of a folder or zip; {ACCEPTED}") from error
    if not exists:
        raise SourceError(f"{name} does not exist; {ACCEPTED}")
    if is_folder:
        yield _of_folder(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SourceError(f"{name} is neither a folder nor a zip; {ACCEPTED}") from error
    with archive:
        yield _of_zip(archive)


def nearest(found: Mapping[PurePosixPath, Found]) -> Found:
    """Return what was found in the outermost folder.

    Parameters
    ----------
    found : mapping of PurePosixPath
        Findings by folder.

    Returns
    -------
    Found

    Raises
    ------
    SourceError
        If several folders are at the same depth.
    """
    depth = min(len(folder.parts) for folder in found)
    folders = sorted(folder for folder in found if len(folder.parts) == depth)
    if len(folders) > 1:
        raise SourceError(
            f"there are several data sets in it ({', '.join(map(str, folders))[:200]}): name one"
        )
    return found[folders[0]]


def _of_folder(path: Path) -> Folders:
    folders: dict[PurePosixPath, dict[str, Member]] = {}
    try:
        inner = sorted(entry for entry in path.iterdir() if entry.is_dir())
        for folder in [path, *inner]:
            members = folders.setdefault(PurePosixPath(folder.relative_to(path).as_posix()), {})
            for file in folder.iterdir():
                if file.is_file():
                    opener = _file_opener(file)
                    members[file.name] = Member(file.name, file.stat().st_size, opener)
    except OSError as error:
        raise SourceError(f"a folder can't be read: {error}; {ACCEPTED}") from error
    return folders


def _file_opener(file: Path) -> Callable[[], IO[bytes]]:
    return lambda: file.open("rb")


def _of_zip(archive: zipfile.ZipFile) -> Folders:
    folders: dict[PurePosixPath, dict[str, Member]] = {}
    for info in archive.infolist():
        parts = re.split(r"[/\\]", info.filename)
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise SourceError(
                f"the zip names a file outside of itself ({info.filename[:100]!r}), which no "
                f"data set does; {ACCEPTED}"
            )
        if info.is_dir():
            continue
        where = PurePosixPath(*parts[:-1])
        opener = _zip_opener(archive, info)
        folders.setdefault(where, {})[parts[-1]] = Member(parts[-1], info.file_size, opener)
    return folders


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def opener() -> IO[bytes]:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > RATIO_MATTERS_FROM_BYTES and ratio > MOST_RATIO:
            raise SourceError(
                f"{info.filename} in the zip grows {ratio:,.0f}-fold to {info.file_size:,} bytes "
                f"when unpacked, which no data set does; {ACCEPTED}"
            )
        return archive.open(info)

    return opener


def no_good_line(file: str) -> SourceError:
    """Return the error for a file without a usable line."""
    return SourceError(f"{file} has no line that can be used; {ACCEPTED}")


def whole_lines(member: Member) -> Iterator[bytes]:
    """Read the content in blocks of whole lines, each ended by a newline.

    Parameters
    ----------
    member : Member

    Yields
    ------
    bytes

    Raises
    ------
    SourceError
        If it can't be read, or has a line of more than a megabyte.
    """
    rest = b""
    for block in member.blocks():
        content = rest + block
        end = content.rfind(b"\n") + 1
        if len(content) - end > MOST_LINE_BYTES:
            raise SourceError(
                f"{member.name} has a line of more than a megabyte; {member.accepted}"
            )
        if end:
            yield content[:end]
        rest = content[end:]
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"
