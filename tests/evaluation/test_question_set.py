from pathlib import Path

import pytest

from assistant.errors import QuestionSetError
from assistant.evaluation.question_set import load

GOOD = """\
corpus: .
thresholds: {right: 0.5, words per answer: 80}
questions:
  - id: a
    language: da
    kind: dose
    question: Hvor meget?
    history: [["Hvad er Veltoral?", "En tablet."]]
    facts: [["2,5 mg"], "to gange"]
    evidence: [{document: veltoral.da.txt, quote: "to gange dagligt"}]
  - {id: b, language: nl, kind: chat, question: "Hoi", abstain: true}
"""


def write(folder: Path, text: str, name: str = "set.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_set_is_read_whole(tmp_path: Path) -> None:
    question_set = load(write(tmp_path, GOOD))
    first, second = question_set.questions
    assert (first.id, first.history, len(first.facts)) == ("a", (("Hvad er Veltoral?", "En tablet."),), 2)
    assert second.abstain and not second.facts
    assert question_set.corpus == tmp_path.resolve()
    assert question_set.thresholds == {"right": 0.5, "words per answer": 80.0}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: b", "id: a", "used twice"),
        ("language: da", "language: de", "'de' is not one of"),
        ("kind: dose", "sort: dose", "line 4, question a: unknown key 'sort'"),
        ("question: Hvor meget?", "question: ''", "it has no question"),
        ("right: 0.5", "correct: 0.5", "unknown score 'correct'"),
        ('"to gange"]', '"re:("]', "no regular expression"),
        ("abstain: true", "abstain: false", "needs facts and evidence"),
        ('quote: "to gange dagligt"', "page: 3", "evidence must be"),
        ('question: "Hoi", ', 'question: "Hoi", facts: [["x"]], ', "yet expects an answer"),
        ("corpus: .", "corpus: nowhere", "no folder nowhere"),
        ("corpus: .", "corpus: [", "it is not YAML"),
        ('"2,5 mg"', "no", "put it in quotes"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(QuestionSetError) as caught:
        load(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_json_lines_hold_regular_expressions(tmp_path: Path) -> None:
    row = (
        '{"id": "a", "lang": "da", "kind": "direct", "question": "?", "history": [["q", "a"]], '
        '"expect": [["2[.,]5\\\\s*mg"]], "forbid": [], "cite": [{"doc": "d.txt", "start": 3, "end": 9}], '
        '"abstain": false, "conflict": true}\n'
    )
    (question,) = load(write(tmp_path, row, "set.jsonl")).questions
    assert question.facts[0][0].search("Tag 2.5 MG")
    assert question.evidence[0].span == (3, 9)
    assert question.conflict


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="line 2"):
        load(write(tmp_path, '\n{"id": "a"}\n', "set.jsonl"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="cannot be read"):
        load(tmp_path / "none.yaml")
