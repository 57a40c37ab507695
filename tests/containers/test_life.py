"""What happens later: kills, restarts, backups, another password, another way in."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, titles
from tests.containers.conftest import HARD_PASSWORD
from tests.containers.stack import Stack, until
from tests.serving import ROOT


def test_pgadmin_has_the_server_and_reaches_it(stack: Stack) -> None:
    """By what pgAdmin stores and with the password file that it is given."""
    look = (
        "import sqlite3; print(sqlite3.connect('/var/lib/pgadmin/pgadmin4.db').execute("
        "'SELECT host, port, username, maintenance_db, name FROM server').fetchall())"
    )
    python = "for each in /venv/bin/python3 /venv/bin/python; do [ ! -x $each ] || break; done; "
    shell = ("exec", "-T", "pgadmin", "sh", "-c")
    found = stack.compose(*shell, f'{python} $each -c "$1"', "sh", look)
    assert "('postgres', 5432, 'five_films', 'five_films', 'Five Films')" in found

    connect = (
        "import psycopg; print(psycopg.connect(host='postgres', user='five_films', "
        "dbname='five_films', passfile='/var/lib/pgadmin/storage/admin_example.org/.pgpass')"
        ".execute('SELECT current_user').fetchone()[0])"
    )
    said = stack.compose(*shell, f'{python} $each -c "$1"', "sh", connect)
    assert said.strip() == "five_films"


def test_pgadmin_answers_and_its_password_is_shown_on_a_line(stack: Stack) -> None:
    shown = stack.documented(documented("secrets/pgadmin"))
    assert shown.strip()
    assert shown.endswith("\n")


def test_a_killed_replica_costs_nobody_their_login(stack: Stack) -> None:
    token = stack.log_in()
    victim = stack.containers("app")[0]
    stack.engine.docker("kill", victim)
    until(lambda: stack.ask("give-rec", token=token)["kind"] == "known", 20)
    stack.engine.docker("start", victim)


def test_a_backup_by_the_documented_commands_and_back(stack: Stack) -> None:
    token = stack.log_in()
    film = stack.ask("give-rec", token=token)["items"][0]["movie_id"]
    stack.sql(
        "INSERT INTO ratings (user_id, movie_id, rating, is_own, rated_at) "
        f"VALUES (195, {film}, 5, true, now())"
    )
    stack.documented(documented("recsys backup /data"))
    stack.sql("DELETE FROM ratings WHERE is_own")
    stack.documented(documented("run --rm -T app"))
    assert stack.sql("SELECT user_id FROM ratings WHERE is_own") == "195"
    assert stack.ask("give-rec", token=stack.log_in())["kind"] == "known"


def test_the_backup_service_writes_one_and_removes_old_ones_alone(stack: Stack) -> None:
    old, young, today = (f"{_day(ago)}.dump" for ago in (16, 13, 0))
    others = [f"{_day(16)}.dump.old", "2001-a-space-odyssey.dump", f"kept/{old}"]
    _shell(stack, "mkdir -p kept")
    for name in (old, *others):
        _shell(stack, f"touch -d '16 days ago' {name}")
    _shell(stack, f"touch -d '13 days ago' {young}")

    _start_backups(stack)
    until(lambda: not _is_there(stack, old), 60)
    assert all(_is_there(stack, name) for name in (young, today, *others))
    _stop_backups(stack)


def test_a_failed_backup_leaves_the_old_ones(stack: Stack) -> None:
    old = f"{_day(400)}.dump"
    _shell(stack, f"rm -f 20*.dump; touch -d '400 days ago' {old}")
    stack.compose("stop", "postgres")
    try:
        _start_backups(stack)
        until(lambda: "The database reported an error" in stack.logs("backup"), 60)
        assert _shell(stack, "ls 20*.dump").split() == [old]
    finally:
        _stop_backups(stack)
        stack.up()


def _start_backups(stack: Stack) -> None:
    stack.compose("--profile", "backup", "up", "--detach", "--no-deps", "backup")


def _stop_backups(stack: Stack) -> None:
    stack.compose("--profile", "backup", "rm", "--stop", "--force", "backup")


def _day(ago: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=ago):%F}"


def _shell(stack: Stack, command: str) -> str:
    return stack.compose("exec", "-T", "app", "sh", "-euc", f"cd /data; {command}")


def _is_there(stack: Stack, name: str) -> bool:
    return name in _shell(stack, "find . -type f -printf '%P\\n'").splitlines()


def test_another_password_later_is_said_to_count_for_nothing(stack: Stack) -> None:
    stack.settings["POSTGRES_PASSWORD"] = "another"
    stack.compose("up", "--detach", "--no-deps", "secrets")
    until(lambda: "POSTGRES_PASSWORD" in stack.logs("secrets"), 20)
    said = [line for line in stack.logs("secrets").splitlines() if "POSTGRES_PASSWORD" in line]
    assert len(said) == 1
    assert "old password is still in use" in said[0]
    assert stack.ask("health/ready")["ready"]
    stack.settings["POSTGRES_PASSWORD"] = HARD_PASSWORD


def test_the_password_is_changed_by_the_documented_commands(stack: Stack) -> None:
    stack.settings["POSTGRES_PASSWORD"] = r"new\:'$"
    stack.documented(documented("rm secrets"))
    until(lambda: stack.ask("health/ready")["ready"], 60)
    assert stack.ask("give-rec", token=stack.log_in())["kind"] == "known"


def test_only_a_trusted_proxy_says_where_a_person_is(stack: Stack) -> None:
    """By the throttle: an address is locked after fifty wrong passwords, whosever they are."""

    def wrong(number: int, addresses: str) -> int:
        form = {"username": f"nobody{number}@example.org", "password": "wrong"}
        with pytest.raises(HTTPError) as caught:
            stack.ask("auth/login", form=form, **{"X-Forwarded-For": addresses})
        return caught.value.code

    def trust(proxies: str) -> None:
        stack.settings["TRUSTED_PROXIES"] = proxies
        stack.compose("run", "--rm", "secrets")
        stack.compose("restart", "proxy")

    made_up = [wrong(number, f"198.51.100.{number}") for number in range(55)]
    assert (made_up[0], made_up[-1]) == (401, 429), "made-up addresses count as one"
    try:
        trust("10.0.0.0/8, 172.16.0.0/12,192.168.0.0/16")
        until(lambda: stack.ask("health/live"), 30)
        assert wrong(60, "198.51.100.1, 203.0.113.7") == 401
        assert wrong(61, "") == 429
    finally:
        trust("")
        stack.sql("DELETE FROM login_attempts")
    until(lambda: stack.ask("health/live"), 30)


def test_stopping_with_an_open_page_takes_seconds(stack: Stack, page: Page) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(stack.address)
    assert titles(page)
    (proxy,) = stack.containers("proxy")
    began = time.monotonic()
    stack.compose("stop", "proxy")
    state = stack.inspect(proxy)["State"]
    assert state["ExitCode"] != 137, f"it was killed after {time.monotonic() - began:.0f} s"
    stack.up()


def test_down_and_up_keeps_everything_and_leaves_no_nameless_volume(stack: Stack) -> None:
    nameless = ("volume", "ls", "--quiet", "--filter", "label=com.docker.volume.anonymous")
    before = stack.engine.docker(*nameless)
    ratings = stack.sql("SELECT count(*) FROM ratings")
    stack.compose("down")
    assert stack.engine.docker(*nameless) == before
    stack.up()
    assert stack.sql("SELECT count(*) FROM ratings") == ratings
    assert stack.sql("SELECT count(*) FROM loads") == "1"
    assert stack.ask("give-rec", token=stack.log_in())["kind"] == "known"


def test_opened_to_others_demo_accounts_are_off_unless_asked_for(stack: Stack, page: Page) -> None:
    page.set_default_timeout(PATIENCE_MS)
    stack.up(APP_PORT=f"0.0.0.0:{stack.port}")
    with pytest.raises(HTTPError, match="401"):
        stack.log_in()
    page.goto(stack.address)
    assert titles(page)
    expect(page.get_by_text("Demo accounts are on")).to_have_count(0)

    stack.up(DEMO_ACCOUNTS="true")
    until(stack.log_in_or_none, 60)
    page.goto(stack.address)
    assert titles(page)
    expect(page.get_by_text("Demo accounts are on")).to_be_visible()


def documented(words: str) -> str:
    """The block of commands in docs/deploy.md that has these words."""
    text = (Path(ROOT) / "docs" / "deploy.md").read_text()
    blocks = [each for each in text.split("\n\n") if each.startswith("    ")]
    (block,) = [each for each in blocks if words in each]
    return "\n".join(line[4:] for line in block.splitlines())
