"""Attacks on the running product, and that docs/security.md tells of each."""

import re
from pathlib import Path

import pytest

from tests.attacks.target import Attack, Target, attacks
from tests.serving import Server

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"
ATTACKS = attacks()


@pytest.fixture(scope="module")
def target(server: Server) -> Target:
    return Target(server.address)


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(each, id=each.what, marks=[pytest.mark.soak] if each.is_slow else [])
        for each in ATTACKS
    ],
)
def test_it_is_answered_as_expected(attack: Attack, target: Target) -> None:
    attack.run(target)


def test_each_is_documented() -> None:
    rows = re.findall(r"^\| \d+ \|.*$", DOCUMENT.read_text(), re.MULTILINE)
    told = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
    assert told == [
        (str(number), each.what, each.asvs, each.expected)
        for number, each in enumerate(ATTACKS, start=1)
    ]
