"""The model that is served, as it is read from the database."""

import logging
from dataclasses import dataclass

from sqlalchemy import Connection

from db.queries import model_versions, movies
from recsys.models.artefact import ArtefactError
from recsys.models.model import Model
from recsys.models.popularity import popular_model

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Active:
    """What is served.

    Attributes
    ----------
    state : ServingState
    is_trained : bool
        Whether it is a trained model; before the first training it is popularity.
    model : Model
    absent : frozenset of int
        Films that the model knows and the database no longer has.
    """

    state: model_versions.ServingState
    is_trained: bool
    model: Model
    absent: frozenset[int]

    @property
    def version(self) -> str | None:
        """The model's number; None while films are merely sorted by popularity."""
        return str(self.state.version) if self.is_trained else None

    @property
    def is_quick(self) -> bool:
        """Whether the model is one that a training serves until it is done."""
        return bool(self.model.parameters.get("quick"))

    @property
    def label(self) -> str:
        """Changes whenever the same person would get another list."""
        # The hash tells a model of the same number in an older copy of the database apart.
        model = (self.state.sha256 or "")[:12] if self.is_trained else "popular"
        return f"{self.state.version}-{model}-{self.state.load}"


def load(connection: Connection, state: model_versions.ServingState) -> Active:
    """Read the model of this state; popularity where there is none that can be read."""
    model = None if state.version is None else _read(connection, state.version)
    if model is None:
        popular = popular_model(movies.frame(connection), movies.likes(connection))
        return Active(state, is_trained=False, model=popular, absent=frozenset())
    known = movies.all_ids(connection)
    absent = frozenset(int(movie_id) for movie_id in model.movie_ids) - known
    return Active(state, is_trained=True, model=model, absent=absent)


def _read(connection: Connection, version: int) -> Model | None:
    """The model of this version; None when another version of the app made it."""
    try:
        return Model.from_bytes(model_versions.artefact(connection, version)).in_single_precision()
    except ArtefactError as error:
        logger.error("popular films are served, model %d can't be read: %s", version, error)
        return None
