"""An index is whole or absent; re-indexing touches what changed; a damaged or foreign one is refused with the remedy."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.documents.read import content_hash, corpus_files, read_document
from assistant.documents.segment import segment
from assistant.errors import (
    CorpusMissingError,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    ModelMismatchError,
)
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.index import generations, opening
from assistant.retrieval.index.changes import Pipeline
from assistant.retrieval.index.indexing import IndexReport, build_index, mend
from assistant.retrieval.index.opening import open_index
from assistant.retrieval.index.status import status
from assistant.retrieval.lexical import stems
from assistant.settings import Settings


class HashedWords(Embedder):
    """A real, small embedding: each word adds to a place that its letters choose."""

    def __init__(self, name: str = "hashed") -> None:
        super().__init__("hashed", name)
        self.encoded: list[str] = []

    @property
    def dimensions(self) -> int:
        return 64

    def _encode(self, texts: Sequence[str], are_questions: bool) -> npt.NDArray[np.float32]:
        self.encoded += texts
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[sum(ord(c) * (i + 1) for i, c in enumerate(word)) % 64] += 1
            row /= np.linalg.norm(row) or 1
        return rows


PIPELINE = Pipeline(corpus_files, content_hash, lambda path, root: read_document(path, root), segment, "1")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(opening, "model_name", lambda _: "hashed")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Veltoral gives hver dag til voksne.\n\nDet må ikke gives til børn.\n", "utf-8")
    (corpus / "b.txt").write_text("Bruxamin wordt elke week gegeven aan volwassenen.\n", "utf-8")
    return Settings(corpus=corpus, index=tmp_path / "index")


def build(settings: Settings, embedder: Embedder | None = None, **more: bool) -> IndexReport:
    return build_index(settings, PIPELINE, embedder or HashedWords(), **more)


def test_what_is_indexed_can_be_found_in_both_ways(settings: Settings) -> None:
    report = build(settings)
    assert (report.documents, report.added) == (2, ("a.txt", "b.txt"))
    opened = open_index(settings)
    (hit, *_) = opened.library.search_sentences(stems("børn", "da"), "da", 5)
    assert "børn" in opened.library.passages([opened.library.passages_of_sentences([hit[0]])[hit[0]]])[0].passage.text
    vector = HashedWords().encode_questions(["Bruxamin wordt elke week gegeven aan volwassenen."])[0]
    (near, *_) = opened.vectors.nearest(vector, 3)
    assert near.score == pytest.approx(1, abs=1e-3)
    assert opened.vectors.nearest(vector, 3, language="da")[0].score < 0.9
    assert opened.vectors.nearest(vector, 3, document_ids=["a.txt"])[0].score < 0.9
    assert opened.vectors.nearest(vector, 3, document_ids=[]) == []
    opened.close()


def test_spans_and_texts_come_back_as_they_were(settings: Settings) -> None:
    build(settings)
    opened = open_index(settings)
    for path in corpus_files(settings.corpus):
        document = read_document(path, settings.corpus)
        assert opened.library.document(document.id) == document
        assert [s.passage for s in opened.library.passages_of(document.id)] == segment(document)
    opened.close()


def test_an_unchanged_corpus_is_left_alone(settings: Settings) -> None:
    first = build(settings)
    embedder = HashedWords()
    second = build(settings, embedder)
    assert second.nothing_to_do
    assert second.generation == first.generation
    assert embedder.encoded == []


def test_only_what_changed_is_encoded_again(settings: Settings) -> None:
    build(settings)
    (settings.corpus / "a.txt").write_text("Veltoral gives hver uge til voksne.\n", "utf-8")
    (settings.corpus / "c.txt").write_text("Nyt middel mod gigt.\n", "utf-8")
    (settings.corpus / "b.txt").unlink()
    embedder = HashedWords()
    report = build(settings, embedder)
    assert (report.added, report.changed, report.removed) == (("c.txt",), ("a.txt",), ("b.txt",))
    assert not any("Bruxamin" in text for text in embedder.encoded)
    opened = open_index(settings)
    assert [record.id for record in opened.library.documents()] == ["a.txt", "c.txt"]
    assert opened.library.search_sentences(stems("bruxamin", "nl"), "nl", 5) == []
    assert opened.library.document_frequency(stems("dag", "da")[0], "da") == 0
    opened.close()


def test_a_changed_sidecar_is_a_change(settings: Settings) -> None:
    build(settings)
    (settings.corpus / "a.txt.meta.yaml").write_text("title: Ny titel\n", "utf-8")
    assert build(settings).changed == ("a.txt",)


def test_another_way_of_cutting_reads_everything_again(settings: Settings) -> None:
    build(settings)
    newer = Pipeline(corpus_files, content_hash, PIPELINE.read, segment, "2")
    assert build_index(settings, newer, HashedWords()).changed == ("a.txt", "b.txt")


def test_a_file_that_cannot_be_read_is_named_and_its_earlier_version_stays(settings: Settings) -> None:
    build(settings)
    (settings.corpus / "a.txt").write_bytes(b"Veltoral \xff\xfe\x00")
    (settings.corpus / "bad.txt").write_bytes(b"")
    (settings.corpus / "c.txt").write_text("Nyt middel mod gigt.\n", "utf-8")
    report = build(settings)
    assert {path for path, _ in report.failures} == {"a.txt", "bad.txt"}
    assert report.kept == ("a.txt",)
    assert report.added == ("c.txt",)
    opened = open_index(settings)
    assert "hver dag" in opened.library.document("a.txt").text
    opened.close()


def test_a_missing_corpus_takes_nothing_away(settings: Settings) -> None:
    build(settings)
    shutil.rmtree(settings.corpus)
    with pytest.raises(CorpusMissingError):
        build(settings)
    assert open_index(settings).library.counts()[0] == 2


def test_an_empty_corpus_says_what_to_do(settings: Settings) -> None:
    for path in settings.corpus.iterdir():
        path.unlink()
    with pytest.raises(CorpusMissingError, match=r"Put \.txt"):
        build(settings)


def test_another_model_is_refused_with_the_command_that_mends_it(settings: Settings) -> None:
    build(settings)
    with pytest.raises(ModelMismatchError, match="assistant index --rebuild"):
        build(settings, HashedWords("other"))
    assert build(settings, HashedWords("other"), rebuild=True).model == "other"
    with pytest.raises(ModelMismatchError, match="assistant index --rebuild"):
        open_index(settings)


def test_no_index_says_how_to_build_one(settings: Settings) -> None:
    with pytest.raises(IndexMissingError, match="assistant index"):
        open_index(settings)
    with pytest.raises(IndexMissingError, match="assistant index"):
        status(settings, PIPELINE)


def test_a_second_writer_is_turned_away(settings: Settings) -> None:
    with generations.writer(settings.index), pytest.raises(IndexLockedError, match="Wait"):
        build(settings)


@pytest.mark.parametrize("damage", ["library gone", "library broken", "vectors gone", "vectors short"])
def test_a_damaged_index_is_refused_and_rebuilt(settings: Settings, damage: str) -> None:
    report = build(settings)
    place = generations.path_of(settings.index, report.generation)
    if damage == "library gone":
        (place / "library.sqlite").unlink()
    elif damage == "library broken":
        (place / "library.sqlite").write_bytes(b"\x00" * 5000)
    elif damage == "vectors gone":
        shutil.rmtree(place / "chroma")
    else:
        opened = open_index(settings)
        opened.vectors.remove_document("a.txt")
        opened.close()
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        open_index(settings)
    build(settings, rebuild=True)
    assert open_index(settings).library.counts()[0] == 2


def test_nothing_is_built_on_damaged_texts(settings: Settings) -> None:
    place = generations.path_of(settings.index, build(settings).generation)
    content = (place / "library.sqlite").read_bytes()
    (place / "library.sqlite").write_bytes(content.replace(b"hver dag", b"hver uge"))  # SQLite would not notice
    (settings.corpus / "c.txt").write_text("Nyt middel mod gigt.\n", "utf-8")
    for work in (lambda: build(settings), lambda: open_index(settings), lambda: mend(settings, HashedWords())):
        with pytest.raises(IndexDamagedError, match=f"--rebuild --index {settings.index}$"):
            work()


def test_vectors_are_made_again_from_the_texts(settings: Settings) -> None:
    report = build(settings)
    shutil.rmtree(generations.path_of(settings.index, report.generation) / "chroma")
    shutil.rmtree(settings.corpus)
    mend(settings, HashedWords())
    assert open_index(settings).library.counts()[0] == 2


def test_an_error_in_the_middle_leaves_the_old_generation(settings: Settings) -> None:
    report = build(settings)
    (settings.corpus / "c.txt").write_text("Nyt middel mod gigt.\n", "utf-8")

    class Broken(HashedWords):
        def _encode(self, texts: Sequence[str], are_questions: bool) -> npt.NDArray[np.float32]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(settings, Broken())
    opened = open_index(settings)
    assert opened.generation == report.generation
    assert opened.library.counts()[0] == 2
    opened.close()
    assert build(settings).documents == 3
    assert not list((settings.index / "generations").glob(".building*"))


def written_anew(settings: Settings, number: int) -> None:
    (settings.corpus / "a.txt").write_text(f"Veltoral gives hver {number}. dag til voksne.\n", "utf-8")
    build(settings)


def test_old_generations_go_and_the_one_before_stays(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "_READ_ON", 0.0)
    for number in range(4):
        written_anew(settings, number)
    assert generations.standing(settings.index) == ["000003", "000004"]


def test_a_generation_that_was_replaced_just_now_stays_for_a_question_that_reads_it(settings: Settings) -> None:
    for number in range(3):
        written_anew(settings, number)
    assert generations.standing(settings.index) == ["000001", "000002", "000003"]
    for name in ("000002", "000003"):  # as if written long ago
        sums = generations.path_of(settings.index, name) / "SHA256"
        os.utime(sums, (sums.stat().st_atime, sums.stat().st_mtime - 3600))
    written_anew(settings, 9)
    assert generations.standing(settings.index) == ["000003", "000004"]


def test_status_says_what_stands_and_what_changed_since(settings: Settings) -> None:
    build(settings)
    (settings.corpus / "c.txt").write_text("Nyt middel mod gigt.\n", "utf-8")
    found = status(settings, PIPELINE)
    assert found.model == "hashed"
    assert [record.id for record in found.documents] == ["a.txt", "b.txt"]
    assert found.added == ("c.txt",)


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, str(Path(sys.argv[1]) / "tests" / "retrieval"))
from test_indexing import PIPELINE, HashedWords
from assistant.retrieval.index.indexing import build_index
from assistant.settings import Settings
print("ready", flush=True)
build_index(Settings(corpus=Path(sys.argv[2]), index=Path(sys.argv[3])), PIPELINE, HashedWords())
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process by signal")
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_the_old_generation_still_answers(settings: Settings, seed: int) -> None:
    first = build(settings)
    for number in range(40):
        text = f"Middel {number} gives hver {number + 2}. dag til voksne med gigt.\n\n" * 5
        (settings.corpus / f"n{number}.txt").write_text(text, "utf-8")
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(root), str(settings.corpus), str(settings.index)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(random.Random(seed).uniform(0, 1.5))
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    opened = open_index(settings)
    assert opened.library.counts()[0] in (2, 42)
    assert opened.generation >= first.generation
    opened.close()
    assert build(settings).documents == 42
    assert open_index(settings).library.counts()[0] == 42


def test_what_could_not_be_read_is_remembered_with_its_reason_until_it_can(settings: Settings) -> None:
    (settings.corpus / "bad.txt").write_bytes(b"")
    build(settings)
    [file] = status(settings, PIPELINE).unread
    assert (file.path, file.trouble) == ("bad.txt", "empty")
    assert "it is empty" in file.message
    (settings.corpus / "bad.txt").write_text("Nyt middel mod gigt.\n", "utf-8")
    build(settings)
    assert status(settings, PIPELINE).unread == ()
