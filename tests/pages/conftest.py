"""The pages on a small catalogue, in this process, with real PostgreSQL and Redis."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from db.queries import model_versions
from recsys.models.model import Model
from startup import Application

NAVIGATION = Path(__file__).parent.parent.parent / "pages" / "navigation.py"


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> Iterator[None]:
    """Each AppTest would look through all installed packages for components: a second each."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", functools.cache(scan))
        yield


@pytest.fixture
def copied_database(database_of_films: str) -> str:
    """The small catalogue, with its model."""
    return database_of_films


@pytest.fixture
def drawn(application: Application) -> Application:
    """As if the small catalogue had enough films for a map: they stand on a line, in order."""

    def on_a_line(model: Model) -> Model:
        line = np.linspace(-1, 1, len(model.movie_ids), dtype=np.float32)
        return replace(model, map=np.stack([line, line], axis=1))

    serve_changed(application, on_a_line)
    return application


@pytest.fixture
def visitor(application: Application) -> AppTest:
    """The first page, as a stranger sees it."""
    return new_visit().run()


class _Visit(AppTest):
    """A tab whose pages are functions to Streamlit, which AppTest can't switch to by a file."""

    def switch_page(self, page_path: str) -> AppTest:
        """Go to the page at this path; For you is `for_you` here."""
        self._page_hash = calc_hash(page_path)
        assert not self._registered_pages or self._page_hash in self._registered_pages
        return self


def new_visit() -> AppTest:
    """A tab in which no page was opened yet."""
    return _Visit(NAVIGATION, default_timeout=30)


def opened(visitor: AppTest, page: str, **address: str | list[str]) -> AppTest:
    """Go to a page with these parameters in its address."""
    for name, value in address.items():
        visitor.query_params[name] = value
    visitor.switch_page(page).run()
    assert not visitor.exception
    return visitor


def serve_changed(
    application: Application, change: Callable[[Model], Model], **parameters: object
) -> None:
    """Store the model that is served, changed, with parameters more; it is served from now on."""
    with application.services.engine.begin() as connection:
        active = model_versions.active(connection)
        assert active is not None
        model = change(Model.from_bytes(model_versions.artefact(connection, active.id)))
        version = model_versions.store(
            connection, model.to_bytes(), {**active.parameters, **parameters}
        )
        model_versions.activate(connection, version.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recsys.serving.current.CHECK_SECONDS", 0.0)
        assert application.services.recommender.version() == str(version.id)


def log_in(visitor: AppTest, email: str = "test1@mail.com", password: str = "test") -> AppTest:
    """Fill the log-in form in and send it."""
    visitor.switch_page("account").run()
    visitor.text_input[0].set_value(email)
    visitor.text_input[1].set_value(password)
    return press(visitor, "Log in")


def press(visitor: AppTest, label: str) -> AppTest:
    """Click the last button with this label."""
    return [each for each in visitor.button if each.label == label][-1].click().run()


def titles(visitor: AppTest) -> list[str]:
    """The films that have a card on the page, as they are read."""
    assert not visitor.exception
    cards = [json.loads(each.proto.json)["html"] for each in visitor.get("bidi_component")]
    return [unescape(title) for title in re.findall(r'data-does="open">(.*?)</a>', "".join(cards))]


def announced(visitor: AppTest) -> str:
    """What screen readers say of the last change."""
    assert not visitor.exception
    said = re.findall(
        r'<i class="announcement" data-told-at="(\d+)" data-words="(.*?)"></i>',
        "".join(each.proto.body for each in visitor.get("html")),
    )
    return unescape(max(said, key=lambda each: int(each[0]))[1])


def warnings(visitor: AppTest, icon: str) -> list[str]:
    """The warnings with this icon, as they are read."""
    assert not visitor.exception
    said = [each.value for each in visitor.warning if each.icon == f":material/{icon}:"]
    return [re.sub(r"\\(.)", r"\1", each) for each in said]


def links(visitor: AppTest) -> list[str]:
    """The films that are linked to without a card, as they are read."""
    assert not visitor.exception
    return [re.sub(r"\\(.)", r"\1", each.proto.label) for each in visitor.get("page_link")]


def click(
    visitor: AppTest, film: int, does: str, *, cards: str = "five", id: int | None = None
) -> AppTest:
    """Click in the card of a film: "1" to "5" for stars, a mark, "why" or "open"."""
    (mounted,) = [
        each.proto for each in visitor.get("bidi_component") if f"-{cards}_cards" in each.proto.id
    ]
    assert id is not None or f'data-film="{film}"' in json.loads(mounted.json)["html"]
    said = [{"event": "clicked", "value": {"film": film, "does": does, "id": id}}]
    states = visitor._tree.get_widget_states()
    states.widgets.add(
        id=f"$$STREAMLIT_INTERNAL_KEY_{mounted.id}__events", json_trigger_value=json.dumps(said)
    )
    return visitor._run(states)


def refuse_guests(application: Application) -> None:
    """Have the database keep nothing of guests from now on."""
    with application.services.engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE guests ADD CONSTRAINT refused CHECK (touched_at IS NULL) NOT VALID")
        )
