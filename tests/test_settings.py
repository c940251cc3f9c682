"""Settings come from four places, the later wins, and none is undocumented."""

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings

DOCS = Path(__file__).parents[1] / "docs" / "configuration.md"


def test_every_setting_is_in_the_docs_and_explained() -> None:
    text = DOCS.read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`{name}`" in text, name
        assert field.description


def test_arguments_win_over_variables_and_these_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.load().port == 7860
    (tmp_path / "assistant.toml").write_text("port = 1111\nmax_sentences = 2\n", "utf-8")
    assert Settings.load().port == 1111
    monkeypatch.setenv("ASSISTANT_PORT", "2222")
    assert Settings.load().port == 2222
    assert Settings.load(port=3333).port == 3333
    assert Settings.load(port=None).max_sentences == 2


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"port": -1}, "port"),
        ({"abstain_below": 2}, "abstain_below"),
        ({"language": "fr"}, "language"),
        ({"prot": 1}, "prot"),
        ({"device": "gpu"}, "device"),
        ({"device": "cuda:"}, "device"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(given: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.load(**given)


def test_a_prefix_can_be_set_to_nothing_which_is_not_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().embedding_passage_prefix is None
    monkeypatch.setenv("ASSISTANT_EMBEDDING_PASSAGE_PREFIX", "")
    assert Settings.load().embedding_passage_prefix == ""
    monkeypatch.setenv("ASSISTANT_EMBEDDING_PASSAGE_PREFIX", "passage: ")
    assert Settings.load().embedding_passage_prefix == "passage: "


def test_a_broken_file_is_said_to_be_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "assistant.toml").write_text("port = = 1", "utf-8")
    with pytest.raises(SettingsError, match=r"assistant\.toml"):
        Settings.load()


def test_a_key_does_not_show_in_a_print(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "s3cret" not in repr(Settings(llm_api_key="s3cret"))
