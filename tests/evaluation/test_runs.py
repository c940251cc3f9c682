"""A run that is kept comes back as it was; what is no run is named and left alone."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scripted import LEAFLET, Scripted, answer, cite

from assistant.errors import RunNotKeptError
from assistant.evaluation import runs
from assistant.evaluation.command import Options
from assistant.evaluation.command import run as run_command
from assistant.evaluation.kept import Run
from assistant.evaluation.question_set import load
from assistant.evaluation.runner import run_set
from assistant.settings import Settings

SET = """
corpus: corpus
thresholds: {right: 0.9}
questions:
  - {id: dose, language: da, kind: dose, question: "Hvilken dosis?", facts: [["2,5 mg", "halvtreds"]], forbid: ["5 mg"],
     evidence: [{document: veltoral.da.txt, quote: "2,5 mg to gange dagligt"}]}
  - {id: børn, language: da, kind: dose, question: "Må børn få det?", facts: [["ikke"]],
     evidence: [{document: veltoral.da.txt, quote: "må ikke gives til børn"}]}
  - {id: price, language: nl, kind: blank, question: "Wat kost het?", abstain: true}
"""
ANSWERS = {
    "Hvilken dosis?": answer("5 mg om dagen.", cite(1, LEAFLET, "må ikke gives")),
    "Må børn få det?": answer("Det må ikke gives til børn.", cite(1, LEAFLET, "må ikke gives til børn")),
    "Wat kost het?": answer("Dat staat er niet.", abstained=True),
}
NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "veltoral.yaml").write_text(SET, "utf-8")
    report = run_set(Scripted(ANSWERS), load(tmp_path / "veltoral.yaml"))
    settings = Settings(llm_api_key="secret")
    return runs.run_of(
        report, corpus=tmp_path / "corpus", documents=2, generation="000003", settings=settings, when=NOON
    )


def test_a_kept_run_comes_back_with_its_scores_groups_and_failures(tmp_path: Path, run: Run) -> None:
    file = runs.keep(tmp_path, run)
    assert file.name == "2026-03-01T120005Z-veltoral.json"
    (read,) = runs.read(tmp_path).runs
    assert read == run
    assert (read.set, read.generation, read.documents, read.questions) == ("veltoral.yaml", "000003", 2, 3)
    assert read.scores["right"].value == 0.5
    assert read.by_kind["blank"].scores["abstained right"].value == 1
    assert read.by_language["nl"].scores["right"].value is None
    assert [(m.figure, m.value, m.bound, m.at_least) for m in read.missed] == [("right", 0.5, 0.9, True)]
    (failure,) = read.failed
    assert (failure.question, failure.answer) == ("Hvilken dosis?", "5 mg om dagen.")
    assert failure.facts[0].alternatives == ("2,5 mg", "halvtreds")
    assert not failure.facts[0].said
    assert failure.forbidden == ("5 mg",)
    assert [(e.document, e.quote) for e in failure.evidence] == [("veltoral.da.txt", "2,5 mg to gange dagligt")]
    assert not failure.citations[0].expected
    assert "secret" not in file.read_text("utf-8")


def test_what_is_no_run_is_named_and_the_rest_is_read(tmp_path: Path, run: Run) -> None:
    whole = runs.keep(tmp_path, run).read_text("utf-8")
    (tmp_path / "half.json").write_text(whole[:200], "utf-8")
    (tmp_path / "other.json").write_text('{"name": "something else"}', "utf-8")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "list.json").write_text("[" * 5000, "utf-8")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "negative.json").write_text(
        json.dumps(json.loads(whole) | {"scores": {"right": {"part": -1, "whole": 0}}}), "utf-8"
    )
    (tmp_path / "notes.txt").write_text("no run, and none of ours", "utf-8")
    found = runs.read(tmp_path)
    assert found.runs == (run,)
    assert {one.name for one in found.unread} == {
        *("half.json", "other.json", "bytes.json", "list.json", "folder.json", "negative.json")
    }
    assert all(one.reason for one in found.unread)


def test_runs_stand_by_set_the_oldest_first_and_no_folder_is_no_runs(tmp_path: Path, run: Run) -> None:
    assert runs.read(tmp_path / "nowhere") == runs.Runs(())
    later = run.model_copy(update={"when": NOON.replace(hour=13)})
    other = run.model_copy(update={"set": "other.yaml"})
    for one in (later, other, run, run):
        runs.keep(tmp_path, one)
    by_set = runs.read(tmp_path).by_set()
    assert [name for name, _ in by_set] == ["other.yaml", "veltoral.yaml"]
    assert by_set["veltoral.yaml", run.corpus] == (run, run, later)


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("ASSISTANT_EVAL_RUNS", str(tmp_path / "file"))
    with pytest.raises(RunNotKeptError, match="ASSISTANT_EVAL_RUNS"):
        run_command([tmp_path / "not-even-read.yaml"], Options())


def test_the_command_keeps_each_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_EVAL_RUNS", str(tmp_path / "runs"))
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / LEAFLET.id).write_text(LEAFLET.text, "utf-8")
    (tmp_path / "veltoral.yaml").write_text(SET, "utf-8")
    run_command([tmp_path / "veltoral.yaml"], Options())
    (kept,) = runs.read(tmp_path / "runs").runs
    assert (kept.set, kept.documents, kept.questions) == ("veltoral.yaml", 1, 3)
    assert kept.generation
    assert kept.settings["abstain_below"] == 0.5
