"""`assistant backup` and `assistant restore`, at a terminal."""

from pathlib import Path
from typing import Annotated

import typer


def backup(place: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.")]) -> None:
    """Copy documents and records into a new folder. The service may go on meanwhile."""
    from assistant.backup import back_up
    from assistant.settings import Settings

    settings = Settings.load()
    back_up(settings, place)
    print(f"Documents and records are in {place}.")
    if settings.records_url:
        print("The records in PostgreSQL are not: back them up with pg_dump.")


def restore(place: Annotated[Path, typer.Argument(metavar="FOLDER", help="A backup.")]) -> None:
    """Copy a backup to where the settings say; it replaces nothing. Stop the service first."""
    from assistant.backup import restore as bring_back
    from assistant.settings import Settings

    bring_back(Settings.load(), place)
    print("Documents and records are back. Now run: assistant index")
