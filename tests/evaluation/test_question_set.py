from pathlib import Path

import pytest

from assistant.answering.answer import Answer, Statement
from assistant.errors import QuestionSetError
from assistant.evaluation.metrics import met
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
        ("kind: dose", "sort: dose", "line 6, question a: unknown key 'sort'"),
        ("question: Hvor meget?", "question: ''", "it has no question"),
        ("right: 0.5", "correct: 0.5", "unknown score 'correct'"),
        ('"to gange"]', '"re:("]', "no regular expression"),
        ("abstain: true", "abstain: false", "needs facts and evidence"),
        ('quote: "to gange dagligt"', "page: 3", "evidence must be"),
        ('question: "Hoi", ', 'question: "Hoi", facts: [["x"]], ', "yet expects an answer"),
        ("corpus: .", "corpus: nowhere", "no folder nowhere"),
        ("corpus: .", "corpus: [", "it is not YAML"),
        ('"2,5 mg"', "no", "put it in quotes"),
        (
            "kind: dose",
            "kind: dose\n    language: nl",
            "line 7: the key 'language' stands twice (first on line 5)",
        ),
        ("facts:", "fact:", "line 9, question a: unknown key 'fact'; did you mean 'facts'?"),
        (
            "question: Hvor meget?",
            "question: Hvor: meget?",
            "line 7: it is not YAML (mapping values are not allowed here); a text with a colon",
        ),
        ('"2,5 mg"', "{value: mange}", "line 9, question a: 'mange' holds no figure"),
        ('"2,5 mg"', "{value: 2 mg, within: nær}", "is no tolerance"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(QuestionSetError) as caught:
        load(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path, GOOD.replace("corpus: .", "corpus: nowhere").replace("kind: dose", "sort: dose").replace("nl", "de")
    )
    with pytest.raises(QuestionSetError) as caught:
        load(path)
    lines = str(caught.value).splitlines()
    assert [line.removeprefix(f"{path}, ").partition(":")[0] for line in lines] == [
        "line 1",
        "line 6, question a",
        "line 11, question b",
    ]


def test_a_draft_is_named_and_not_asked(tmp_path: Path) -> None:
    question_set = load(write(tmp_path, GOOD.replace("abstain: true", "draft: true")))
    assert [question.id for question in question_set.questions] == ["a"]
    assert question_set.drafts == ("b",)


@pytest.mark.parametrize(
    ("stated", "language", "said", "is_met"),
    [
        ("{value: 60 mg}", "da", "Giv 0,06 g.", True),
        ("{value: 60 mg}", "da", "Giv 60 ml.", False),
        ("{value: 60 mg}", "da", "Giv −60 mg.", False),
        ("{value: '1.116 kr.'}", "en", "It costs 1.116 kr.", False),
        ("{value: '1.116,10 kr.'}", "en", "It costs 1,116.10 kr.", True),
        ("{value: 60 mg, within: 10 %}", "en", "Give 65 mg.", True),
        ("{value: 60 mg, within: 10 %}", "en", "Give 67 mg.", False),
        ("{value: '2,5 mg', within: '0,1 mg'}", "en", "Give 2.6 mg.", True),
        ("{value: 2 g, within: 1}", "en", "Give 2.9 g.", True),
        ("{value: 5 %, within: 1 %}", "en", "In 5.5 %.", True),  # percentage points
        ("{value: 5 %, within: 1 %}", "en", "In 6.5 %.", False),
    ],
)
def test_a_value_is_met_by_size_unit_and_sign(
    tmp_path: Path, stated: str, language: str, said: str, is_met: bool
) -> None:
    (question, *_) = load(write(tmp_path, GOOD.replace('"2,5 mg"', stated))).questions
    answer = Answer("?", said, False, language, statements=(Statement(said, ()),))
    assert met(question.facts[0], answer) == is_met


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
