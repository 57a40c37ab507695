"""`python -m recsys password`: a new password for somebody who has forgotten theirs."""

import sys
from typing import Annotated

import typer

from accounts import forgotten
from accounts.account import DemoAccountError
from accounts.registration import InvalidAccountError
from accounts.sessions import AccountChangedError
from commands.terminal import NotDoneError, WrongUseError, database
from config import settings

_MOST_BYTES = 10_000  # read from standard input; more is no password


def password_command(
    email: Annotated[str, typer.Argument(help="The account's email.")],
    from_stdin: Annotated[
        bool,
        typer.Option("--stdin", help="Read the new password from standard input: its first line."),
    ] = False,
) -> None:
    """Set an account's password, end its sessions and unlock it.

    Asks for the password twice without showing it, so that no list of processes, no shell history
    and no log has it.
    """
    new = _first_line() if from_stdin else _typed_twice()
    with database() as engine:
        try:
            ended = forgotten.set_by_operator(
                engine, email=email, new=new, tells_owner=settings().sends_mail
            )
        except forgotten.UnknownAccountError:
            raise NotDoneError(
                f"There is no account {email[:60]!r}. Its owner can register on the page “Account”."
            ) from None
        except DemoAccountError as error:
            raise NotDoneError(str(error)) from None
        except AccountChangedError:
            raise NotDoneError("The account was changed at the same moment. Try again.") from None
        except InvalidAccountError as error:
            raise NotDoneError(error.problems["new"]) from None
    sessions = "1 session was" if ended == 1 else f"{ended:,} sessions were"
    typer.echo(f"{email.strip().lower()} has a new password; {sessions} ended.")


def _typed_twice() -> str:
    if not sys.stdin.isatty():
        raise WrongUseError("Nobody can type here: pass --stdin and send the password to it.")
    new: str = typer.prompt("New password", hide_input=True, err=True)
    again: str = typer.prompt("Repeat the new password", hide_input=True, err=True)
    if new != again:
        raise NotDoneError("The two passwords differ. Type the same one twice.")
    return new


def _first_line() -> str:
    try:
        return sys.stdin.buffer.readline(_MOST_BYTES).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise NotDoneError("The password on standard input isn't UTF-8 text.") from None
