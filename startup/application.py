"""The application: the stages of its start, and the services that pages and endpoints share.

The stages run in a thread of their own, so that the page is there at once and shows them.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.exc import ProgrammingError
from threadpoolctl import threadpool_limits

from accounts import demo, passwords
from accounts.rate_limits import RateLimit, RequestLimit
from accounts.throttle import Throttle
from config import Settings
from db import embedded
from db.connection.connecting import WrongAddressError
from db.connection.engine import open_engine
from db.connection.redis import open_redis
from db.connection.schema import ensure_current
from db.loading import AlreadyLoadedError, holds_films, load
from db.queries import model_versions, statistics, trainings, views
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.evaluation.background import Evaluator
from recsys.serving.cache import ListCache
from recsys.serving.events import Recorder
from recsys.serving.guests import Picks
from recsys.serving.recommender import Recommender
from recsys.training.memory import give_back
from recsys.training.supervisor import Trainer
from startup import problems

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

    from db.schedule import FiguresSchedule

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3.0
LONGEST_RETRY_SECONDS = 60.0


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


class Application:
    """The services that pages and endpoints share, and the progress of the start."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stage = Stage(Text("Getting ready"))
        self.trainer = Trainer(settings)
        self.rating_limit = RateLimit(settings.ratings_per_minute)
        self.request_limit = RequestLimit(settings.requests_per_minute)
        self._engine: Engine | None = None
        self._redis: Redis | None = None
        self._recommender: Recommender | None = None
        self._picks: Picks | None = None
        self._throttle: Throttle | None = None
        self._scheduler: BackgroundScheduler | None = None
        self._figures: FiguresSchedule | None = None
        self._recorder: Recorder | None = None
        self._evaluator: Evaluator | None = None
        self._films_are_there = threading.Event()
        self._is_trained = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="startup", daemon=True)

    @property
    def engine(self) -> Engine:
        """The database."""
        if self._engine is None:
            raise RuntimeError("the database has not been started yet")
        return self._engine

    @property
    def redis(self) -> Redis:
        """The cache's server."""
        if self._redis is None:
            raise RuntimeError("the cache has not been started yet")
        return self._redis

    @property
    def recommender(self) -> Recommender:
        """The recommender."""
        if self._recommender is None:
            raise RuntimeError("the films have not been loaded yet")
        return self._recommender

    @property
    def picks(self) -> Picks:
        """Guests' ratings and marks."""
        if self._picks is None:
            raise RuntimeError("the films have not been loaded yet")
        return self._picks

    @property
    def throttle(self) -> Throttle:
        """The throttle of failed logins."""
        if self._throttle is None:
            raise RuntimeError("the films have not been loaded yet")
        return self._throttle

    @property
    def recorder(self) -> Recorder:
        """The recorder of events: films shown, opened and rated."""
        if self._recorder is None:
            raise RuntimeError("the films have not been loaded yet")
        return self._recorder

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator, which measures lists on a few people."""
        if self._evaluator is None:
            raise RuntimeError("the films have not been loaded yet")
        return self._evaluator

    @property
    def scheduler(self) -> "BackgroundScheduler":
        """The scheduler of periodic tasks."""
        if self._scheduler is None:
            raise RuntimeError("the statistics have not been computed yet")
        return self._scheduler

    @property
    def has_films(self) -> bool:
        """Whether films can be shown: popular ones first, personal ones after the training."""
        return self._films_are_there.is_set()

    @property
    def is_done(self) -> bool:
        """Whether the start is complete: a trained model exists."""
        return self._is_trained.is_set()

    def start(self) -> None:
        """Start the stages."""
        self._thread.start()

    def wait(self, seconds: float, *, for_model: bool = False) -> bool:
        """Wait for the films (or the trained model); return whether they came in time."""
        event = self._is_trained if for_model else self._films_are_there
        return event.wait(seconds)

    def stop(self) -> None:
        """Stop everything; the last app on a data folder stops the embedded servers."""
        self._stopping.set()
        self.trainer.stop()
        if self._evaluator is not None:
            self._evaluator.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        if self._recorder is not None:
            self._recorder.stop()
        if self._figures is not None:
            self._figures.stop()
        if self._scheduler is not None and self._scheduler.running:
            self._scheduler.shutdown()
        if self._engine is not None:
            self._engine.dispose()
        if self._redis is not None:
            self._redis.close()
        if self.settings.database_url is None:
            embedded.postgres(self.settings.data_dir).release()
        if self.settings.redis_url is None:
            embedded.valkey(self.settings.data_dir).release()

    def _run(self) -> None:
        # On another core than the database, which the stages wait for.
        threading.Thread(target=self._hash, name="startup-hashes", daemon=True).start()
        stages: list[tuple[str, Callable[[], None]]] = [
            (Text("Starting the database"), self._open_database),
            (Text("Starting the cache"), self._open_cache),
            (Text("Bringing the database up to date"), self._migrate),
            (Text("Loading the films"), self._load),
            (Text("Getting ready to serve"), self._open_doors),
            (Text("Computing the statistics"), self._compute_figures),
            (Text("Training your personal recommendations"), self._train),
        ]
        for what, stage in stages:
            if self._stopping.is_set():
                return
            self._tell(Stage(what))
            wait, is_waiting = RETRY_SECONDS, False
            while not self._stopping.is_set():
                try:
                    stage()
                except WrongAddressError as error:
                    logger.critical("%s", problems.in_one_line(error))
                    os.kill(os.getpid(), signal.SIGTERM)  # retrying wouldn't help
                    return
                except BusyError as error:
                    if not is_waiting:
                        logger.info("%s: waiting: %s", what, error)
                    self._tell(Stage(what))
                    is_waiting, wait = True, RETRY_SECONDS
                except Exception as error:
                    self._tell_problem(what, error)
                else:
                    break
                self._stopping.wait(wait)
                # Each training needs a core and its memory.
                if stage == self._train and not is_waiting:
                    wait = min(2 * wait, LONGEST_RETRY_SECONDS)
        if not self._stopping.is_set():
            self._tell(Stage(Text("Ready"), share=1.0))
            self._is_trained.set()
            self.evaluator.begin_when_idle(self.scheduler)

    def _hash(self) -> None:
        if self.settings.has_demo_accounts:
            demo.password_hash()
        passwords.decoy_hash()

    def _tell(self, stage: Stage) -> None:
        if stage.what != self.stage.what:
            logger.info(stage.what)
        self.stage = stage

    def _tell_problem(self, what: str, error: Exception) -> None:
        detail = problems.in_one_line(error)
        if detail != self.stage.detail:  # otherwise nothing has changed since the last attempt
            if isinstance(error, problems.EXPECTED):
                logger.error("%s: %s", what, detail)
            else:
                logger.exception("%s failed unexpectedly", what)
        self._tell(Stage(what, problem=problems.in_words(error), detail=detail))

    def _tell_share(self, share: float | None, detail: str) -> None:
        before = self.stage
        self.stage = replace(before, share=share, problem=None, detail=None)
        tenth = int((share or 0) * 10)
        if tenth != int((before.share or 0) * 10):
            logger.info("%s: %d %% (%s)", before.what, tenth * 10, detail)

    def _open_database(self) -> None:
        if self._engine is None:
            self._engine = open_engine(self.settings)
        try:
            with self._engine.connect():
                pass
        except ProgrammingError as error:
            if isinstance(error.orig, WrongAddressError):
                raise error.orig from None
            raise

    def _open_cache(self) -> None:
        if self._redis is None:
            self._redis = open_redis(self.settings)

    def _migrate(self) -> None:
        ensure_current(self.engine)

    def _load(self) -> None:
        with self.engine.connect() as connection:
            is_loaded = holds_films(connection)
        if not is_loaded:
            with suppress(AlreadyLoadedError):  # another replica was first
                load(
                    self.engine,
                    self.settings.dataset,
                    progress=self._tell_share,
                    figures=views.OF_FILMS,  # the others once the app serves
                    only_if_empty=True,
                )
            give_back()
        demo.sync_demo_accounts(self.engine, self.settings)

    def _open_doors(self) -> None:
        # A person's scores are small sums. Split among threads they cost far more once a core
        # is busy, because each thread spins until the last one is done.
        threadpool_limits(1, "blas")
        with self.engine.connect() as connection:
            installation = statistics.installation(connection)
        if self._redis is None:
            raise RuntimeError("the cache comes before the doors")
        self._recommender = Recommender(self.engine, ListCache(self._redis, installation))
        self._recommender.genres()
        self._picks = Picks(self.engine)
        self._throttle = Throttle(self.engine)
        self._recorder = Recorder(self.engine)
        self._evaluator = Evaluator(self.engine, self.settings)
        self._films_are_there.set()

    def _compute_figures(self) -> None:
        with self.engine.begin() as connection:
            views.complete(connection)
        # APScheduler is slow to import, and pages needn't wait for it.
        from db.schedule import FiguresSchedule, open_scheduler

        self._scheduler = open_scheduler()
        self._figures = FiguresSchedule(self._scheduler, self.engine, self.settings.figures_minutes)
        self._scheduler.start()

    def _train(self) -> None:
        with self.engine.connect() as connection:
            newest = trainings.newest(connection)
            if trainings.running(connection) is not None:
                raise BusyError("another app is training")
            active = model_versions.active(connection)
            loaded = statistics.last_load(connection)
        data = None if loaded is None else loaded.fingerprint
        is_of_this_data = active is not None and active.parameters.get("data") == data
        is_whole = active is not None and not active.is_quick
        if not (is_of_this_data and is_whole and self.recommender.is_trained()):
            self.trainer.run(Text("the start"), self._tell_share, after=newest)
        from recsys.training.schedule import schedule_retraining

        schedule_retraining(self.scheduler, self.engine, self.trainer, self.settings.retrain_hours)
