"""One training at a time, over all processes."""

import pytest
from sqlalchemy import Engine, create_engine

from db.locks import BusyError, training_lock

pytestmark = pytest.mark.data_layer


def test_the_second_training_is_told_to_wait(engine: Engine) -> None:
    another_process = create_engine(engine.url)
    with (
        training_lock(engine),
        pytest.raises(BusyError, match="under way"),
        training_lock(another_process),
    ):
        pass
    with training_lock(another_process):
        pass
    another_process.dispose()


def test_a_training_that_fails_frees_the_lock(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), training_lock(engine):
        raise ZeroDivisionError
    with training_lock(engine):
        pass
