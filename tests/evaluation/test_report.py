"""Runs over scripted answers: each figure counts what its name says, and agrees with the shared yardstick."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from scripted import DOCUMENTS, LEAFLET, OTHER, Scripted, answer, cite

from assistant.evaluation.question_set import load
from assistant.evaluation.report import Report
from assistant.evaluation.runner import run_set

YARDSTICK = Path(__file__).parents[3] / "shared" / "score.py"
DOSE = "én tablet\nà 2,5 mg to gange dagligt."
QUOTE = "Veltoral gives som én tablet à 2,5 mg to gange dagligt."
CITE = [{"doc": LEAFLET.id, "quote": QUOTE}]
ROWS = [
    {"id": "right", "kind": "dose", "expect": [["2,5\\s*mg"]], "cite": CITE},
    {"id": "wrong-place", "kind": "dose", "expect": [["2,5\\s*mg"]], "cite": CITE},
    {"id": "wrong-fact", "kind": "dose", "expect": [["2,5\\s*mg"]], "cite": CITE, "forbid": ["\\b5 mg"]},
    {"id": "second-citation", "kind": "dose", "expect": [["2,5"]], "cite": CITE},
    {"id": "silent", "kind": "dose", "expect": [["2,5\\s*mg"]], "cite": CITE},
    {"id": "conflict", "kind": "conflict", "expect": [["2,5"], ["\\b5 mg"]], "cite": CITE, "conflict": True},
    {"id": "conflict-missed", "kind": "conflict", "expect": [["2,5"]], "cite": CITE, "conflict": True},
    {"id": "false-conflict", "kind": "dose", "expect": [["2,5"]], "cite": CITE},
    {"id": "uncited", "kind": "dose", "expect": [["2,5"]], "cite": CITE},
    {"id": "abstained", "kind": "price", "abstain": True},
    {"id": "invented", "kind": "price", "abstain": True, "forbid": ["1[.]250"]},
]
ANSWERS = {
    "right": answer("Én tablet à 2,5 mg to gange dagligt.", cite(1, LEAFLET, DOSE)),
    "wrong-place": answer("2,5 mg.", cite(1, LEAFLET, "må ikke gives")),
    "wrong-fact": answer("Højst 5 mg, ikke 2,5 mg.", cite(1, LEAFLET, DOSE)),
    "second-citation": answer("2,5 mg.", cite(1, OTHER, "5 mg"), cite(2, LEAFLET, "2,5 mg")),
    "silent": answer("Det står der ikke om 2,5 mg.", abstained=True),
    "conflict": answer("2,5 mg; 5 mg.", cite(1, LEAFLET, DOSE), cite(2, OTHER, "5 mg"), conflict=True),
    "conflict-missed": answer("2,5 mg.", cite(1, LEAFLET, DOSE)),
    "false-conflict": answer("2,5 mg.", cite(1, LEAFLET, DOSE), conflict=True),
    "uncited": answer("2,5 mg."),
    "abstained": answer("Det siger dokumenterne ikke.", abstained=True),
    "invented": answer("1.250,00", cite(1, OTHER, "1.250,00")),
}


@pytest.fixture
def report(tmp_path: Path) -> Report:
    rows = [
        {"lang": "da", "question": row["id"], "forbid": [], "abstain": False, "conflict": False}
        | {"expect": [], "cite": []}
        | row
        for row in ROWS
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return run_set(Scripted(ANSWERS), load(path))


def test_each_score_counts_what_it_names(report: Report) -> None:
    assert {name: (score.part, score.whole) for name, score in report.scores().items()} == {
        "right": (5, 9),
        "fact right": (7, 9),
        "evidence cited": (6, 9),
        "first citation right": (5, 9),
        "citation precision": (6, 9),
        "spans exact": (10, 10),
        "statements cited": (7, 8),
        "abstained right": (1, 2),
        "conflicts shown": (1, 2),
        "words per answer": (35, 9),
    }
    assert report.counts() == {"false conflicts": 1, "forbidden claims": 2}


@pytest.mark.skipif(not YARDSTICK.exists(), reason="the shared yardstick score.py is not beside this checkout")
def test_the_scores_are_those_of_the_yardstick(report: Report, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    for document in DOCUMENTS.values():
        (documents / document.id).write_bytes(document.text.encode())
    answers = tmp_path / "answers.jsonl"
    answers.write_text(report.answers_jsonl(), "utf-8")
    command = [sys.executable, str(YARDSTICK), str(report.question_set.path), str(answers), str(documents)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    theirs = {
        "right" if name.startswith("right") else name: (int(part), int(whole))
        for name, part, whole in re.findall(r"^(\S.*?) [\d.]+ \((\d+)/(\d+)\)", printed, re.M)
    }
    ours = {name: (s.part, s.whole) for name, s in report.scores().items() if name != "words per answer"}
    assert theirs == ours
    assert f"false {report.counts()['false conflicts']}\n" in printed
    assert f"forbidden claims {report.counts()['forbidden claims']}\n" in printed
    words = report.scores()["words per answer"].value
    assert words is not None and f"words per answer {round(words, 1)}\n" in printed
    failed = dict(re.findall(r"^  (.+?): (.+)$", printed, re.M))
    assert {what: " ".join(ids) for what, ids in report.wrong().items()} == failed


def test_a_score_over_nothing_is_none_and_fails_its_threshold(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    row = {"id": "abstained", "lang": "da", "kind": "x", "question": "abstained", "abstain": True}
    path.write_text(json.dumps(row | {"expect": [], "cite": []}), "utf-8")
    report = run_set(Scripted(ANSWERS), load(path))
    assert report.scores()["right"].value is None
    assert report.failures({"abstained right": 1.0}) == []
    assert "nothing in this set measures it" in report.failures({"right": 0.5})[0]


def test_thresholds_bound_scores_from_below_and_counts_from_above(report: Report) -> None:
    assert report.failures({"right": 0.5, "false conflicts": 1, "words per answer": 4}) == []
    assert report.failures({"right": 0.6, "false conflicts": 0}) == [
        "right is 0.556, and must be at least 0.6",
        "false conflicts is 1.000, and must be at most 0",
    ]


def test_an_inexact_span_is_seen(tmp_path: Path, report: Report) -> None:
    from dataclasses import replace

    good = ANSWERS["right"]
    moved = replace(good, citations=(replace(good.citations[0], start=0),))
    again = run_set(Scripted(ANSWERS | {"right": moved}), report.question_set)
    assert again.scores()["spans exact"].part == 9
    assert again.wrong()["inexact span"] == ["right"]


def test_stale_evidence_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "set.yaml").write_text(
        "corpus: .\nquestions:\n  - {id: right, language: da, kind: dose, question: right, facts: [['2,5 mg']],\n"
        "     evidence: [{document: veltoral.da.txt, quote: Veltoral koster 3 kr.},"
        " {document: gone.txt, quote: x}]}\n",
        "utf-8",
    )
    report = run_set(Scripted(ANSWERS), load(tmp_path / "set.yaml"))
    assert [stale.document for stale in report.stale] == ["veltoral.da.txt", "gone.txt"]
    assert all(line.startswith("stale evidence: right") for line in report.failures())


def test_history_is_passed_on_and_progress_counts(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    row = {"id": "a", "lang": "da", "kind": "x", "question": "right", "history": [["q", "a"]], "abstain": True}
    path.write_text(json.dumps(row | {"expect": [], "cite": []}), "utf-8")
    assistant, seen = Scripted(ANSWERS), []
    run_set(assistant, load(path), progress=lambda done, total: seen.append((done, total)))
    assert assistant.heard == [("right", (("q", "a"),))]
    assert seen == [(1, 1)]


def test_the_table_is_plain_off_a_terminal_and_names_what_failed(report: Report) -> None:
    plain = report.table(show=True, terminal=False)
    assert "\x1b" not in plain
    assert re.search(r"^right +0\.556 +5/9$", plain.replace("\u00a0", " "), re.M)
    assert "answered the unanswerable: invented" in plain
    assert re.search(r"^dose +7 ", plain, re.M)
    assert "\x1b[" in report.table(terminal=True)
