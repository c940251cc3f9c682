"""Several assistants answer from one index: each copies its texts, a Chroma server holds the vectors for all of them."""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chroma_server import ChromaServer
from typer.testing import CliRunner

from assistant.cli import app
from assistant.engine import Assistant
from assistant.errors import IndexCopyError, IndexDamagedError, IndexNotWrittenError, VectorServerError
from assistant.retrieval.index import copies, generations
from assistant.retrieval.index.opening import open_index
from assistant.settings import Settings

ASKED = "Hvor ofte gives Veltoral?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    started = ChromaServer(tmp_path_factory.mktemp("server"))
    yield started
    started.stop()


@pytest.fixture(params=["vectors on a server", "vectors in the index"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An index of two documents, as whoever builds it has it."""
    url = request.getfixturevalue("server").url if request.param == "vectors on a server" else ""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Veltoral gives hver 4. uge til voksne.\n", "utf-8")
    (corpus / "b.txt").write_text("Bruxamin gives hver dag til voksne.\n", "utf-8")
    settings = Settings(corpus=corpus, index=tmp_path / "index", chroma_url=url)
    build(settings)
    return settings


@pytest.fixture
def replica(shared: Settings, tmp_path: Path) -> Iterator[Callable[[str], Assistant]]:
    made: list[Assistant] = []

    def make(name: str) -> Assistant:
        made.append(Assistant(shared.model_copy(update={"index_copy": tmp_path / name})))
        return made[-1]

    yield make
    for assistant in made:
        assistant.close()


def build(settings: Settings) -> None:
    Assistant(settings).index()


def changed(settings: Settings, weeks: int) -> None:
    (settings.corpus / "a.txt").write_text(f"Veltoral gives hver {weeks}. uge til voksne.\n", "utf-8")
    build(settings)


def answers(assistant: Assistant, wanted: str) -> str:
    """The answer, once a new generation has been copied in the background."""
    for _ in range(600):
        if wanted in (text := assistant.ask(ASKED).text):
            return text
        time.sleep(0.05)
    raise AssertionError(text)


def test_replicas_answer_alike_and_take_a_new_generation_without_a_restart(
    shared: Settings, replica: Callable[[str], Assistant], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "_READ_ON", 0.0)
    one, other = replica("one"), replica("other")
    assert one.ask(ASKED).text == other.ask(ASKED).text
    assert "4. uge" in one.ask(ASKED).text
    changed(shared, 8)
    assert answers(one, "8. uge") == answers(other, "8. uge")
    assert "hver dag" in one.ask("Hvor ofte gives Bruxamin?").text
    assert one.status().generation == one.open() == "000002"
    for own in ("one", "other"):
        place = generations.path_of(tmp_path / own, "000002")
        assert generations.sums(place) == generations.sums(generations.path_of(shared.index, "000002"))
    for weeks in (3, 5):
        changed(shared, weeks)
    answers(one, "5. uge")
    assert len(generations.standing(tmp_path / "one")) == 2, "the one that answers, and the one before"


def test_while_a_generation_is_copied_the_one_before_answers(
    shared: Settings, replica: Callable[[str], Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replica("one")
    one.ask(ASKED)
    changed(shared, 8)
    may_go_on = threading.Event()
    commit = generations.commit

    def slow(*given: object) -> None:
        assert may_go_on.wait(60)
        commit(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(generations, "commit", slow)
    for _ in range(3):
        assert "4. uge" in one.ask(ASKED).text
    may_go_on.set()
    answers(one, "8. uge")


def test_a_replica_goes_on_when_the_index_is_out_of_reach(
    shared: Settings, replica: Callable[[str], Assistant], tmp_path: Path
) -> None:
    one = replica("one")
    one.ask(ASKED)
    shared.index.rename(tmp_path / "away")
    assert "4. uge" in one.ask(ASKED).text
    again = Assistant(one.settings)  # a process that starts now
    assert "4. uge" in again.ask(ASKED).text
    again.close()
    (tmp_path / "away").rename(shared.index)
    changed(shared, 8)
    answers(one, "8. uge")


@pytest.mark.parametrize("shared", ["vectors in the index"], indirect=True)
def test_a_network_drive_that_hangs_keeps_no_question_waiting(
    shared: Settings, replica: Callable[[str], Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replica("one")
    one.ask(ASKED)
    looked, comes_back = threading.Event(), threading.Event()

    def hangs(_: Path) -> str | None:
        looked.set()
        assert comes_back.wait(60)
        return None

    monkeypatch.setattr(copies, "_standing", hangs)
    for _ in range(100):
        assert "4. uge" in one.ask(ASKED).text
        if looked.is_set():
            break
        time.sleep(0.05)
    assert looked.is_set() and "4. uge" in one.ask(ASKED).text
    comes_back.set()


def test_a_copy_that_is_not_as_it_was_written_is_made_again_and_a_broken_original_is_refused(
    shared: Settings, replica: Callable[[str], Assistant], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = replica("one")
    one.ask(ASKED)
    one.close()
    with (generations.path_of(tmp_path / "one", "000001") / generations.LIBRARY).open("ab") as file:
        file.write(b"\0")
    assert "4. uge" in replica("one").ask(ASKED).text
    caplog.clear()
    changed(shared, 8)
    with (generations.path_of(shared.index, "000002") / generations.LIBRARY).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(IndexCopyError, match="not as it was written"):
        replica("without a copy").ask(ASKED)
    with caplog.at_level(logging.WARNING, copies.__name__):
        for _ in range(100):
            assert "4. uge" in one.ask(ASKED).text
            if caplog.records:
                break
            time.sleep(0.05)
    assert "still answers" in caplog.text
    assert generations.current(tmp_path / "one") == "000001"


def test_an_index_built_anew_is_not_taken_for_the_copy_of_the_same_name(
    shared: Settings, replica: Callable[[str], Assistant]
) -> None:
    replica("one").ask(ASKED)
    shutil.rmtree(shared.index)
    changed(shared, 8)
    assert generations.current(shared.index) == "000001"
    assert "8. uge" in replica("one").ask(ASKED).text


def test_whoever_cannot_write_the_index_is_told_who_can(shared: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(generations.FileLock, "acquire", refused)
    with pytest.raises(IndexNotWrittenError, match="index on a machine that can"):
        build(shared)


def collections(server: ChromaServer, settings: Settings) -> list[str]:
    there = chromadb.HttpClient(host="127.0.0.1", port=server.port)
    return sorted(one.name for one in there.list_collections() if generations.identity(settings.index) in one.name)


@pytest.mark.parametrize("shared", ["vectors on a server"], indirect=True)
def test_what_a_killed_build_left_on_the_server_is_not_taken_for_vectors(
    shared: Settings, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "_READ_ON", 0.0)
    name = f"assistant-{generations.identity(shared.index)}-000002"
    left = chromadb.HttpClient(host="127.0.0.1", port=server.port).create_collection(name, embedding_function=None)
    dimensions = 8  # of another model, and under the number of a sentence
    left.add(ids=["s3"], embeddings=np.ones((1, dimensions), np.float32), metadatas=[{"path": "a.txt"}])
    changed(shared, 8)
    assistant = Assistant(shared)
    assert "8. uge" in assistant.ask(ASKED).text
    assistant.close()
    for weeks in (3, 5):
        changed(shared, weeks)
    assert [one[-6:] for one in collections(server, shared)] == ["000003", "000004"], "older ones are gone there too"


@pytest.mark.parametrize("shared", ["vectors on a server"], indirect=True)
def test_check_tells_a_server_that_is_away_from_vectors_that_are_gone_and_mends_these(
    shared: Settings, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["check", "--index", str(shared.index), *arguments])
        if isinstance(done.exception, VectorServerError):  # which the command's own frame says, with status 2
            return 2, str(done.exception)
        return done.exit_code, done.output

    monkeypatch.setenv("ASSISTANT_CHROMA_URL", server.url)
    assert told()[0] == 0
    server.stop()
    assert told()[0] == 2
    assert "chroma run" in told()[1]
    server.start()
    assert told()[0] == 0, "its data are still there"
    client = chromadb.HttpClient(host="127.0.0.1", port=server.port)
    for name in collections(server, shared):
        client.delete_collection(name)
    status, said = told()
    assert (status, "assistant check --mend" in said) == (1, True), said
    with pytest.raises(IndexDamagedError, match="not on the Chroma server"):
        open_index(shared)
    assert (told("--mend")[0], told()[0]) == (0, 0)
    assistant = Assistant(shared)
    assert "4. uge" in assistant.ask(ASKED).text
    server.stop()
    with pytest.raises(VectorServerError, match="chroma run"):
        assistant.ask("Hvor ofte gives Bruxamin til voksne?")
    server.start()
    assert "hver dag" in assistant.ask("Hvor ofte gives Bruxamin til voksne?").text, "the same assistant goes on"
    assistant.close()


@pytest.mark.parametrize("shared", ["vectors in the index"], indirect=True)
def test_an_index_that_was_built_without_the_server_says_so(shared: Settings, server: ChromaServer) -> None:
    with pytest.raises(IndexDamagedError, match=r"not on the Chroma server at .*assistant index --rebuild"):
        open_index(shared.model_copy(update={"chroma_url": server.url}))
    assert not (shared.index / "ID").exists(), "whoever reads writes nothing there"
