"""Activation of model versions that this version of the app can read."""

from sqlalchemy import Engine

from db.queries import model_versions
from db.queries.model_versions import ModelVersion
from recsys.models.model import Model


def activate(engine: Engine, version: int) -> ModelVersion:
    """Activate a model version; running apps switch to it within a second.

    Parameters
    ----------
    engine : Engine
    version : int
        The number of the model version.

    Returns
    -------
    ModelVersion

    Raises
    ------
    db.queries.model_versions.UnknownVersionError
        If there is no such version; the active model stays the same.
    recsys.models.artefact.ArtefactError
        If the artefact can't be read, because another version of the app wrote it; the active model
        stays the same.
    """
    with engine.begin() as connection:
        Model.from_bytes(model_versions.artefact(connection, version))
        return model_versions.activate(connection, version)
