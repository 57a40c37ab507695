"""From what somebody uploads to the bytes of one CSV file, with suspicion."""

import io
import re
import zipfile
import zlib

from accounts.imports.errors import ACCEPTED, MOST_BYTES, ImportFileError
from language import Text

MOST_MEMBERS = 10_000
WANTED = "ratings.csv"

_BLOCK_BYTES = 2**16
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 1
_HOW_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_WORKBOOK = "[Content_Types].xml"
# Where Letterboxd keeps what a person took back.
_NOT_CURRENT = ("deleted", "orphaned")

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


def csv_bytes(name: str, data: bytes) -> bytes:
    """The bytes of the file itself, or of ratings.csv when it is a zip.

    Parameters
    ----------
    name : str
        How messages call the file.
    data : bytes
        What was uploaded.

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
    return data


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


def _from_zip(name: str, data: bytes) -> bytes:
    if data.count(_DIRECTORY_ENTRY) > MOST_MEMBERS:
        raise ImportFileError(
            Text(
                "{name} holds more than {most_members:,} files, which no export does; {accepted}.",
                name=name,
                most_members=MOST_MEMBERS,
                accepted=ACCEPTED,
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = _unpacked(name, archive, _member(name, archive))
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
                "{name} is a damaged zip: download it once more; {accepted}.",
                name=name,
                accepted=ACCEPTED,
            )
        ) from error
    if content.startswith(_ZIP):
        raise _nested(name)
    if not content.strip():
        raise ImportFileError(
            Text(
                "{wanted} in {name} is empty; {accepted}.",
                wanted=WANTED,
                name=name,
                accepted=ACCEPTED,
            )
        )
    _check_kind(Text("{wanted} in {name}", wanted=WANTED, name=name), content)
    return content


def _member(name: str, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The ratings.csv that is nearest to the root, in one folder at the most."""
    files = {info: re.split(r"[/\\]", info.filename) for info in archive.infolist()}
    found = {
        info: len(parts)
        for info, parts in files.items()
        if parts[-1].casefold() == WANTED and len(parts) <= 2 and parts[0] not in _NOT_CURRENT
    }
    nearest = [info for info, depth in found.items() if depth == min(found.values())]
    if len(nearest) > 1:
        raise ImportFileError(
            Text(
                "{name} holds {wanted} {nearest} times: unpack it and take the one you mean.",
                name=name,
                wanted=WANTED,
                nearest=len(nearest),
            )
        )
    if nearest:
        return nearest[0]
    if any(info.filename == _WORKBOOK for info in files):
        raise ImportFileError(
            Text(
                "{name} is an Excel workbook: save it as CSV, or take the file as the "
                "service gave it; {accepted}.",
                name=name,
                accepted=ACCEPTED,
            )
        )
    if any(parts[-1].casefold().endswith(".zip") for parts in files.values()):
        raise _nested(name)
    raise ImportFileError(
        Text(
            "{name} is a zip without {wanted}; {accepted}.",
            name=name,
            wanted=WANTED,
            accepted=ACCEPTED,
        )
    )


def _unpacked(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise ImportFileError(
            Text(
                "{name} is encrypted: unpack it with its password and take {wanted} from it.",
                name=name,
                wanted=WANTED,
            )
        )
    # zipfile unpacks only these two in pieces; a piece of the others may fill the memory.
    if info.compress_type not in _HOW_PACKED:
        raise ImportFileError(
            Text(
                "{wanted} in {name} is packed in an unusual way: unpack it and take "
                "{wanted} from it.",
                wanted=WANTED,
                name=name,
            )
        )
    content = bytearray()
    with archive.open(info) as file:
        while block := file.read(_BLOCK_BYTES):
            content += block
            if len(content) > MOST_BYTES:
                raise _too_large(Text("{wanted} in {name}", wanted=WANTED, name=name))
    return bytes(content)


def _too_large(name: str) -> ImportFileError:
    return ImportFileError(
        Text(
            "{name} has more than {most_bytes} MB, which no list of a person's ratings "
            "has; {accepted}.",
            name=name,
            most_bytes=MOST_BYTES // 2**20,
            accepted=ACCEPTED,
        )
    )


def _nested(name: str) -> ImportFileError:
    return ImportFileError(
        Text(
            "{name} is a zip that holds another zip: unpack it once and take the inner "
            "one; {accepted}.",
            name=name,
            accepted=ACCEPTED,
        )
    )
