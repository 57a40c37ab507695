"""The parameters of a training."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """The parameters of a training.

    Attributes
    ----------
    members : int
        Models in the LightFM ensemble.
    components : int
        Factors of each member.
    epochs : int
        Passes over all likes.
    learning_rate, regularisation : float
        AdaGrad's initial learning rate, and the L2 penalty on features.
    most_likes : int
        How many of a person's newest likes LightFM learns from.
    most_films : int
        How many of the most liked films have item-item weights, at most: memory grows with its
        square.
    lightfm_share, genres_share, soon_share : float
        Shares of a score: LightFM, shared genres and the short-term model. The item-item weights
        have the rest. Each stage is scaled to a standard deviation of 1 before.
    dislikes : float
        How much a disliked film counts against others, relative to how much a liked one counts
        for them.

    With enough people, a search for better shares and a better weight of dislikes starts from these
    (`recsys.training.trial`).
    """

    members: int = 2
    components: int = 32
    epochs: int = 15
    learning_rate: float = 0.05
    regularisation: float = 1e-6
    most_likes: int = 30
    most_films: int = 5_000
    lightfm_share: float = 0.48
    genres_share: float = 0.18
    soon_share: float = 0.11
    dislikes: float = 0.2

    def __post_init__(self) -> None:
        for name in ("members", "components", "epochs", "most_likes", "most_films"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")
        if min(self.shares) < 0:
            raise ValueError(
                "lightfm_share, genres_share and soon_share must be from 0 to 1, as their sum"
            )
        if self.dislikes < 0:
            raise ValueError("dislikes must not be less than 0")

    @property
    def shares(self) -> tuple[float, float, float, float]:
        """The shares of the stages, in the order of `recsys.models.blend.STAGES`."""
        of_item_item = 1 - self.lightfm_share - self.genres_share - self.soon_share
        return self.lightfm_share, self.genres_share, of_item_item, self.soon_share
