"""Hyperparameters as model versions keep them."""

import json
from dataclasses import asdict

from recsys.data.learned import Learned


def test_what_is_stored_is_read_again() -> None:
    learned = Learned(ridge=400.0, next_ridge=800.0, near_share=0.5)
    assert Learned.of(json.loads(json.dumps(asdict(learned)))) == learned


def test_an_older_version_had_the_defaults_of_what_it_lacks() -> None:
    stored = {
        "oldest": 0.6,
        "ridge": 400.0,
        "dropout": 0.2,
        "activity": -0.25,
        "shares": [0.4, 0.15, 0.37, 0.08],
        "next_share": 0.22,
        "after_share": 0.48,
        "discount": 0.08,
    }
    learned = Learned.of(stored)
    assert (learned.next_ridge, learned.short_term_ridge, learned.near_share) == (200, 100, 0.7)
    assert (learned.ridge, learned.shares, learned.discount) == (400, (0.4, 0.15, 0.37, 0.08), 0.08)
