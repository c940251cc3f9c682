"""What was backed up comes back: documents, keys, and a log whose chain still fits; nothing is replaced."""

from pathlib import Path

import pytest

from assistant.backup import back_up, restore
from assistant.errors import BackupError
from assistant.records.keys import KeyStore
from assistant.records.log import AuditLog
from assistant.records.store import Records
from assistant.settings import Settings


def house(folder: Path) -> Settings:
    return Settings(corpus=folder / "corpus", index=folder / "index", records_folder=folder / "records")


def test_documents_keys_and_log_come_back(tmp_path: Path) -> None:
    old, new = house(tmp_path / "old"), house(tmp_path / "new")
    (old.corpus / "folder").mkdir(parents=True)
    (old.corpus / "folder" / "a.md").write_text("Den anbefalede dosis er 60 mg.", "utf-8")
    log = AuditLog.open(old)  # and it stays open, as the service has it
    log.append("index", door="cli")
    _, key = KeyStore(log.records).create("intranet", "curator")
    last = log.append("upload", door="page", subject="folder/a.md")
    back_up(old, tmp_path / "backup")
    log.append("remove", door="page")
    restore(new, tmp_path / "backup")
    assert (new.corpus / "folder" / "a.md").read_bytes() == (old.corpus / "folder" / "a.md").read_bytes()
    back = AuditLog.open(new, create=False)
    found = back.verify()
    assert (found.fault, found.entries, found.last.hash) == (None, 2, last.hash)
    assert KeyStore(Records.open(new)).caller(key) is not None
    assert back.append("index", door="cli").number == 3
    assert (new.records_folder.stat().st_mode & 0o077) == 0


def test_nothing_is_replaced(tmp_path: Path) -> None:
    settings = house(tmp_path)
    settings.corpus.mkdir()
    (settings.corpus / "a.md").write_text("60 mg", "utf-8")
    back_up(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="already"):
        back_up(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="move this folder away"):
        restore(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="no backup"):
        restore(house(tmp_path / "new"), settings.corpus)


def test_half_a_backup_is_none(tmp_path: Path) -> None:
    settings = house(tmp_path)
    settings.corpus.mkdir()
    settings.records_folder.mkdir()
    (settings.records_folder / "records.sqlite3").write_text("no database at all " * 100)
    with pytest.raises(BackupError):
        back_up(settings, tmp_path / "backup")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "records"]
