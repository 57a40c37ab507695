"""Files of the Inspector: the lists of all models, and the ratings behind them."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd

from db.queries.statistics import Load
from pages.inspector.compared import Compared
from pages.inspector.subject import Subject
from pages.parts.files import LICENCE, source
from pages.parts.styles import name as style_name
from pages.parts.wording import _
from recsys.models.comparison import RANKED


def lists(subjects: Sequence[Subject], compared: Compared) -> pd.DataFrame:
    """Return all lists as rows: user, model, rank, movie_id, title, score, reasons."""
    rows = [
        (
            subject.name,
            name,
            rank,
            item.movie_id,
            compared.label(item.movie_id),
            item.score,
            compared.because(item.reasons),
        )
        for subject, given in zip(subjects, compared.lists, strict=True)
        for name, items in given.items()
        for rank, item in enumerate(items, start=1)
    ]
    columns = ["user", "model", "rank", "movie_id", "title", "score", "reasons"]
    return pd.DataFrame(rows, columns=columns)


def ratings(subjects: Sequence[Subject], compared: Compared) -> pd.DataFrame:
    """Return all ratings as rows: user, movie_id, title, rating, rated_at; oldest first."""
    parts = [
        pd.DataFrame(
            {
                "user": subject.name,
                "movie_id": subject.history["movie_id"],
                "title": [compared.label(int(film)) for film in subject.history["movie_id"]],
                "rating": subject.history["rating"],
                "rated_at": None if subject.is_made_up else subject.history["rated_at"],
            }
        )
        for subject in subjects
    ]
    return pd.concat(parts)


def about(compared: Compared, load: Load | None) -> list[str]:
    """Return a description of both files."""
    return [
        _(
            "Five Films: the first {count} films of each model's list, and the ratings they "
            "are based on"
        ).format(count=RANKED),
        _("Style: {style}").format(style=style_name(compared.style)),
        _("Model: {version}").format(
            version=compared.active.version or _("none trained yet, popularity only")
        ),
        _("Data: {source}; written on {written}").format(
            source=source(load), written=f"{datetime.now(UTC):%Y-%m-%d}"
        ),
        _("Licence and citation: {licence}").format(licence=LICENCE),
    ]
