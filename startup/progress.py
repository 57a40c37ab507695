"""The progress of the start: the thread that starts reports it, and everybody may read it."""

import logging
import threading
from dataclasses import dataclass, replace

from i18n.language import Text
from monitoring.errors import first_line
from startup import problems

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """What the start is doing.

    Attributes
    ----------
    what : str
        A text for people, without a full stop.
    share : float or None
        How much of this stage is done, 0 to 1; None if unknown.
    problem : str or None
        Why it can't continue, for everybody; it is retried every few seconds.
    detail : str or None
        The error itself, for operators: it may contain paths, addresses and SQL.
    """

    what: str
    share: float | None = None
    problem: str | None = None
    detail: str | None = None


class Progress:
    """The progress of the start: the current stage, and what is ready.

    Attributes
    ----------
    stage : Stage
        The current stage.
    """

    def __init__(self) -> None:
        self.stage = Stage(Text("Getting ready"))
        self._films_are_there = threading.Event()
        self._is_trained = threading.Event()

    @property
    def has_films(self) -> bool:
        """Whether films can be shown: popular ones first, personal ones after the training."""
        return self._films_are_there.is_set()

    @property
    def is_done(self) -> bool:
        """Whether the start is complete: a trained model exists."""
        return self._is_trained.is_set()

    def wait(self, seconds: float, *, for_model: bool = False) -> bool:
        """Wait for the films (or the trained model); return whether they came in time."""
        event = self._is_trained if for_model else self._films_are_there
        return event.wait(seconds)

    def begin(self, what: str) -> None:
        """Begin a stage, or continue it after a problem."""
        self._tell(Stage(what))

    def share(self, share: float | None, detail: str) -> None:
        """Note how much of the stage is done, from 0 to 1; log each tenth."""
        before = self.stage
        self.stage = replace(before, share=share, problem=None, detail=None)
        tenth = int((share or 0) * 10)
        if tenth != int((before.share or 0) * 10):
            logger.info("%s: %d %% (%s)", before.what, tenth * 10, detail)

    def failed(self, what: str, error: Exception) -> None:
        """Note why a stage can't continue; log it unless nothing has changed since."""
        detail = first_line(error)
        if detail != self.stage.detail:
            if isinstance(error, problems.EXPECTED):
                logger.error("%s: %s", what, detail)
            else:
                logger.exception("%s failed unexpectedly", what)
        self._tell(Stage(what, problem=problems.in_words(error), detail=detail))

    def films_are_there(self) -> None:
        """Let pages and endpoints show films."""
        self._films_are_there.set()

    def done(self) -> None:
        """End the start."""
        self._tell(Stage(Text("Ready"), share=1.0))
        self._is_trained.set()

    def _tell(self, stage: Stage) -> None:
        if stage.what != self.stage.what:
            logger.info(stage.what)
        self.stage = stage
