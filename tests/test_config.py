"""Settings: what is read, what is refused, and that docs/settings.md lists them all."""

import json
import logging
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from config import Settings, problems
from monitoring.logs import configure_logging

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing() -> None:
    settings = Settings()
    assert settings.database_url is None
    assert settings.redis_url is None
    assert settings.data_dir == Path(".data")
    assert settings.has_demo_accounts
    assert not settings.secure_cookies


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SESSION_DAYS=7\nLOG_LEVEL=debug\n")
    monkeypatch.setenv("SESSION_DAYS", "3")
    assert Settings().session_days == 3
    assert Settings().log_level == "DEBUG"


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DEMO_ACCOUNTS", "")
    assert Settings().database_url is None
    assert Settings().has_demo_accounts


@pytest.mark.parametrize(
    "url",
    ["postgres://me@db/films", "postgresql://me@db/films", "postgresql+psycopg://me@db/films"],
)
def test_the_usual_spellings_of_a_database(url: str) -> None:
    assert Settings(database_url=url).database_url == "postgresql+psycopg://me@db/films"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://me@db/films"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "http://redis"),
        ("PORT", "0"),
        ("PORT", "http"),
        ("HOST", "http://0.0.0.0"),
        ("PUBLIC_URL", "films.example.org"),
        ("PUBLIC_URL", "https://films.example.org:port"),
        ("PUBLIC_URL", "https://me@films.example.org"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "proxy"),
        ("TRUSTED_PROXIES", "10.0.0.1,,10.0.0.2"),
        ("REQUESTS_PER_MINUTE", "-1"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "films.example.org"),
        ("CORS_ORIGINS", "https://films.example.org/path"),
        ("CORS_ORIGINS", "https://films.example.org,,http://localhost"),
        ("METRICS_TOKEN", "too-short"),
        ("METRICS_TOKEN", "long enough, but with spaces"),
        ("SESSION_DAYS", "0"),
        ("SESSION_DAYS", "soon"),
        ("DEMO_ACCOUNTS", "maybe"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_wrong_values_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=f"(?i){name}"):
        Settings()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("postgresql://me:secret@db:54x2/films", '"54x2" for connection option "port"'),
        ("postgresql://me:secret@db:70000/films", 'invalid port number: "70000"'),
        ("postgresql://me:secret@db/films?sslmode=perhaps", 'sslmode value: "perhaps"'),
        ("postgresql://me:secret@db/films?colour=red", 'parameter: "colour"'),
        ("postgresql://me:secret@db/films?prepare_threshold=many", "prepare_threshold"),
        ("postgresql://me:secret@db/films?options=search_path", "options must read"),
        ("postgresql://me:sec%ret@db/films", "%3A"),
        ("postgresql://me:secret/1@db/films", "%3A"),
    ],
)
def test_a_wrong_database_url_is_told_without_its_password(url: str, named: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(database_url=url)
    (line,) = problems(caught.value)
    assert line.startswith("Setting DATABASE_URL: ")
    assert named in line
    assert "sec" not in line + str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "?sslmode=require",
        "?prepare_threshold=none&application_name=films",
        "?options=-csearch_path%3Dfilms",
        "?target_session_attrs=read-write&connect_timeout=3",
    ],
)
def test_what_libpq_knows_may_stand_in_a_database_url(query: str) -> None:
    assert Settings(database_url=f"postgresql://me@one,two:6432/films{query}").database_url


def test_https_makes_cookies_secure() -> None:
    assert Settings(public_url="https://films.example.org/").secure_cookies
    assert not Settings(public_url="http://films.example.org").secure_cookies


@pytest.mark.parametrize("more", ["/films", "/films/", "/?a=b", "/#films"])
def test_a_public_url_with_a_path_is_refused_with_the_reason(more: str) -> None:
    with pytest.raises(ValidationError, match="can't be served below one"):
        Settings(public_url=f"https://films.example.org{more}")


def test_uvicorns_name_of_the_trusted_proxies_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    assert Settings().trusted_proxies == "*"
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.7, 172.16.0.0/12, fd00::/8")
    assert Settings().trusted_proxies == "10.0.0.7, 172.16.0.0/12, fd00::/8"


def test_every_setting_is_documented_as_it_is() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$",
        (ROOT / "docs" / "settings.md").read_text(),
        re.MULTILINE,
    )
    expected = [
        (
            name.upper(),
            "–" if field.default is None else f"`{field.default}`",
            field.description,
        )
        for name, field in Settings.model_fields.items()
    ]
    assert rows == expected
    example = (ROOT / ".env.example").read_text()
    assert all(f"# {name}=" in example for name, _, _ in expected)


@pytest.mark.parametrize("form", ["text", "json"])
def test_log_lines(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format=form))
    logging.getLogger("db.anything").info("loaded %d films", 5)
    logging.getLogger("db.anything").debug("not shown")
    line = capsys.readouterr().err
    if form == "json":
        assert json.loads(line)["message"] == "loaded 5 films"
        assert json.loads(line)["levelname"] == "INFO"
    else:
        assert re.fullmatch(r"\S+ \S+ INFO    \[-\] loaded 5 films\n", line)


MAIL = {"smtp_url": "smtp://mail", "mail_from": "films@mail.com", "public_url": "https://films.org"}


def test_mail_needs_a_sender_and_an_address_for_its_links() -> None:
    assert Settings.model_validate(MAIL).sends_mail
    assert not Settings().sends_mail
    for missing in ("mail_from", "public_url"):
        with pytest.raises(ValidationError) as caught:
            Settings.model_validate({**MAIL, missing: None})
        assert problems(caught.value) == [
            "Settings: Value error, SMTP_URL needs MAIL_FROM and PUBLIC_URL, which mails name"
        ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_url", "http://me:secret@mail"),
        ("smtp_url", "smtp://me:sec/ret@mail"),
        ("mail_from", "films"),
        ("mail_from", "films@mail.com\r\nBcc: all@mail.com"),
    ],
)
def test_wrong_mail_settings_are_told_without_the_password(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({**MAIL, name: value})
    (line,) = problems(caught.value)
    assert line.startswith(f"Setting {name.upper()}: ")
    assert "sec" not in line + str(caught.value)
