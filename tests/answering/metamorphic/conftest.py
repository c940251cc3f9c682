"""Assistants over invented documents; the same documents are indexed once."""

from collections.abc import Iterator, Mapping

import pytest
from relations import DOCUMENTS, Over

from assistant import Assistant, Settings


@pytest.fixture(scope="session")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """Gives an assistant over documents given as path -> text."""
    made: dict[tuple[tuple[str, str], ...], Assistant] = {}

    def assistant_over(files: Mapping[str, str]) -> Assistant:
        key = tuple(sorted(files.items()))
        if key not in made:
            folder = tmp_path_factory.mktemp("metamorphic")
            for path, text in files.items():
                (folder / "corpus" / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / "corpus" / path).write_text(text, "utf-8")
            made[key] = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
            made[key].index()
        return made[key]

    yield assistant_over
    for assistant in made.values():
        assistant.close()


@pytest.fixture(scope="session")
def base(over: Over) -> Assistant:
    """Over the documents as they are."""
    return over(DOCUMENTS)


@pytest.fixture(scope="session")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """The same, but one assistant whose documents are exchanged and indexed again, for many that are needed once."""
    folder = tmp_path_factory.mktemp("rewritten")
    (folder / "corpus").mkdir()
    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))

    def with_documents(files: Mapping[str, str]) -> Assistant:
        for path in (folder / "corpus").iterdir():
            path.unlink()
        for name, text in files.items():
            (folder / "corpus" / name).write_text(text, "utf-8")
        assistant.index()
        return assistant

    yield with_documents
    assistant.close()
