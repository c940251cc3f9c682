"""What several tests share: a small corpus of our own, indexed once with the real model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
VELTORAL = ROOT / "tests" / "data" / "veltoral"
ORIGINALS = ROOT.parent / "shared" / "corpus-originals"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own ASSISTANT_… variables must not decide a test."""
    import os

    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def veltoral(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the corpus in tests/data/veltoral. Nobody may change its index."""
    assistant = Assistant(Settings(corpus=VELTORAL, index=tmp_path_factory.mktemp("veltoral") / "index"))
    assistant.index()
    yield assistant
    assistant.close()


@pytest.fixture
def assistant_over(tmp_path: Path) -> Iterator[Callable[[dict[str, str]], Assistant]]:
    """Makes an assistant over files given as name -> text, indexed."""
    made: list[Assistant] = []

    def make(files: dict[str, str]) -> Assistant:
        folder = tmp_path / f"corpus{len(made)}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        assistant = Assistant(Settings(corpus=folder, index=tmp_path / f"index{len(made)}"))
        assistant.index()
        made.append(assistant)
        return assistant

    yield make
    for assistant in made:
        assistant.close()
