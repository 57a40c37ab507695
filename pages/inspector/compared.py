"""The models' lists for the chosen subjects, with the films they mention."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from sqlalchemy import Engine

from db.queries import model_versions, statistics
from db.queries.movies import Movie
from pages.inspector.subject import Subject
from pages.parts.wording import _, label_of, number
from recsys.models.artefact import ArtefactError
from recsys.models.baselines import Baselines
from recsys.models.comparison import Comparison
from recsys.models.results import Reason, Recommendation
from recsys.models.styles import DEFAULT_STYLE, Style
from recsys.serving.active import Active
from startup import Services

logger = logging.getLogger("pages")


@dataclass(frozen=True)
class Compared:
    """The models' lists for one or two subjects.

    Attributes
    ----------
    active : Active
        The active model.
    comparison : Comparison
    lists : list of dict of str to list of Recommendation
        For each subject, by model, up to `recsys.models.comparison.RANKED` films.
    films : dict of int to Movie
        All films of lists, reasons and histories.
    style : "popular", "balanced" or "adventurous"
        That of the lists of Five Films.
    """

    active: Active
    comparison: Comparison
    lists: list[dict[str, list[Recommendation]]]
    films: dict[int, Movie]
    style: Style = DEFAULT_STYLE

    def label(self, movie_id: int) -> str:
        """Return a film's name."""
        film = self.films.get(movie_id)
        return _("Film {number}").format(number=movie_id) if film is None else label_of(film)

    def because(self, reasons: Sequence[Reason]) -> str:
        """Return reasons with shares: "Heat (1995) 34 %, Fargo (1996) 12 %"; empty for none."""
        return ", ".join(
            f"{self.label(each.movie_id)} {_in_percent(each.share)}" for each in reasons
        )


def _in_percent(share: float) -> str:
    return number(share, ".0%") if share >= 0.005 else f"<{number(0.01, '.0%')}"


def compare(
    services: Services, subjects: Sequence[Subject], style: Style = DEFAULT_STYLE
) -> Compared:
    """Return the lists of all models for all subjects; those of Five Films in this style."""
    active = services.recommender.active()
    with services.engine.connect() as connection:
        installation = str(statistics.installation(connection))
    with st.spinner(_("Loading the models to compare with …")):
        comparison = _comparison(installation, active.label, active, services.engine)
    lists = [
        comparison.lists(each.rows, exclude=each.marked | active.absent, style=style)
        for each in subjects
    ]
    items = [item for own in lists for listed in own.values() for item in listed]
    asked = {item.movie_id for item in items}
    asked |= {reason.movie_id for item in items for reason in item.reasons}
    asked |= {int(film) for each in subjects for film in each.history["movie_id"]}
    films = services.recommender.films(list(asked))
    return Compared(active, comparison, lists, films, style)


@st.cache_resource(max_entries=2, show_spinner=False)
def _comparison(
    installation: str,  # noqa: ARG001 - with the label, what the models are kept under
    label: str,  # noqa: ARG001
    _active: Active,
    _engine: Engine,
) -> Comparison:
    baselines = None
    if _active.state.version is not None and _active.is_trained:
        with _engine.connect() as connection:
            data = model_versions.baselines(connection, _active.state.version)
        try:
            baselines = None if data is None else Baselines.from_bytes(data)
        except ArtefactError as error:
            logger.error(
                "the baselines of model %d can't be read: %s", _active.state.version, error
            )
    return Comparison.of(_active.model, baselines)
