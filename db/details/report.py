"""The report of a load of IMDb's files."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.loading.report import Reason, Rejection


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows of each kind were written or removed."""

    films: int
    people: int
    roles: int
    titles: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many films have each detail, from whichever source."""

    with_minutes: int
    with_directors: int
    with_cast: int
    with_other_titles: int
    with_russian_title: int


@dataclass(frozen=True, slots=True)
class DetailsReport:
    """The result of `load_imdb`.

    `films` are all in the database; `matched` of them were found in IMDb's files, `by_number` by
    IMDb's number and `by_title` by title and year. `ambiguous` ones have several films of their
    title and year there. `missing` names the optional files that weren't given: what earlier loads
    found in them stays. `rejected_by_reason` counts all rejected lines, `examples` has the first
    hundred.
    """

    films: int
    matched: int
    by_number: int
    by_title: int
    ambiguous: int
    coverage: Coverage
    changes: Changes
    missing: tuple[str, ...]
    rejected: int
    rejected_by_reason: Mapping[Reason, int]
    examples: tuple[Rejection, ...]
    seconds: float
