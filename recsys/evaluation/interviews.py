"""Evaluation of onboarding films: fictitious and real people who only answer twelve questions.

Each question shows a film, which the person rates or skips. After the twelfth, five films are
recommended from these ratings alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from db.scale import HIGHEST, LIKE
from monitoring.progress import OnProgress, ignore_progress
from recsys.data import metrics
from recsys.data.features import find
from recsys.data.taste_panel import Person
from recsys.evaluation.measures import differences, means
from recsys.evaluation.panel import seats
from recsys.models.model import Model
from recsys.serving.onboarding import onboarding_films
from recsys.training.fit import fit

QUESTIONS = 12
FIVE = 5
OURS = "Five Films"

# People with this many ratings have rated most films they know: no rating means an unknown film.
LEAST_RATINGS = 150
FOLDS = 5

_NOT_LIKED = 2.0

Answer = Callable[[int], float | None]


@dataclass
class Interview:
    """The questions and answers so far.

    Attributes
    ----------
    asked : list of int
        Film IDs, in order.
    answers : dict of int to float
        The stars of the films that were rated, in order.
    """

    asked: list[int] = field(default_factory=list)
    answers: dict[int, float] = field(default_factory=dict)

    @property
    def history(self) -> pd.DataFrame:
        """The answers as a history for `Model.recommend`."""
        films = np.array([*self.answers], np.int64)
        stars = np.array([*self.answers.values()], np.float64)
        times = pd.to_datetime(np.arange(len(films)), unit="s", utc=True)
        return pd.DataFrame({"movie_id": films, "rating": stars, "rated_at": times})

    @property
    def unanswered(self) -> list[int]:
        """Films that weren't rated."""
        return [film for film in self.asked if film not in self.answers]


Rule = Callable[[Model, pd.DataFrame, Interview], list[int]]
"""A function of a model, its training ratings and an interview that returns the next questions.

They are asked until one is answered; then the rule is called again.
"""


def ours(model: Model, _ratings: pd.DataFrame, so_far: Interview) -> list[int]:
    """Return the films that the page would show beside the current five."""
    history, shown = so_far.history, so_far.unanswered
    five = {item.movie_id for item in model.recommend(history, FIVE)}
    n = QUESTIONS - len(so_far.answers)
    return onboarding_films(model, n, history, exclude=five.difference(shown), shown=shown)


def best_of_genres(model: Model, _ratings: pd.DataFrame, _so_far: Interview) -> list[int]:
    """Return the most liked film of each genre, the most liked genres first, without duplicates.

    This is the previous method; it ignores answers.
    """
    mask = model.catalogue.genre_mask
    by_likes = np.argsort(-model.likes, kind="stable")
    chosen: list[int] = []
    for genre in np.argsort(-(np.log1p(model.likes) @ mask), kind="stable"):
        of_genre = by_likes[mask[by_likes, genre]].tolist()
        chosen += [film for film in of_genre if film not in chosen][:1]
    numbers: list[int] = model.movie_ids[chosen].tolist()
    return numbers


def most_liked(model: Model, _ratings: pd.DataFrame, _so_far: Interview) -> list[int]:
    """Return the most liked films."""
    most = np.argsort(-model.likes, kind="stable")[: 2 * QUESTIONS]
    numbers: list[int] = model.movie_ids[most].tolist()
    return numbers


def popularity_and_entropy(model: Model, ratings: pd.DataFrame, _so_far: Interview) -> list[int]:
    """Return the films with the largest log(number of ratings) times entropy of the stars.

    Rashid et al. 2002, "Getting to know you" (https://doi.org/10.1145/502716.502737).
    """
    places, is_known = find(ratings["movie_id"].to_numpy(np.int64), model.movie_ids)
    halves = (ratings["rating"].to_numpy() * 2).astype(np.int64)[is_known]
    counts = np.zeros((len(model.movie_ids), 11))
    np.add.at(counts, (places[is_known], halves), 1)
    n = np.maximum(counts.sum(axis=1), 1)
    shares = counts / n[:, None]
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1))).sum(axis=1)
    best = np.argsort(-np.log(n) * entropy, kind="stable")[: 2 * QUESTIONS]
    numbers: list[int] = model.movie_ids[best].tolist()
    return numbers


RULES: Mapping[str, Rule] = {
    OURS: ours,
    "Best of each genre": best_of_genres,
    "Most liked": most_liked,
    "Popularity × entropy": popularity_and_entropy,
}


@dataclass(frozen=True)
class Found:
    """The result of a rule's twelve questions.

    Attributes
    ----------
    films : list of str
        The titles of the twelve films for a person who answers none of them.
    metrics : dict
        Mean, low and high by metric: `fits@5` and `no fit@5` of the panel, also with the suffix
        ` (2 stars)`, if people give two stars to films that don't fit instead of skipping them; and
        of real people `ips-ndcg@5`, `answers` and `likes` (how many answers are likes).
    ahead : dict
        How much larger the metrics of Five Films' rule are, with the same people.
    """

    films: list[str]
    metrics: dict[str, dict[str, float]]
    ahead: dict[str, dict[str, float]]


