"""The artefact: arrays in numpy's npz without pickle, the same bytes for the same model."""

import io
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 3

Arrays = dict[str, NDArray[Any]]


class ArtefactError(ValueError):
    """The bytes are not an artefact that this version can read."""


def pack(arrays: Arrays, facts: dict[str, Any]) -> bytes:
    """Pack arrays and JSON facts into one npz file."""
    facts = {"format": FORMAT, **facts}
    buffer = io.BytesIO()
    everything: dict[str, Any] = {"facts": np.array(json.dumps(facts, sort_keys=True)), **arrays}
    np.savez(buffer, **everything)
    return buffer.getvalue()


def unpack(data: bytes) -> tuple[Arrays, dict[str, Any]]:
    """Unpack the arrays and facts that `pack` wrote.

    Parameters
    ----------
    data : bytes
        An npz file.

    Returns
    -------
    arrays : dict of str to array
    facts : dict

    Raises
    ------
    ArtefactError
        If the bytes are damaged or have another format.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
            facts = dict(json.loads(str(arrays.pop("facts"))))
    except Exception as error:  # zipfile, zlib and numpy raise almost anything on damaged bytes
        raise ArtefactError(f"these {len(data)} bytes are not an artefact: {error}") from error
    if facts.get("format") != FORMAT:
        raise ArtefactError(
            f"the artefact has format {facts.get('format')}, this version reads {FORMAT}: "
            "train again, or run the version of Five Films that wrote it"
        )
    return arrays, facts


def check_shapes(arrays: Arrays, expected: dict[str, tuple[int, ...]]) -> None:
    """Raise `ArtefactError` if an array doesn't have its expected shape."""
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            raise ArtefactError(
                f"the artefact's {name} has shape {arrays[name].shape}, not {shape}"
            )
