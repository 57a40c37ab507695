"""The application: the stages of its start, which end in the services, and its stop.

The stages run in a thread of their own, so that the page is there at once and shows them.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
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
from db.loading import AlreadyLoadedError, holds_films, lengths, load
from db.queries import model_versions, statistics, trainings, views
from db.queries.locks import BusyError
from i18n.language import Text
from recsys.evaluation.background import Evaluator
from recsys.serving.cache import ListCache
from recsys.serving.events import Recorder
from recsys.serving.guests import Guests
from recsys.serving.recommender import Recommender
from recsys.training.memory import give_back
from recsys.training.schedule import schedule_retraining
from recsys.training.supervisor import Trainer
from startup.progress import Progress
from startup.retrying import Retries, StoppedError
from startup.services import Services, Tmdb

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

LONGEST_RETRY_SECONDS = 60.0


class Application:
    """The start from an empty machine to the services, and their end.

    Parameters
    ----------
    settings : Settings

    Attributes
    ----------
    settings : Settings
    progress : Progress
        The progress of the start.
    trainer : Trainer
    request_limit : RequestLimit
        How many requests an address may send.
    engine : Engine or None
        The database once it is opened, for checks of its health during the start.
    redis : Redis or None
        The cache's server, likewise.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.progress = Progress()
        self.trainer = Trainer(settings)
        self.request_limit = RequestLimit(settings.requests_per_minute)
        self.engine: Engine | None = None
        self.redis: Redis | None = None
        self._services: Services | None = None
        self._opened = ExitStack()
        self._stopping = threading.Event()
        self._retries = Retries(self.progress, self._stopping)
        self._thread = threading.Thread(target=self._run, name="startup", daemon=True)

    @property
    def services(self) -> Services:
        """What pages and endpoints share, once there are films.

        Raises
        ------
        RuntimeError
            Before; `progress` says how far the start is.
        """
        if self._services is None:
            raise RuntimeError("the films have not been loaded yet")
        return self._services

    def start(self) -> None:
        """Start the stages."""
        self._thread.start()

    def stop(self) -> None:
        """Stop everything; the last app on a data folder stops the embedded servers."""
        self._stopping.set()
        self.trainer.stop()
        if self._services is not None:
            self._services.evaluator.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._opened.close()
        if self.settings.database_url is None:
            embedded.postgres(self.settings.data_dir).release()
        if self.settings.redis_url is None:
            embedded.valkey(self.settings.data_dir).release()

    def _run(self) -> None:
        # On another core than the database, which the stages wait for.
        threading.Thread(target=self._hash, name="startup-hashes", daemon=True).start()
        with suppress(StoppedError):
            self._run_stages()

    def _hash(self) -> None:
        if self.settings.has_demo_accounts:
            demo.password_hash()
        passwords.decoy_hash()

    def _run_stages(self) -> None:
        run = self._retries.until_done
        engine = run(Text("Starting the database"), self._open_database)
        redis = run(Text("Starting the cache"), self._open_cache)
        run(Text("Bringing the database up to date"), partial(ensure_current, engine))
        run(Text("Loading the films"), partial(self._load, engine))
        services = run(Text("Getting ready to serve"), partial(self._open_doors, engine, redis))
        scheduler = run(Text("Computing the statistics"), partial(self._compute_statistics, engine))
        run(
            Text("Training your personal recommendations"),
            partial(self._train, services, scheduler),
            longest_wait=LONGEST_RETRY_SECONDS,  # each training needs a core and its memory
        )
        if not self._stopping.is_set():
            self.progress.done()
            services.evaluator.begin_when_idle(scheduler)

    def _open_database(self) -> Engine:
        if self.engine is None:
            self.engine = open_engine(self.settings)
            self._opened.callback(self.engine.dispose)
        try:
            with self.engine.connect():
                pass
        except ProgrammingError as error:
            if isinstance(error.orig, WrongAddressError):
                raise error.orig from None
            raise
        return self.engine

    def _open_cache(self) -> Redis:
        self.redis = open_redis(self.settings)
        self._opened.callback(self.redis.close)
        return self.redis

    def _load(self, engine: Engine) -> None:
        with engine.connect() as connection:
            is_loaded = holds_films(connection)
        if not is_loaded:
            with suppress(AlreadyLoadedError):  # another replica was first
                load(
                    engine,
                    self.settings.dataset,
                    progress=self.progress.share,
                    refreshed=views.OF_FILMS,  # the others once the app serves
                    with_lengths=False,  # likewise
                    only_if_empty=True,
                )
            give_back()
        demo.sync_demo_accounts(engine, self.settings)

    def _open_doors(self, engine: Engine, redis: Redis) -> Services:
        # A person's scores are small sums. Split among threads they cost far more once a core
        # is busy, because each thread spins until the last one is done.
        threadpool_limits(1, "blas")
        with engine.connect() as connection:
            installation = statistics.installation(connection)
        recommender = Recommender(engine, ListCache(redis, installation))
        recommender.genres()
        self._services = Services(
            settings=self.settings,
            progress=self.progress,
            engine=engine,
            redis=redis,
            recommender=recommender,
            guests=Guests(engine),
            throttle=Throttle(engine),
            recorder=Recorder(engine),
            evaluator=Evaluator(engine, self.settings),
            trainer=self.trainer,
            rating_limit=RateLimit(self.settings.ratings_per_minute),
            tmdb=self._open_tmdb(engine),
        )
        self._opened.callback(self._services.recorder.stop)
        if self.settings.sends_mail:
            from accounts.mail import Sender  # without a server, a start needn't wait for it

            sender = Sender(engine, self.settings)
            sender.start()
            self._opened.callback(sender.stop)
        self.progress.films_are_there()
        return self._services

    def _open_tmdb(self, engine: Engine) -> Tmdb | None:
        token = self.settings.tmdb_token
        if token is None:
            return None
        from db.details.tmdb import Fetcher  # without a key, a start needn't wait for these
        from tmdb.client import Client
        from tmdb.images import Images

        client = Client(
            token.get_secret_value(),
            api=self.settings.tmdb_api,
            images=self.settings.tmdb_images,
        )
        self._opened.callback(client.close)
        details = Fetcher(engine, client)
        self._opened.callback(details.stop)
        most_bytes = self.settings.tmdb_images_mb * 1_000_000
        return Tmdb(details, Images(client, self.settings.tmdb_folder, most_bytes))

    def _sweep(self) -> None:
        """Remove TMDb's old pictures, also after the key was taken away."""
        if self.settings.tmdb_folder.is_dir():
            from tmdb.images import sweep

            sweep(self.settings.tmdb_folder, self.settings.tmdb_images_mb * 1_000_000)

    def _compute_statistics(self, engine: Engine) -> "BackgroundScheduler":
        # The views keep PostgreSQL busy, and the lengths Python.
        with ThreadPoolExecutor(1, "startup-lengths") as pool:
            done = pool.submit(lengths.complete, engine)
            with engine.begin() as connection:
                was_first_load = views.complete(connection)
            done.result()
        if was_first_load:
            # A server process retains the memory of a load, which the training then lacks.
            engine.dispose()
        # APScheduler is slow to import, and pages needn't wait for it.
        from db.schedule import StatisticsRefresh, open_scheduler, schedule_expiry

        scheduler = open_scheduler()
        scheduler.start()
        self._opened.callback(scheduler.shutdown)
        refresh = StatisticsRefresh(scheduler, engine, self.settings.figures_minutes)
        self._opened.callback(refresh.stop)
        schedule_expiry(scheduler, engine, self._sweep)
        return scheduler

    def _train(self, services: Services, scheduler: "BackgroundScheduler") -> None:
        with services.engine.connect() as connection:
            newest = trainings.newest(connection)
            if trainings.running(connection) is not None:
                raise BusyError("another app is training")
            active = model_versions.active(connection)
            loaded = statistics.last_load(connection)
        data = None if loaded is None else loaded.fingerprint
        is_of_this_data = active is not None and active.parameters.get("data") == data
        is_whole = active is not None and not active.is_quick
        if not (is_of_this_data and is_whole and services.recommender.is_trained()):
            self.trainer.run(Text("the start"), self.progress.share, after=newest)
        schedule_retraining(scheduler, services.engine, self.trainer, self.settings.retrain_hours)
