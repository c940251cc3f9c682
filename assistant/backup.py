"""Documents and records, which nothing else could bring back, copied aside and back again.

The index is left out: `assistant index` makes it anew from the documents.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

from assistant.errors import BackupError
from assistant.records.privacy import KEY_FILE
from assistant.records.store import FILE
from assistant.settings import Settings

_CORPUS: Final = "corpus"
_RECORDS: Final = "records"


def back_up(settings: Settings, place: Path) -> None:
    """Copy documents and records into a new folder, whole or not at all; the service may go on meanwhile.

    Raises:
        BackupError: the folder is there already, or something cannot be copied.
    """
    if place.exists():
        raise BackupError(place, "it is there already", "Name a new folder")
    if not settings.corpus.is_dir():
        raise BackupError(settings.corpus, "there are no documents", "Name the folder in the setting corpus")
    aside = place.with_name(f".{place.name}-{uuid4().hex[:8]}")
    try:
        aside.mkdir(mode=0o700, parents=True)
        shutil.copytree(settings.corpus, aside / _CORPUS, symlinks=True, ignore=shutil.ignore_patterns(".incoming"))
        (aside / _RECORDS).mkdir(mode=0o700)
        if (settings.records_folder / FILE).is_file():
            _copy_database(settings.records_folder / FILE, aside / _RECORDS / FILE)
        if (settings.records_folder / KEY_FILE).is_file():
            shutil.copy2(settings.records_folder / KEY_FILE, aside / _RECORDS / KEY_FILE)
        aside.rename(place)
    except (OSError, sqlite3.Error, shutil.Error) as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise BackupError(place, str(error), "Check that there is room, and that the folders can be read") from error


def restore(settings: Settings, place: Path) -> None:
    """Copy a backup to where the settings say. It replaces nothing.

    Raises:
        BackupError: it is no backup, or something stands there already.
    """
    if not (place / _CORPUS).is_dir() or not (place / _RECORDS).is_dir():
        raise BackupError(place, "it is no backup", "Name a folder that assistant backup made")
    for folder in (settings.corpus, settings.records_folder):
        if folder.exists() and any(folder.iterdir()):
            raise BackupError(folder, "something stands there", "Stop the service, and move this folder away first")
    try:
        shutil.copytree(place / _CORPUS, settings.corpus, symlinks=True, dirs_exist_ok=True)
        settings.records_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(place / _RECORDS, settings.records_folder, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise BackupError(place, str(error), "Check that there is room, and that the folders can be written") from error


def _copy_database(source: Path, target: Path) -> None:
    """One state of the database, also while somebody writes to it."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
