"""A key opens what it was made for, until it expires or is revoked; its secret is kept nowhere."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.access import Caller
from assistant.errors import ApiKeyError, SettingsError
from assistant.records import keys as module
from assistant.records.keys import KeyStore
from assistant.records.log import AuditLog
from assistant.records.store import Records, now
from assistant.settings import Settings
from assistant.web.server import listen


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(records_folder=tmp_path / "records", port=0)


@pytest.fixture
def keys(settings: Settings) -> KeyStore:
    return KeyStore(Records.open(settings))


def test_a_key_is_who_it_was_made_for(keys: KeyStore) -> None:
    kept, said = keys.create("intranet", "curator", ["pharmacy"])
    assert keys.caller(said) == Caller("key:intranet", frozenset({"pharmacy"}), "curator")
    assert keys.list() == [kept]


def test_another_text_opens_nothing(keys: KeyStore) -> None:
    _, said = keys.create("intranet")
    other = said[:-1] + ("0" if said[-1] != "0" else "1")
    for given in ("", "ask", other, said.upper(), said + " ", said.removeprefix("ask_")):
        assert keys.caller(given) is None, given


def test_a_secret_is_in_no_file(settings: Settings, keys: KeyStore) -> None:
    _, said = keys.create("intranet")
    assert all(said.rpartition("_")[2].encode() not in file.read_bytes() for file in settings.records_folder.iterdir())


def test_a_revoked_key_opens_nothing(keys: KeyStore) -> None:
    kept, said = keys.create("intranet")
    assert keys.revoke(kept.id).state == "revoked"
    assert keys.caller(said) is None
    assert not keys.has_valid()
    for id_ in (kept.id, "0" * 12):
        with pytest.raises(ApiKeyError, match="keys list"):
            keys.revoke(id_)


def test_a_key_opens_nothing_after_its_last_day(keys: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, said = keys.create("intranet", days=30)
    assert kept.expires and kept.expires - now() > timedelta(days=30)
    assert keys.caller(said)
    monkeypatch.setattr(module, "now", lambda: kept.expires)
    assert keys.caller(said) is None
    assert keys.list()[0].state == "expired"


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 81, "\x1b[31m", "<b>"])
def test_a_name_that_would_steer_a_terminal_is_refused(keys: KeyStore, name: str) -> None:
    with pytest.raises(ApiKeyError):
        keys.create(name)


def test_it_listens_elsewhere_only_where_somebody_can_sign_in(settings: Settings, keys: KeyStore) -> None:
    elsewhere = settings.model_copy(update={"host": "0.0.0.0"})
    with pytest.raises(SettingsError, match=r"assistant keys create .* ASSISTANT_SSO_PROXIES"):
        listen(elsewhere)
    kept, _ = keys.create("intranet")
    listen(elsewhere).close()
    keys.revoke(kept.id)
    with pytest.raises(SettingsError):
        listen(elsewhere)
    listen(elsewhere.model_copy(update={"sso_proxies": ("10.0.0.1",)})).close()
    listen(settings).close()
    with pytest.raises(SettingsError, match="sign_in is set"):
        listen(settings.model_copy(update={"sign_in": True}))


def test_the_command_makes_lists_and_revokes_and_writes_that_down(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from assistant.cli import main; main()", "keys", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)

    made = run("create", "Open WebUI", "--role", "curator", "--group", "pharmacy", "--group", "board", "--days", "90")
    said = made.stdout.strip()
    settings = Settings(records_folder=tmp_path / "records")
    store = KeyStore(Records.open(settings))
    assert store.caller(said) == Caller("key:Open WebUI", frozenset({"pharmacy", "board"}), "curator")
    listed = run("list").stdout
    assert "valid    Open WebUI, curator, groups board, pharmacy" in listed
    assert said.rpartition("_")[2] not in listed + made.stderr
    assert "opens nothing any more" in run("revoke", store.list()[0].id).stdout
    assert store.caller(said) is None
    assert run("revoke", store.list()[0].id).returncode == 2
    assert run("create", "x", "--role", "king").returncode == 2
    entries = list(AuditLog.open(settings).entries())
    assert [entry.kind for entry in entries] == ["key-created", "key-revoked"]
    assert said.rpartition("_")[2] not in str(entries)
