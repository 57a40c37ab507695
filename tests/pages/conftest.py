"""The pages on a small catalogue, in this process, with real PostgreSQL and Redis."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from startup import Application

NAVIGATION = Path(__file__).parent.parent.parent / "pages" / "navigation.py"


@pytest.fixture
def copied_database(database_of_films: str) -> str:
    """The small catalogue, with its model."""
    return database_of_films


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
