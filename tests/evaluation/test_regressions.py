"""The gate catches planted regressions, over the real assistant, and names what they are."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant import engine
from assistant.documents.model import Document
from assistant.documents.read import read_document
from assistant.engine import Assistant
from assistant.evaluation import gate
from assistant.evaluation.command import measure
from assistant.evaluation.kept import Run
from assistant.evaluation.question_set import Question, QuestionSet, load
from assistant.evaluation.report import Report
from assistant.retrieval.embedding import load_embedder
from assistant.retrieval.late_interaction import WordSpace
from assistant.settings import Settings

ROOT = Path(__file__).parents[2]
DECISION = "veltoral-tilskud.da.txt"
CROSSED = (  # a Danish text, and an English question that it answers
    ("Hunden sover i kurven ved siden af døren.", "Where does the dog sleep?"),
    ("Cyklen står i skuret bag huset.", "Where is the bicycle kept?"),
    ("Hesten æder hø og havre hver morgen.", "What does the horse eat?"),
    ("Skibet sejler fra havnen ved solnedgang.", "When does the ship leave the harbour?"),
    ("Læreren læser højt for eleverne om fredagen.", "On which day does the teacher read aloud?"),
    ("Kirken blev bygget af røde mursten.", "What was the church built of?"),
    ("Bageren sælger brød og kager på torvet.", "What does the baker sell?"),
    ("Vinduet vender mod nord og har to ruder.", "Which way does the window face?"),
    ("Floden løber gennem skoven til havet.", "Where does the river flow?"),
    ("Bedstefar spiller violin i orkestret.", "Which instrument does grandfather play?"),
    ("Sneen faldt hele natten i bjergene.", "What fell in the mountains all night?"),
    ("Toget kører til hovedstaden om aftenen.", "Where does the train go?"),
    ("Kongen bar en krone af guld.", "What was the king's crown made of?"),
    ("Børnene plukker jordbær i haven om sommeren.", "What do the children pick in the garden?"),
)
Measure = Callable[..., tuple[Report, Run]]


@pytest.fixture(scope="module")
def question_set() -> QuestionSet:
    """Of a set, what the regressions below concern: questions to abstain from, and those about one document."""
    whole = load(ROOT / "evals" / "veltoral.yaml")
    return dataclasses.replace(whole, questions=tuple(one for one in whole.questions if one.abstain or _is_about(one)))


def _is_about(question: Question) -> bool:
    return any(evidence.document == DECISION for evidence in question.evidence)


@pytest.fixture(scope="module")
def before(veltoral: Assistant, question_set: QuestionSet) -> Run:
    return measure(veltoral, question_set)[1]


@pytest.fixture
def measured(veltoral: Assistant, question_set: QuestionSet, tmp_path: Path) -> Measure:
    """Measures some of the questions again, with other settings or documents; the index is taken over where it can be."""

    def again(which: Callable[[Question], bool], **changed: object) -> tuple[Report, Run]:
        index = veltoral.settings.index
        if "corpus" in changed:
            index = tmp_path / "index"
        other = Assistant(veltoral.settings.model_copy(update={"index": index, **changed}))
        other.index()
        asked = dataclasses.replace(question_set, questions=tuple(filter(which, question_set.questions)))
        try:
            return measure(other, asked)
        finally:
            other.close()

    return again


def test_a_lowered_threshold_is_caught_and_named(before: Run, measured: Measure) -> None:
    _, after = measured(lambda question: question.abstain, abstain_below=0.0)
    failures = gate.failures(before, after)
    (drop,) = [line for line in failures if line.startswith("abstention recall dropped")]
    silent = [row.id for row in before.rows if row.should_abstain]
    assert any(id_ in drop for id_ in silent)
    assert "changed: setting abstain_below: was 0.5, is 0.0" in failures


def test_an_embedding_swapped_for_noise_is_caught_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over texts in another language than the questions, where words alone find nothing."""
    from safetensors.numpy import load_file, save_file

    questions = _in_another_language(tmp_path)
    noise = tmp_path / "noise"
    shutil.copytree(ROOT / "assistant" / "models" / "static-da-nl-en", noise)
    (weights,) = noise.rglob("model.safetensors")
    drawn = np.random.default_rng(1)
    tables = {name: drawn.normal(size=table.shape).astype(np.float32) for name, table in load_file(weights).items()}
    save_file(tables, weights)

    def measured_with(model: str) -> Run:
        made = Assistant(
            Settings(corpus=tmp_path / "corpus", index=tmp_path / f"index-{Path(model).name}", embedding_model=model)
        )
        made.index()
        try:
            return measure(made, questions)[1]
        finally:
            made.close()

    before = measured_with("default")
    assert gate.failures(before, before) == []
    monkeypatch.setattr(engine, "word_space", lambda settings: WordSpace(load_embedder(settings)))
    failures = gate.failures(before, measured_with(str(noise)))
    assert any(line.startswith("nDCG@10 dropped") for line in failures), failures
    assert any(line.startswith("changed: embedding model: was ") and "noise" in line for line in failures)


def _in_another_language(folder: Path) -> QuestionSet:
    (folder / "corpus").mkdir()
    rows = []
    for n, (text, question) in enumerate(CROSSED):
        (folder / "corpus" / f"text-{n:02d}.da.txt").write_text(f"{text}\n", "utf-8")
        evidence = f'[{{document: text-{n:02d}.da.txt, quote: "{text}"}}]'
        rows.append(
            f'  - {{id: q{n:02d}, language: en, kind: x, question: "{question}", facts: [[x]], evidence: {evidence}}}'
        )
    (folder / "crossed.yaml").write_text("corpus: corpus\nquestions:\n" + "\n".join(rows) + "\n", "utf-8")
    return load(folder / "crossed.yaml")


def test_a_reader_that_drops_minus_signs_is_caught_and_named(
    before: Run, measured: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Careless:
        def __init__(self, **_: object) -> None: ...

        def read(self, path: Path, root: Path, *, max_file_mb: float = 50.0) -> Document:
            document = read_document(path, root, max_file_mb=max_file_mb)
            return dataclasses.replace(document, text=document.text.replace("−", ""))

    monkeypatch.setattr(engine, "Apart", Careless)
    report, after = measured(_is_signed, corpus=_copied(tmp_path))
    (stale,) = [line for line in report.failures({}) if "−4,1.3 anfald" in line]
    assert f"not in {DECISION}" in stale and "nearest is 'Forskellen var 4,1.3 anfald pr. måned.'" in stale
    told = f"changed: the text read from {DECISION} is another, though the file is the same: the reader changed"
    assert told in gate.failures(before, after)


def test_a_missing_document_is_caught_and_named(before: Run, measured: Measure, tmp_path: Path) -> None:
    corpus = _copied(tmp_path)
    (corpus / DECISION).unlink()
    report, after = measured(_is_about, corpus=corpus)
    failures = gate.failures(before, after)
    assert f"changed: the document {DECISION} is missing" in failures
    assert any(line.startswith("right dropped") for line in failures)
    assert any(f"the document {DECISION} is missing; put it back" in line for line in report.failures({}))


def test_the_same_again_passes(before: Run) -> None:
    assert gate.failures(before, before) == []


def _is_signed(question: Question) -> bool:
    return any("−" in evidence.quote for evidence in question.evidence)


def _copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests" / "data" / "veltoral", tmp_path / "corpus"))
