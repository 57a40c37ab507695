"""Problems of a start in words that anyone may read: no path, no address, no SQL.

The log and the Operations page have the error itself.
"""

import errno

from psycopg import errors
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from db.connection import unavailable
from db.connection.errors import SchemaTooNewError
from db.embedded import EmbeddedServerError
from db.loading import SourceError
from i18n.language import Text
from monitoring.errors import first_line
from recsys.training.supervisor import TrainingFailedError

EXPECTED = (
    SQLAlchemyError,
    OSError,
    SourceError,
    SchemaTooNewError,
    TrainingFailedError,
    EmbeddedServerError,
)
"""What may stop a start through no fault of the code."""


def in_words(error: Exception) -> Text:
    """Return the kind of problem, to follow a colon."""
    if _is_for_want_of_space(error):
        return Text("the disk is full")
    match error:
        case SQLAlchemyError() if unavailable.is_one(error):
            return Text("the database can't be reached")
        case SQLAlchemyError():
            return Text("the database rejects the request")
        case EmbeddedServerError():
            return Text("the server can't be started")
        case SchemaTooNewError():
            return Text("a newer version of Five Films has changed the database")
        case SourceError():
            return Text("the data set can't be read")
        case TrainingFailedError() if "memory" in str(error):
            return Text("there is too little memory for a training")
        case TrainingFailedError():
            return Text("the training failed")
        case OSError():
            return Text("a file can't be read or written")
    return Text("an internal error, which is in the log")


def _is_for_want_of_space(error: Exception) -> bool:
    if isinstance(error, DBAPIError) and isinstance(error.orig, errors.DiskFull):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return True
    return "space left on" in first_line(error)
