"""`assistant eval new`: what went wrong becomes a draft, what went right a question that is asked from then on."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from scripted import DOCUMENTS, LEAFLET, Scripted, answer, cite

from assistant.errors import QuestionSetError
from assistant.evaluation.new import added, found
from assistant.evaluation.question_set import load
from assistant.evaluation.runner import run_set
from assistant.records.answer_record import Asking, body_of
from assistant.records.feedback import Feedback, FeedbackStore
from assistant.records.log import AuditLog
from assistant.records.privacy import Privacy
from assistant.settings import Settings

ASKED = "Hvor meget Veltoral skal jeg have?"
RIGHT = dataclasses.replace(
    answer(
        "Veltoral gives som én tablet à 2,5 mg to gange dagligt.",
        cite(1, LEAFLET, "én tablet\nà 2,5 mg to gange dagligt."),
    ),
    question=ASKED,
)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_RECORDS_FOLDER", str(tmp_path / "records"))
    (tmp_path / "corpus").mkdir()
    for document in DOCUMENTS.values():
        (tmp_path / "corpus" / document.id).write_bytes(document.text.encode())
    path = tmp_path / "set.yaml"
    path.write_text(
        "corpus: corpus\nquestions:\n  - {id: a, language: da, kind: x, question: Hej, abstain: true}\n", "utf-8"
    )
    return path


def keep(verdict: str = "") -> None:
    settings = Settings()
    log, today = AuditLog.open(settings), date.today()
    body = body_of(RIGHT, Asking(ASKED), Scripted({}), {}, today, Privacy.of(settings))  # type: ignore[arg-type]
    log.append("ask", body=body, subject="a1", who="", door="cli")
    if verdict:
        store = FeedbackStore.open(settings)
        store.add(Feedback("a1", verdict, "wrong", "Dosis er\nhalveret", question=ASKED, answer=RIGHT.text))  # type: ignore[arg-type]
        store.close()
    log.close()


def test_a_thumb_down_becomes_a_draft_that_tells_what_was_said(corpus: Path) -> None:
    keep("down")
    text = found(None, None)
    assert "# What was said of the answer: wrong – Dosis er halveret\n" in text
    assert f"# It said: {RIGHT.text}\n" in text and f"# It cited {LEAFLET.id}: én tablet à 2,5 mg" in text
    (line,) = [line for line in added(corpus, text) if "draft" in line]
    after = load(corpus)
    assert len(after.drafts) == 1 and after.drafts[0] in line
    assert len(after.questions) == 1


def test_an_answer_nobody_complained_of_becomes_a_question_that_it_passes(corpus: Path) -> None:
    keep()
    added(corpus, found("a1", None))
    question_set = load(corpus)
    new = question_set.questions[1]
    assert (new.question, new.language, new.evidence[0].document) == (ASKED, "da", LEAFLET.id)
    report = run_set(Scripted({ASKED: RIGHT, "Hej": answer("Nej.", abstained=True)}), question_set)
    assert not report.failed() and not report.stale
    wrong = dataclasses.replace(RIGHT, statements=(dataclasses.replace(RIGHT.statements[0], text="Giv 5 mg."),))
    assert run_set(Scripted({ASKED: wrong, "Hej": answer("Nej.", abstained=True)}), question_set).failed()


def test_a_saved_conversation_becomes_questions_with_their_history(corpus: Path, tmp_path: Path) -> None:
    from assistant.web.ask.record import as_markdown
    from assistant.web.strings import strings

    second = dataclasses.replace(answer("Det siger dokumenterne ikke.", abstained=True), question="Og hvad koster det?")
    turns = [as_markdown(one, "", strings("da")) for one in (RIGHT, second)]
    chat = tmp_path / "chat.md"
    chat.write_text("# Assistent\n\n1.3.2026\n\n" + "\n".join(turns), "utf-8")
    added(corpus, found(None, chat))
    _, first, follow_up = load(corpus).questions
    assert first.evidence[0].quote == "én tablet à 2,5 mg to gange dagligt."
    assert follow_up.abstain and follow_up.history == ((ASKED, RIGHT.text),)


def test_a_set_that_would_not_be_one_any_more_stays_as_it_is(corpus: Path) -> None:
    keep()
    text = found("a1", None)
    added(corpus, text)
    before = corpus.read_bytes()
    with pytest.raises(QuestionSetError, match=r"used twice.*Nothing was added"):
        added(corpus, text)
    assert corpus.read_bytes() == before
    assert sorted(file.name for file in corpus.parent.iterdir()) == ["corpus", "records", "set.yaml"]


def test_an_unknown_answer_is_named(corpus: Path) -> None:
    keep()
    with pytest.raises(QuestionSetError, match=r"a2.*no answer of that id"):
        found("a2", None)
    with pytest.raises(QuestionSetError, match="no thumb down"):
        found(None, None)
