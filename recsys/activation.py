"""Choosing the model that is served: only one that this version of the app can read."""

from sqlalchemy import Engine

from db import models
from db.models import ModelVersion
from recsys.model import Model


def activate(engine: Engine, version: int) -> ModelVersion:
    """Serve a version from now on; running apps take it up within a second.

    Raises
    ------
    db.models.UnknownVersionError
        When there is no such version; the served one stays.
    recsys.artefact.ArtefactError
        When the version can't be read, for another version of the app made it; the served one
        stays.
    """
    with engine.begin() as connection:
        Model.from_bytes(models.artefact(connection, version))
        return models.activate(connection, version)
