"""The story that the Walkthrough tells: its state, and Reset.

The story has its own people, whose sessions stay here: the presenter stays logged in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from accounts import presenters, sessions
from config import Settings
from db.queries import ratings
from db.queries.users import User
from pages.parts import identity
from pages.parts.text import plain
from pages.parts.wording import _, ngettext
from recsys.serving.recommender import Recommender
from startup import Services

_KEPT, _MOST = "12h", 200


class CannotGoOnError(RuntimeError):
    """A step can't be run; the text says why and what to do."""


@dataclass
class Story:
    """The state of the story: the results of its steps, and the sessions it opened.

    Attributes
    ----------
    step : int
        The step that is shown.
    results : dict
        The results of the steps that were run, by number.
    tokens : dict
        The sessions of the story's people, by the step that opened them.
    """

    step: int = 1
    results: dict[int, Any] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)

    def user(self, engine: Engine, step: int) -> User:
        """Return the person who logged in at a step, as the database knows them now."""
        user = sessions.user_of(engine, self.tokens.get(step))
        if user is None:
            raise CannotGoOnError(
                _(
                    "The account of this story is gone: it was removed, or its session has "
                    "ended. Press Reset and start again."
                )
            )
        return user


def current(settings: Settings) -> Story:
    """Return this browser's story, which survives a reload and which the notes follow."""
    return _of(identity.visitor(settings))


@st.cache_resource(ttl=_KEPT, max_entries=_MOST, show_spinner=False)
def _of(visitor: str) -> Story:  # noqa: ARG001 - what the story is kept under
    return Story()


def reset(services: Services) -> str:
    """Reset: delete the story's account, ratings and sessions; return what was removed."""
    story, engine = current(services.settings), services.engine
    old = presenters.remove_old(engine)
    said = [_("Back at the start.")]
    mine = sessions.user_of(engine, story.tokens.get(4))
    if mine is not None:
        with engine.connect() as connection:
            rated = ratings.count(connection, mine.id)
        presenters.remove(engine, mine)
        said.append(
            ngettext(
                "Removed: {email}, with its {count} rating and its session.",
                "Removed: {email}, with its {count} ratings and its session.",
                rated,
            ).format(email=plain(mine.email or ""), count=rated)
        )
    if old:
        said.append(_("Removed accounts of earlier walkthroughs: {count}.").format(count=len(old)))
    if len(said) == 1:
        said.append(_("There was no account to remove."))
    for token in story.tokens.values():
        sessions.end_session(engine, token)
    forget_lists(services.recommender, old if mine is None else [*old, mine])
    story.results.clear()
    story.tokens.clear()
    story.step = 1
    return " ".join(said)


def in_order(
    services: Services, steps: Sequence[tuple[int, Callable[[Services, Story], Any]]]
) -> None:
    """Run these steps in order; the results before a failure are kept."""
    story = current(services.settings)
    for number, do in steps:
        story.results[number] = do(services, story)


def forget_lists(recommender: Recommender, removed: Sequence[User]) -> None:
    """Forget the cached lists of accounts that were removed."""
    for user in removed:
        recommender.cache.forget(str(user.id))
