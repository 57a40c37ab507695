"""The active model, loaded from the database."""

import logging
from dataclasses import dataclass

from sqlalchemy import Connection

from db.queries import model_versions, movies
from recsys.models.artefact import ArtefactError
from recsys.models.extension import extended
from recsys.models.model import Model
from recsys.models.popularity import popular_model

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Active:
    """The active model.

    Attributes
    ----------
    state : ServingState
    is_trained : bool
        Whether it is a trained model; before the first training it ranks by popularity.
    model : Model
        With the films of the database that the training didn't know.
    absent : frozenset of int
        Films of the model's catalogue that the database no longer has.
    """

    state: model_versions.ServingState
    is_trained: bool
    model: Model
    absent: frozenset[int]

    @property
    def version(self) -> str | None:
        """The model version; None while films are ranked by popularity."""
        return str(self.state.version) if self.is_trained else None

    @property
    def is_quick(self) -> bool:
        """Whether this is a provisional model, active until the first training is complete."""
        return bool(self.model.parameters.get("quick"))

    @property
    def label(self) -> str:
        """A label that changes whenever the same history would give a different list."""
        # The hash distinguishes a model with the same number in an older copy of the database.
        model = (self.state.sha256 or "")[:12] if self.is_trained else "popular"
        return f"{self.state.version}-{model}-{self.state.load}"


def load(connection: Connection, state: model_versions.ServingState) -> Active:
    """Load the model of this state; rank by popularity if there is none that can be read.

    Films that were loaded after its training are added to the model.
    """
    model = None if state.version is None else _read(connection, state.version)
    if model is None:
        popular = popular_model(movies.frame(connection), movies.likes(connection))
        return Active(state, is_trained=False, model=popular, absent=frozenset())
    loaded, trained = movies.all_ids(connection), frozenset(model.movie_ids.tolist())
    if missing := loaded - trained:
        films = movies.frame(connection, missing)
        model = extended(model, films, movies.titles(connection))
    absent = trained - loaded
    return Active(state, is_trained=True, model=model, absent=absent)


def _read(connection: Connection, version: int) -> Model | None:
    """Return the model of this version; None if another version of the app wrote it."""
    try:
        return Model.from_bytes(model_versions.artefact(connection, version)).in_single_precision()
    except ArtefactError as error:
        logger.error("model %d can't be read, serving popular films instead: %s", version, error)
        return None
