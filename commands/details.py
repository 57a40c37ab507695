"""`python -m recsys details imdb FOLDER` and `details tmdb`."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import NotDoneError, database, print_json, print_rejected, progress
from config import settings
from db.details import DetailsReport, load_imdb

details_app = typer.Typer(no_args_is_help=True, help="Load details of films: lengths, people.")


@details_app.callback()
def details() -> None:
    """Load details of films: lengths, people, and titles in other languages."""


@details_app.command("imdb")
def imdb_command(
    folder: Annotated[
        Path,
        typer.Argument(
            help="With title.basics.tsv.gz and, optionally, title.akas, title.crew, "
            "title.principals and name.basics, from https://datasets.imdbws.com."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Load lengths, people and titles from IMDb's files: all or, on an error, nothing.

    IMDb permits their personal and non-commercial use (docs/data-sets.md).
    """
    with database(statement_timeout=0) as engine, progress(as_json) as report:
        result = load_imdb(engine, folder, progress=report)
    if as_json:
        print_json(dataclasses.asdict(result))
    else:
        _print(result)


@details_app.command("tmdb")
def tmdb_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Fetch posters' paths, plots, trailers and offers from TMDb, with your key in TMDB_TOKEN.

    What was fetched in the last month is left as it is, so a second call goes on where the first
    one was interrupted. TMDb permits showing it for six months (docs/data-sets.md).
    """
    token = settings().tmdb_token
    if token is None:
        raise NotDoneError(
            "There is no key: set TMDB_TOKEN to the “API Read Access Token” of your account at "
            "TMDb, https://www.themoviedb.org/settings/api."
        )
    from db.details.tmdb import fetch_missing  # the other command needs no client
    from tmdb.client import Client
    from tmdb.errors import TmdbError

    client = Client(
        token.get_secret_value(), api=settings().tmdb_api, images=settings().tmdb_images
    )
    with database(statement_timeout=0) as engine, progress(as_json) as report:
        try:
            result = fetch_missing(engine, client, progress=report)
        except TmdbError as error:
            raise NotDoneError(
                f"{error}. What was fetched until then is stored: run it again to go on."
            ) from None
        finally:
            client.close()
    if as_json:
        print_json(dataclasses.asdict(result))
        return
    typer.echo(
        f"{result.stored:,} of {result.films:,} films fetched from TMDb, which doesn't have "
        f"{result.unknown:,}. It took {result.seconds:.1f} s."
    )
    if result.expired:
        typer.echo(f"Deleted after six months: details of {result.expired:,} films.")
    if result.failed:
        typer.echo(f"Failed: {result.failed:,}, for example: {result.example}")


def _print(result: DetailsReport) -> None:
    covered, changes = result.coverage, result.changes
    typer.echo(
        f"{result.matched:,} of {result.films:,} films were found in IMDb's files: "
        f"{result.by_number:,} by number, {result.by_title:,} by title and year; "
        f"{result.ambiguous:,} were left out as ambiguous. It took {result.seconds:.1f} s."
    )
    typer.echo(
        f"Films now: {covered.with_minutes:,} with length, {covered.with_directors:,} with "
        f"directors, {covered.with_cast:,} with cast, {covered.with_other_titles:,} with titles "
        f"of other regions, {covered.with_russian_title:,} with a Russian title."
    )
    typer.echo(
        f"Changed rows: {changes.films:,} films, {changes.people:,} people, {changes.roles:,} "
        f"roles, {changes.titles:,} titles."
    )
    if result.missing:
        typer.echo(f"Not in the folder: {', '.join(result.missing)}. What they say was left as is.")
    if "name.basics" in result.missing:
        typer.echo("Without name.basics people have no names: no directors, writers and cast.")
    print_rejected(result.rejected, result.rejected_by_reason, result.examples)
