"""From what somebody uploads to the bytes of one CSV file, with suspicion."""

import io
import re
import zipfile
import zlib

from accounts.imports.errors import ACCEPTED, MOST_BYTES, ImportFileError

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
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"\x1f\x8b": "packed with gzip",
    b"7z\xbc\xaf": "packed with 7-Zip",
    b"Rar!": "packed with RAR",
    b"SQLite format": "a database",
    b"<!DOCTYPE html": "a web page",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"{\\rtf": "a text document",
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
        raise ImportFileError(f"{name} is empty; {ACCEPTED}.")
    if len(data) > MOST_BYTES:
        raise _too_large(name)
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _from_zip(name, data)
    _check_kind(name, data)
    return data


def _check_kind(name: str, data: bytes) -> None:
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None and data[4:8] == b"ftyp":
        kind = "a picture or a film"
    if kind is None and data[:4] == b"RIFF":
        kind = "a picture or a sound"
    if kind is not None:
        raise ImportFileError(f"{name} is {kind}, not a list of ratings; {ACCEPTED}.")


def _from_zip(name: str, data: bytes) -> bytes:
    if data.count(_DIRECTORY_ENTRY) > MOST_MEMBERS:
        raise ImportFileError(
            f"{name} holds more than {MOST_MEMBERS:,} files, which no export does; {ACCEPTED}."
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
            f"{name} is a damaged zip: download it once more; {ACCEPTED}."
        ) from error
    if content.startswith(_ZIP):
        raise _nested(name)
    if not content.strip():
        raise ImportFileError(f"{WANTED} in {name} is empty; {ACCEPTED}.")
    _check_kind(f"{WANTED} in {name}", content)
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
            f"{name} holds {WANTED} {len(nearest)} times: unpack it and take the one you mean."
        )
    if nearest:
        return nearest[0]
    if any(info.filename == _WORKBOOK for info in files):
        raise ImportFileError(
            f"{name} is an Excel workbook: save it as CSV, or take the file as the service gave "
            f"it; {ACCEPTED}."
        )
    if any(parts[-1].casefold().endswith(".zip") for parts in files.values()):
        raise _nested(name)
    raise ImportFileError(f"{name} is a zip without {WANTED}; {ACCEPTED}.")


def _unpacked(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise ImportFileError(
            f"{name} is encrypted: unpack it with its password and take {WANTED} from it."
        )
    # zipfile unpacks only these two in pieces; a piece of the others may fill the memory.
    if info.compress_type not in _HOW_PACKED:
        raise ImportFileError(
            f"{WANTED} in {name} is packed in an unusual way: unpack it and take {WANTED} from it."
        )
    content = bytearray()
    with archive.open(info) as file:
        while block := file.read(_BLOCK_BYTES):
            content += block
            if len(content) > MOST_BYTES:
                raise _too_large(f"{WANTED} in {name}")
    return bytes(content)


def _too_large(name: str) -> ImportFileError:
    return ImportFileError(
        f"{name} has more than {MOST_BYTES // 2**20} MB, which no list of a person's ratings "
        f"has; {ACCEPTED}."
    )


def _nested(name: str) -> ImportFileError:
    return ImportFileError(
        f"{name} is a zip that holds another zip: unpack it once and take the inner one; "
        f"{ACCEPTED}."
    )