def evaluate_onboarding(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    panel: Sequence[Person],
    *,
    seed: int = 42,
    progress: OnProgress = ignore_progress,
) -> dict[str, Found]:
    """Let people answer each rule's twelve questions, and evaluate their lists.

    People of the taste panel give five stars to films that fit their taste. Real people are those
    with `LEAST_RATINGS` or more; a fifth of all people at a time is held out of training. They
    answer from a random half of their ratings, and the likes of the other half are relevant; then
    the other way round.

    Parameters
    ----------
    ratings : DataFrame
        As for `recsys.fit`.
    movies : DataFrame
        As for `recsys.fit`.
    panel : sequence of Person
    seed : int
        For trainings and random splits.
    progress : callable
        Called with the share done and a description of the current step.

    Returns
    -------
    dict of str to Found
        By rule. Metrics of real people are missing if no one has enough ratings.
    """
    progress(0.0, "training for the panel")
    tables = _of_panel(ratings, movies, panel, seed)
    titles = movies.set_index("movie_id")["title"].to_dict()
    films = {rule: [titles[film] for film in of_rule[1]] for rule, of_rule in tables.items()}
    of_real: dict[str, list[pd.DataFrame]] = {rule: [] for rule in RULES}
    people = np.random.default_rng(seed).permutation(np.sort(ratings["user_id"].unique()))
    for number, fold in enumerate(np.array_split(people, FOLDS)):
        progress((number + 1) / (FOLDS + 1), f"real people, part {number + 1} of {FOLDS}")
        for rule, table in _of_real(ratings, movies, fold, seed):
            of_real[rule].append(table)
    found = {}
    for rule in RULES:
        measured, ahead = means(tables[rule][0]), {}
        if rule != OURS:
            ahead = differences(tables[OURS][0], tables[rule][0], ["fits@5"])
        if of_real[rule]:
            mine, own = (pd.concat(of_real[each]) for each in (OURS, rule))
            measured |= means(own)
            if rule != OURS:
                ahead |= differences(mine, own, ["ips-ndcg@5"])
        found[rule] = Found(films[rule], measured, ahead)
    progress(1.0, "done")
    return found


def ask(model: Model, ratings: pd.DataFrame, rule: Rule, answer: Answer) -> Interview:
    """Ask a person `QUESTIONS` questions, or fewer if the rule has no more."""
    so_far = Interview()
    while len(so_far.asked) < QUESTIONS:
        before = len(so_far.answers)
        questions = [film for film in rule(model, ratings, so_far) if film not in so_far.asked]
        if not questions:
            break
        for film in questions[: QUESTIONS - len(so_far.asked)]:
            so_far.asked.append(film)
            stars = answer(film)
            if stars is not None:
                so_far.answers[film] = stars
            if len(so_far.answers) > before:
                break
    return so_far


def _of_panel(
    ratings: pd.DataFrame, movies: pd.DataFrame, panel: Sequence[Person], seed: int
) -> dict[str, tuple[pd.DataFrame, list[int]]]:
    """Return for each rule a row per person of the panel, and the films asked without answers."""
    model = fit(ratings, movies, seed=seed).in_single_precision()
    found = {}
    for name, rule in RULES.items():
        rows = []
        for seat in seats(panel, movies, since=ratings["rated_at"].max()):
            fitting = seat.case.relevant.union(seat.case.history["movie_id"].tolist())
            row: dict[str, float] = {"user_id": seat.case.user_id}
            for others, what in ((None, ""), (_NOT_LIKED, " (2 stars)")):
                stars = dict.fromkeys(fitting, HIGHEST)
                interview = ask(model, ratings, rule, lambda film: stars.get(film, others))  # noqa: B023
                fits = metrics.precision(_five(model, interview), fitting, FIVE)
                row |= {f"fits@5{what}": fits, f"no fit@5{what}": float(fits == 0)}
            rows.append(row)
        silent = ask(model, ratings, rule, lambda _film: None)
        found[name] = (pd.DataFrame(rows), silent.asked)
    return found


def _of_real(
    ratings: pd.DataFrame, movies: pd.DataFrame, people: np.ndarray[Any, Any], seed: int
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield for each rule two rows per person, one for each half of ratings they answer from."""
    is_out = ratings["user_id"].isin(people)
    training, own = ratings[~is_out], ratings[is_out]
    own = own[own.groupby("user_id")["movie_id"].transform("size") >= LEAST_RATINGS]
    if own.empty:
        return
    model = fit(training, movies, seed=seed).in_single_precision()
    likes = dict(zip(model.movie_ids.tolist(), model.likes.tolist(), strict=True))
    most = max(likes.values())
    is_first = pd.Series(np.random.default_rng(seed).random(len(own)) < 0.5, own.index)
    for name, rule in RULES.items():
        rows = []
        for person, rated in own.groupby("user_id"):
            for half in (is_first[rated.index], ~is_first[rated.index]):
                known, other = rated[half], rated[~half]
                relevant = other["movie_id"][other["rating"] >= LIKE].tolist()
                if not relevant:
                    continue
                stars = dict(zip(known["movie_id"].tolist(), known["rating"].tolist(), strict=True))
                interview = ask(model, training, rule, stars.get)
                five = _five(model, interview, without=stars)
                rows.append(
                    {
                        "user_id": person,
                        "ips-ndcg@5": metrics.ips_ndcg(five, relevant, likes, most, FIVE),
                        "answers": len(interview.answers),
                        "likes": sum(each >= LIKE for each in interview.answers.values()),
                    }
                )
        yield name, pd.DataFrame(rows)


def _five(model: Model, interview: Interview, without: Mapping[int, float] = {}) -> list[int]:
    items = model.recommend(interview.history, FIVE, exclude=without.keys())
    return [item.movie_id for item in items]
