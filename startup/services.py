"""The services that pages and endpoints share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from redis import Redis
from sqlalchemy import Engine

from accounts.rate_limits import RateLimit
from accounts.throttle import Throttle
from config import Settings
from recsys.evaluation.background import Evaluator
from recsys.serving.events import Recorder
from recsys.serving.guests import Guests
from recsys.serving.recommender import Recommender
from recsys.training.supervisor import Trainer
from startup.progress import Progress

if TYPE_CHECKING:
    from db.details.tmdb import Fetcher
    from tmdb.images import Images


@dataclass(frozen=True, slots=True)
class Tmdb:
    """What needs the operator's key of TMDb.

    Attributes
    ----------
    details : Fetcher
        Fetches plots, trailers and offers of films that are shown.
    images : Images
        The posters and backdrops.
    """

    details: "Fetcher"
    images: "Images"


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # a repr would show passwords
class Services:
    """What pages and endpoints share: complete, from the moment that there are films.

    Attributes
    ----------
    settings : Settings
    progress : Progress
        The progress of the start, which goes on until a model is trained.
    engine : Engine
        The database.
    redis : Redis
        The cache's server.
    recommender : Recommender
    guests : Guests
        Guests' ratings and marks.
    throttle : Throttle
        The throttle of failed logins.
    recorder : Recorder
        The recorder of events: films shown, opened and rated.
    evaluator : Evaluator
        The evaluator, which measures lists on a few people.
    trainer : Trainer
    rating_limit : RateLimit
        How many ratings a person and an address may give.
    tmdb : Tmdb or None
        None without a key.
    """

    settings: Settings
    progress: Progress
    engine: Engine
    redis: Redis
    recommender: Recommender
    guests: Guests
    throttle: Throttle
    recorder: Recorder
    evaluator: Evaluator
    trainer: Trainer
    rating_limit: RateLimit
    tmdb: Tmdb | None
