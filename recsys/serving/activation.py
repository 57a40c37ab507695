"""Choosing the model that is served: only one that this version of the app can read."""

from sqlalchemy import Engine

from db.queries import model_versions
from db.queries.model_versions import ModelVersion
from recsys.models.model import Model


def activate(engine: Engine, version: int) -> ModelVersion:
    """Serve a version from now on; running apps take it up within a second.

    Raises
    ------
    db.queries.model_versions.UnknownVersionError
        When there is no such version; the served one stays.
    recsys.models.artefact.ArtefactError
        When the version can't be read, for another version of the app made it; the served one
        stays.
    """
    with engine.begin() as connection:
        Model.from_bytes(model_versions.artefact(connection, version))
        return model_versions.activate(connection, version)
