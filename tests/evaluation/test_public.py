"""Public sets are read as sets of our own, and stress sets come out of any documents, the same by the same seed."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from scripted import answer

from assistant.engine import Assistant
from assistant.errors import QuestionSetError
from assistant.evaluation import stress
from assistant.evaluation.make import make
from assistant.evaluation.metrics import judge
from assistant.evaluation.public import from_beir, from_squad
from assistant.evaluation.question_set import load
from assistant.evaluation.rows import row_of
from assistant.evaluation.runner import run_set

CONTEXT = "Veltoral gives to gange dagligt. Den sædvanlige dosis er 40 mg."
TEXT = """# Veltoral

Den anbefalede dosis af Veltoral til voksne patienter er 40 mg om morgenen. Tabletten synkes hel med et glas vand.

Virkningen af Veltoral vurderes efter 12 uger hos lægen. Behandlingen med Veltoral koster samfundet 812 kr.
"""


def squad(folder: Path) -> Path:
    asked = {
        "id": "1",
        "question": "Hvor ofte gives Veltoral?",
        "answers": [{"text": "to gange dagligt", "answer_start": 15}],
    }
    impossible = {"id": "2", "question": "Hvad koster Veltoral?", "answers": [], "is_impossible": True}
    path = folder / "squad.json"
    data = {"data": [{"title": "V", "paragraphs": [{"context": CONTEXT, "qas": [asked, impossible]}]}]}
    path.write_text(json.dumps(data), "utf-8")
    return path


def test_a_squad_like_file_becomes_questions_over_its_contexts(tmp_path: Path) -> None:
    found = from_squad(squad(tmp_path), tmp_path / "corpus")
    first, second = found.questions
    assert (first.language, first.golds) == ("da", ("to gange dagligt",))
    place = first.evidence[0]
    assert (
        place.span and (tmp_path / "corpus" / place.document).read_text("utf-8")[slice(*place.span)] == first.golds[0]
    )
    assert second.abstain
    silent = row_of(judge(second, answer("Det står der ikke.", abstained=True), {}, lambda id_: None)).parts
    wrong = row_of(judge(first, answer("Det står der ikke.", abstained=True), {}, lambda id_: None)).parts
    assert (silent["SQuAD exact"], wrong["SQuAD exact"]) == ((1, 1), (0, 1))
    assert len(from_squad(squad(tmp_path), tmp_path / "few", most=1).questions) == 1


def test_a_beir_like_folder_measures_the_search(
    tmp_path: Path, assistant_over: Callable[[dict[str, str]], Assistant]
) -> None:
    (tmp_path / "qrels").mkdir()
    rows = [
        {"_id": "d1", "title": "Veltoral", "text": CONTEXT},
        {"_id": "d2", "title": "Bruxamin", "text": "En salve."},
    ]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "queries.jsonl").write_text(
        json.dumps({"_id": "q", "text": "Hvor ofte gives Veltoral?"}) + "\n", "utf-8"
    )
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\td1\t1\nq\td2\t0\n", "utf-8")
    found = from_beir(tmp_path, tmp_path / "documents")
    files = {file.name: file.read_text("utf-8") for file in (tmp_path / "documents").iterdir()}
    (row,) = run_set(assistant_over(files), found).rows()
    assert row.parts["recall@1"] == row.parts["nDCG@10"] == (1, 1)
    assert "fact recall" not in row.parts


@pytest.mark.parametrize("load_from", [from_squad, from_beir])
def test_what_is_no_public_set_is_said(tmp_path: Path, load_from: Callable[..., object]) -> None:
    with pytest.raises(QuestionSetError, match="like"):
        load_from(tmp_path / "none", tmp_path / "corpus")


def test_sets_are_made_from_documents_and_the_same_by_the_same_seed(
    tmp_path: Path, assistant_over: Callable[[dict[str, str]], Assistant]
) -> None:
    assistant = assistant_over({"veltoral.da.md": TEXT})
    made = make(assistant, tmp_path / "one", seed=3)
    make(assistant, tmp_path / "two", seed=3)
    assert [path.name for path in made] == ["stress.yaml", "changed.yaml", "removed.yaml"]
    for path in made:
        assert path.read_text("utf-8") == (tmp_path / "two" / path.name).read_text("utf-8")
    plain, changed, removed = (load(path) for path in made)
    kinds = {question.kind for question in plain.questions}
    assert {"plain", "typo", "diacritics", "paraphrase", "foreign-words", "unknown-name"} <= kinds
    assert all(question.abstain == (question.kind == "unknown-name") for question in plain.questions)
    report = run_set(assistant, plain)
    assert not report.stale  # every piece of evidence stands in its document
    right = [row.right for row in report.rows() if row.kind == "plain"]
    assert sum(map(bool, right)) > len(right) / 2  # the assistant need not be sure of a sentence with a gap in it
    assert changed.corpus and removed.corpus
    other, less = ((one / "veltoral.da.md").read_text("utf-8") for one in (changed.corpus, removed.corpus))
    assert "40 mg" not in other and all(one.evidence[0].quote in " ".join(other.split()) for one in changed.questions)
    assert "40 mg" not in less and "synkes hel" in less and all(one.abstain for one in removed.questions)


def test_a_typo_spares_names_and_figures_and_diacritics_go() -> None:
    drawn = random.Random(1)
    for _ in range(20):
        typed = stress.with_typo("Hvilken dosis Veltoral 40 mg?", drawn, ["Veltoral"])
        assert typed != "Hvilken dosis Veltoral 40 mg?" and "Veltoral 40 mg" in typed
        assert sorted(typed) == sorted("Hvilken dosis Veltoral 40 mg?")
    assert stress.without_diacritics("Hvornår må børn få één crème?") == "Hvornar ma born fa een creme?"
    assert stress.in_other_words("Hvor ofte gives det?", "da", drawn).startswith(("Hoe vaak gives", "How often gives"))


def test_an_invented_name_is_like_none_that_is_known() -> None:
    swapped = stress.entity_swapped("Hvad koster Veltoral?", ["Veltoral"], random.Random(2))
    assert swapped.startswith("Hvad koster ") and not swapped.casefold().removeprefix("hvad koster ").startswith("vel")
    assert stress.entity_swapped("Hvad koster det?", ["Veltoral"], random.Random(2)) == "Hvad koster det?"
