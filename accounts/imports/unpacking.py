"""From what somebody uploads to the bytes of the files in it, with suspicion."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from accounts.imports.errors import ACCEPTED, MOST_BYTES, MOST_BYTES_UNPACKED, ImportFileError
from i18n.language import Text

MOST_MEMBERS = 10_000
MOST_FILES = 500

_BLOCK_BYTES = 2**16
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 1
_HOW_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_WORKBOOK = "[Content_Types].xml"
_ENDINGS = (".csv", ".tsv", ".txt", ".json", ".xml")
# Where Letterboxd keeps what a person took back, and what a Macintosh adds.
_NOT_CURRENT = ("deleted", "orphaned", "__macosx")
_MOST_FOLDERS = 3
# Folders that say what the films in their files are.
_TELLING = (["lists"], ["likes"])

_KINDS = {
    b"\x89PNG": Text("a picture"),
    b"\xff\xd8\xff": Text("a picture"),
    b"GIF8": Text("a picture"),
    b"II*\0": Text("a picture"),
    b"MM\0*": Text("a picture"),
    b"%PDF": Text("a PDF"),
    b"\xd0\xcf\x11\xe0": Text("an Excel workbook"),
    b"\x1f\x8b": Text("packed with gzip"),
    b"7z\xbc\xaf": Text("packed with 7-Zip"),
    b"Rar!": Text("packed with RAR"),
    b"SQLite format": Text("a database"),
    b"<!DOCTYPE html": Text("a web page"),
    b"<!doctype html": Text("a web page"),
    b"<html": Text("a web page"),
    b"{\\rtf": Text("a text document"),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file; `name` with its innermost folder where it is in a zip, None where it is alone."""

    name: str | None
    content: bytes


def files(name: str, data: bytes) -> list[File]:
    """The file itself, or those of a zip that may hold films.

    Parameters
    ----------
    name : str
        How messages call the file.
    data : bytes
        What was uploaded.

    Returns
    -------
    list of File
        At least one; none of them is empty.

    Raises
    ------
    ImportFileError
        When it is empty, too large, of another kind, or a zip that can't be used.
    """
    if not data.strip():
        raise ImportFileError(Text("{name} is empty; {accepted}.", name=name, accepted=ACCEPTED))
    if len(data) > MOST_BYTES:
        raise _too_large(name)
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _from_zip(name, data)
    _check_kind(name, data)
    return [File(None, data)]


def _check_kind(name: str, data: bytes) -> None:
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None and data[4:8] == b"ftyp":
        kind = Text("a picture or a film")
    if kind is None and data[:4] == b"RIFF":
        kind = Text("a picture or a sound")
    if kind is not None:
        raise ImportFileError(
            Text(
                "{name} is {kind}, not a list of ratings; {accepted}.",
                name=name,
                kind=kind,
                accepted=ACCEPTED,
            )
        )


