"""Events of a visit: films shown, opened and rated, each counted once."""

from collections.abc import Iterable

import streamlit as st

from db.queries.events import KEPT_DAYS, Kind
from db.queries.users import User
from pages.parts.wording import N_, _
from recsys.serving.events import Recorder

_BY_WHOM = "shown_by"
_COUNTED = "events_counted"

_DEFINITIONS = N_(
    """
- **Shown**: the film was in a list of five on For you or By genre. Counted once per visit, list
  and model; a film that stays while others change isn't counted again.
- **Opened**: its page or its reasons (Why?) were opened after it was shown. Once per visit and
  model.
- **Rated**: it was given stars after it was shown, anywhere on the site. Once per visit and model.
  Marks don't count as ratings, and a rating that is removed later stays counted.

A visit lasts until the tab is closed or reloaded; logging in starts a new one. An event counts for
the model that put the film into the list where it was last shown; without a model, films are
sorted by popularity. Films fetched through the API don't count as shown, because nobody knows
whether a person saw them. Days are in UTC. Events belong to a person and are deleted with the
account or after {days} days; the counts remain.
"""
)


def definitions() -> str:
    """Return the exact definitions of what is counted."""
    return _(_DEFINITIONS).format(days=KEPT_DAYS)


def shown(
    recorder: Recorder,
    movie_ids: Iterable[int],
    user: User | None,
    *,
    in_list: str,
    model_version: str | None,
) -> None:
    """Record that a list showed these films; `in_list` identifies the list in the visit."""
    version = None if model_version is None else int(model_version)
    user_id = None if user is None else user.id
    by_whom = st.session_state.setdefault(_BY_WHOM, {})
    new = []
    for movie_id in movie_ids:
        by_whom[movie_id] = (user_id, version)
        if _is_first(("shown", in_list, version, movie_id)):
            new.append(movie_id)
    if new:
        recorder.record("shown", new, user_id=user_id, model_version=version)


def opened(recorder: Recorder, movie_id: int) -> None:
    """Record that a film's page or its reasons were opened."""
    _after_it_was_shown(recorder, "opened", movie_id)


def rated(recorder: Recorder, movie_id: int) -> None:
    """Record that a film was rated."""
    _after_it_was_shown(recorder, "rated", movie_id)


def _after_it_was_shown(recorder: Recorder, kind: Kind, movie_id: int) -> None:
    found = st.session_state.get(_BY_WHOM, {}).get(movie_id)
    if found is None:
        return
    user_id, version = found
    if _is_first((kind, version, movie_id)):
        recorder.record(kind, [movie_id], user_id=user_id, model_version=version)


def _is_first(event: tuple[object, ...]) -> bool:
    """Return whether this is new in the visit, and remember it."""
    counted = st.session_state.setdefault(_COUNTED, set())
    if event in counted:
        return False
    counted.add(event)
    return True
