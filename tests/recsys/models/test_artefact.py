"""Artefacts: packing, unpacking and damaged bytes."""

import io
import random

import numpy as np
import pytest

from recsys.models import artefact
from recsys.models.artefact import ArtefactError, pack, unpack
from recsys.models.model import Model
from tests.recsys.frames import likes

ARRAYS = {"a": np.arange(3, dtype=np.float32)}


def test_arrays_and_facts_round_trip() -> None:
    arrays, facts = unpack(pack(ARRAYS, {"é": [1, None]}))
    assert arrays["a"].tolist() == [0, 1, 2]
    assert arrays["a"].dtype == np.float32
    assert facts == {"é": [1, None], "format": artefact.FORMAT}


def test_other_format_is_rejected_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack(ARRAYS, {})
    monkeypatch.setattr(artefact, "FORMAT", artefact.FORMAT + 1)
    with pytest.raises(ArtefactError, match=r"has format 3, this version reads 4: train again"):
        unpack(data)


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", b"\x93NUMPY", b"\x80\x04K\x01."])
def test_invalid_bytes_are_rejected(data: bytes) -> None:
    with pytest.raises(ArtefactError, match=f"these {len(data)} bytes are not an artefact"):
        unpack(data)


def test_facts_must_be_an_object() -> None:
    buffer = io.BytesIO()
    np.savez(buffer, facts=np.array("[1, 2]"))
    with pytest.raises(ArtefactError, match="not an artefact"):
        unpack(buffer.getvalue())


def test_pickles_are_not_read() -> None:
    with pytest.raises(ArtefactError, match="pickle"):
        unpack(pack({"a": np.array([object()])}, {}))


def test_missing_field_is_named() -> None:
    with pytest.raises(ArtefactError, match="lacks a field: 'validation'"):
        Model.from_bytes(pack(ARRAYS, {}))


@pytest.mark.parametrize("name", ["genre_mask", "series", "quality", "factors_item", "map"])
def test_inconsistent_shapes_are_named(model: Model, name: str) -> None:
    arrays, facts = unpack(model.to_bytes())
    arrays[name] = arrays[name][1:]
    with pytest.raises(ArtefactError, match="has shape"):
        Model.from_bytes(pack(arrays, {**facts}))


def test_damaged_bytes_are_rejected_or_harmless(model: Model) -> None:
    data, expected = model.to_bytes(), model.recommend(likes(10))
    choose = random.Random(7)
    refused = 0
    for _ in range(2000):
        damaged = bytearray(data)
        damaged[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
        try:
            read = Model.from_bytes(bytes(damaged[: choose.choice([None, choose.randrange(999)])]))
        except ArtefactError:
            refused += 1
        else:
            assert read.recommend(likes(10)) == expected
    assert refused > 1500