def _from_zip(name: str, data: bytes) -> list[File]:
    if data.count(_DIRECTORY_ENTRY) > MOST_MEMBERS:
        raise ImportFileError(
            Text(
                "{name} contains more than {most_members:,} files, more than any export has; "
                "{accepted}.",
                name=name,
                most_members=MOST_MEMBERS,
                accepted=ACCEPTED,
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = _unpack(name, archive)
    except ImportFileError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        OverflowError,
        NotImplementedError,
        RuntimeError,
    ) as error:  # all that zipfile raises, by what is wrong in which header
        raise ImportFileError(
            Text(
                "{name} is a damaged zip: download it again; {accepted}.",
                name=name,
                accepted=ACCEPTED,
            )
        ) from error
    wanted = [file for file in unpacked if file.content.strip()]
    if not wanted:
        raise ImportFileError(
            Text(
                "{wanted} in {name} is empty; {accepted}.",
                wanted=unpacked[0].name,
                name=name,
                accepted=ACCEPTED,
            )
        )
    usable: list[File] = []
    problems: list[ImportFileError] = []
    for file in wanted:
        try:
            if file.content.startswith(_ZIP):
                raise _nested(name)
            _check_kind(Text("{wanted} in {name}", wanted=file.name, name=name), file.content)
        except ImportFileError as problem:
            problems.append(problem)
        else:
            usable.append(file)
    if not usable:
        raise problems[0]
    return usable


def _unpack(name: str, archive: zipfile.ZipFile) -> list[File]:
    unpacked: list[File] = []
    room = MOST_BYTES_UNPACKED
    for label, info in _members(name, archive).items():
        content = _unpacked(name, archive, label, info, min(room, MOST_BYTES))
        room -= len(content)
        unpacked.append(File(label, content))
    return unpacked


def _members(name: str, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files that may hold films, by name; of one name, the nearest to the root."""
    paths = {info: re.split(r"[/\\]", info.filename) for info in archive.infolist()}
    if any(info.filename == _WORKBOOK for info in paths):
        raise ImportFileError(
            Text(
                "{name} is an Excel workbook: save it as CSV, or take the file as the "
                "service gave it; {accepted}.",
                name=name,
                accepted=ACCEPTED,
            )
        )
    found: dict[str, list[zipfile.ZipInfo]] = {}
    for info, parts in paths.items():
        if _is_wanted(parts):
            is_told_by_folder = parts[-2:-1] in _TELLING
            label = "/".join(parts[-2:]) if is_told_by_folder else parts[-1]
            found.setdefault(label.casefold(), []).append(info)
    members: dict[str, zipfile.ZipInfo] = {}
    for label, infos in found.items():
        nearest = min(len(paths[info]) for info in infos)
        same = [info for info in infos if len(paths[info]) == nearest]
        if len(same) > 1:
            raise ImportFileError(
                Text(
                    "{name} holds {wanted} {nearest} times: unpack it and take the one you mean.",
                    name=name,
                    wanted=label,
                    nearest=len(same),
                )
            )
        members[label] = same[0]
    if len(members) > MOST_FILES:
        raise ImportFileError(
            Text(
                "{name} holds more than {most_files} tables: unpack it and take those you mean.",
                name=name,
                most_files=MOST_FILES,
            )
        )
    if members:
        return members
    if any(parts[-1].casefold().endswith(".zip") for parts in paths.values()):
        raise _nested(name)
    raise ImportFileError(
        Text(
            "{name} is a zip without a file of ratings or films; {accepted}.",
            name=name,
            accepted=ACCEPTED,
        )
    )


def _is_wanted(parts: list[str]) -> bool:
    return (
        parts[-1].casefold().endswith(_ENDINGS)
        and not parts[-1].startswith(".")
        and len(parts) <= _MOST_FOLDERS
        and not {part.casefold() for part in parts[:-1]} & set(_NOT_CURRENT)
    )


def _unpacked(
    name: str, archive: zipfile.ZipFile, label: str, info: zipfile.ZipInfo, most: int
) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise ImportFileError(
            Text(
                "{name} is encrypted: unpack it with its password and use {wanted} from it.",
                name=name,
                wanted=label,
            )
        )
    # zipfile unpacks only these two in pieces; a piece of the others may fill the memory.
    if info.compress_type not in _HOW_PACKED:
        raise ImportFileError(
            Text(
                "{wanted} in {name} is compressed in an unusual way: unpack it and use "
                "{wanted} from it.",
                wanted=label,
                name=name,
            )
        )
    content = bytearray()
    with archive.open(info) as file:
        while block := file.read(_BLOCK_BYTES):
            content += block
            if len(content) > most:
                raise _too_large(Text("{wanted} in {name}", wanted=label, name=name))
    return bytes(content)


def _too_large(name: str) -> ImportFileError:
    return ImportFileError(
        Text(
            "{name} is larger than {most_bytes} MB, too large for one person's ratings; "
            "{accepted}.",
            name=name,
            most_bytes=MOST_BYTES // 2**20,
            accepted=ACCEPTED,
        )
    )


def _nested(name: str) -> ImportFileError:
    return ImportFileError(
        Text(
            "{name} is a zip that contains another zip: unpack it and use the inner one; "
            "{accepted}.",
            name=name,
            accepted=ACCEPTED,
        )
    )
