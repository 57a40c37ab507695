"""The pages on a small catalogue, in this process, with real PostgreSQL and Redis."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import startup
from config import Settings
from startup import Application
from tests.catalogue import write_release

NAVIGATION = Path(__file__).parent.parent.parent / "pages" / "navigation.py"


@pytest.fixture
def application(settings: Settings, tmp_path: Path) -> Iterator[Application]:
    """An application whose films are there; its model is trained in the background."""
    dataset = write_release(tmp_path / "small-release")
    application = Application(settings.model_copy(update={"dataset": str(dataset)}))
    startup.use(application)
    application.start()
    assert application.wait(60), application.stage
    yield application
    startup.use(None)
    application.stop()


@pytest.fixture
def trained(application: Application) -> Application:
    """The application with its first model."""
    assert application.wait(60, for_model=True), application.stage
    return application


@pytest.fixture
def visitor(application: Application) -> AppTest:
    """The first page, as a stranger sees it."""
    return AppTest.from_file(str(NAVIGATION), default_timeout=30).run()


def log_in(visitor: AppTest, email: str = "test1@mail.com", password: str = "test") -> AppTest:
    """Fill the log-in form in and send it."""
    visitor.switch_page("account.py").run()
    visitor.text_input[0].set_value(email)
    visitor.text_input[1].set_value(password)
    return visitor.button[0].click().run()
