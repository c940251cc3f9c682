"""Doors of the gate: the command, JUnit XML, what is kept between runs, comparing, and pytest."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from scripted import DOCUMENTS, LEAFLET, Scripted, answer, cite

from assistant.errors import RunMissingError, SettingsError
from assistant.evaluation import gate, runs
from assistant.evaluation.cache import Asked, Cache
from assistant.evaluation.command import Options, compare_settings, run, settings_of
from assistant.evaluation.junit import junit
from assistant.evaluation.question_set import load
from assistant.evaluation.runner import run_set
from assistant.evaluation.significance import changes, mcnemar
from assistant.settings import Settings

pytest_plugins = ["pytester"]
SET = """
corpus: corpus
thresholds: {right: 0.5}
questions:
  - {id: dose, language: da, kind: dose, question: "Hvor meget Veltoral?", facts: [["2,5 mg"]],
     evidence: [{document: veltoral.da.txt, quote: "2,5 mg to gange dagligt"}]}
  - {id: price, language: da, kind: blank, question: "Hvad koster <Veltoral>?", abstain: true}
"""
GOOD = answer("2,5 mg to gange dagligt.", cite(1, LEAFLET, "2,5 mg to gange dagligt."))
SILENT = answer("Det står der ikke.", abstained=True)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_EVAL_RUNS", str(tmp_path / "runs"))
    (tmp_path / "evals").mkdir()
    (tmp_path / "corpus").mkdir()
    for document in DOCUMENTS.values():
        (tmp_path / "corpus" / document.id).write_bytes(document.text.encode())
    path = tmp_path / "evals" / "small.yaml"
    path.write_text(SET, "utf-8")
    return path


def test_junit_xml_fails_by_the_gate_and_tells_of_every_question(written: Path) -> None:
    script = {
        "Hvor meget Veltoral?": answer("5 mg\x07.", cite(1, LEAFLET, "må ikke gives")),
        "Hvad koster <Veltoral>?": SILENT,
    }
    report = run_set(Scripted(script), load(written))
    (suite,) = ElementTree.fromstring(junit([(report, report.failures())]))
    assert suite.attrib | {"time": ""} == {
        "name": "small", "tests": "3", "failures": "1", "skipped": "1", "errors": "0", "time": "",
    }  # fmt: skip
    gate_case, dose, price = suite
    failure = gate_case.find("failure")
    assert failure is not None and failure.get("message") == "right is 0.000, and must be at least 0.5"
    assert price.get("name") == "price: Hvad koster <Veltoral>?" and price.find("skipped") is None
    out = dose.findtext("system-out") or ""
    assert "expected evidence: veltoral.da.txt: 2,5 mg to gange dagligt" in out
    assert "given evidence: veltoral.da.txt: må ikke gives" in out


def test_mcnemar_is_the_exact_binomial() -> None:
    assert mcnemar(5, 0) == 1 / 32
    assert mcnemar(1, 1) == 0.75
    assert mcnemar(0, 0) == 1.0


def test_a_few_lost_questions_may_be_chance_and_many_are_not(written: Path) -> None:
    script = {"Hvor meget Veltoral?": GOOD, "Hvad koster <Veltoral>?": SILENT}
    (row, _) = run_set(Scripted(script), load(written)).rows()
    assert row.right
    lost = row.model_copy(update={"right": False, "parts": {"right": (0.0, 1)}})
    before = [row.model_copy(update={"id": str(n), "parts": {"right": (1.0, 1)}}) for n in range(20)]

    def after(failing: int) -> list[object]:
        return [lost.model_copy(update={"id": str(n)}) if n < failing else before[n] for n in range(20)]

    assert not any(one.is_drop for one in changes(before, after(4)))  # type: ignore[arg-type]
    (right,) = [one for one in changes(before, after(5)) if one.is_drop]  # type: ignore[arg-type]
    assert (right.name, right.worse) == ("right", ("0", "1", "2", "3", "4"))


def test_an_answer_is_kept_until_something_it_depends_on_changes(tmp_path: Path) -> None:
    asked = Asked(GOOD, (("veltoral.da.txt", 0, 20),))
    made = {"code": "a", "generation": "1"}
    Cache(tmp_path, documents={"d": "x"}, made_with=made).put("q", (), asked)

    def found(question: str = "q", documents: str = "x", **changed: str) -> Asked | None:
        cache = Cache(tmp_path, documents={"d": documents}, made_with=made | changed)
        return cache.get(question, ())

    assert found() == asked == found(generation="2")
    assert found("other") is found(documents="y") is found(code="b") is None
    assert Cache(tmp_path, documents={"d": "x"}, made_with=made).get("q", [("a", "b")]) is None


def test_the_command_asks_only_what_changed_and_holds_a_run_against_an_earlier_one(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RunMissingError, match=r"no run of small\.yaml"):
        run([written], Options(baseline="last"))
    run([written], Options(html=tmp_path / "r.html", json=tmp_path / "r.json"))
    capsys.readouterr()
    (tmp_path / "corpus" / "bruxamin.nl.txt").touch()
    written.write_text(SET.replace("kind: dose", "kind: amount"), "utf-8")  # of the set, only how it is counted
    run([written], Options(baseline="last", compare="last", html=tmp_path / "r.html"))
    told = capsys.readouterr().out
    assert "2 of 2 answers were kept" in told and "measure" in told
    assert "Since the last run" in (tmp_path / "r.html").read_text("utf-8")
    (tmp_path / "corpus" / "bruxamin.nl.txt").unlink()
    assert not run([written], Options(baseline="last"))
    assert "missed: changed: the document bruxamin.nl.txt is missing" in capsys.readouterr().out
    kept = runs.read(tmp_path / "runs").runs
    assert len(kept) == 3 and gate.failures(kept[0], kept[1]) == []
    low, high = tmp_path / "low.toml", tmp_path / "high.toml"
    low.write_text("abstain_below = 0.0\n", "utf-8")
    high.write_text("abstain_below = 1.0\n", "utf-8")
    compare_settings([written], low, high, Options())
    assert "changed: setting abstain_below: was 0.0, is 1.0" in capsys.readouterr().out
    assert len(runs.read(tmp_path / "runs").runs) == 3
    with pytest.raises(SettingsError, match=r"none\.toml"):
        settings_of(tmp_path / "none.toml")


def test_a_baseline_is_a_question_a_line_and_a_set_is_held_against_it_without_the_last_digits(
    written: Path, tmp_path: Path
) -> None:
    script = {"Hvor meget Veltoral?": GOOD, "Hvad koster <Veltoral>?": SILENT}
    report = run_set(Scripted(script), load(written))
    texts = {"veltoral.da.txt": ("file", "text")}
    settings = Settings()
    whole = runs.run_of(report, corpus=tmp_path, documents=1, generation="7", settings=settings, texts=texts)
    shaky = {"span recall": (1 / 3, 1), "right": (1.0, 1)}
    many = tuple(whole.rows[0].model_copy(update={"id": f"q{n}", "parts": shaky}) for n in range(12))
    whole = whole.model_copy(update={"rows": many})
    file = runs.keep_baseline(tmp_path / "baseline", whole)
    assert file.name == "small.json"
    lines = file.read_text("utf-8").splitlines()[1:-1]
    assert [json.loads(line.rstrip(","))["id"] for line in lines] == [f"q{n}" for n in range(12)]
    kept = gate.earlier(str(tmp_path / "baseline"), tmp_path, "small.yaml")
    assert (kept.failed, kept.measures, kept.texts) == ((), (), texts)
    assert gate.failures(kept, whole) == []
    elsewhere = [row.model_copy(update={"parts": {**shaky, "span recall": (1 / 3 - 1e-9, 1)}}) for row in many]
    assert gate.failures(whole, whole.model_copy(update={"rows": tuple(elsewhere)})) == []
    worse = [row.model_copy(update={"parts": {**shaky, "span recall": (0.2, 1)}}) for row in many]
    (told, *_) = gate.failures(kept, whole.model_copy(update={"rows": tuple(worse)}))
    assert told.startswith("span recall dropped from 0.333 to 0.200")
    runs.keep_baseline(tmp_path / "baseline", whole)
    assert [one.name for one in (tmp_path / "baseline").iterdir()] == ["small.json"]


def test_sets_over_different_documents_run_side_by_side_and_are_told_in_order(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "bruxamin.nl.txt").write_text(DOCUMENTS["bruxamin.nl.txt"].text, "utf-8")
    other = written.with_name("other.yaml")
    other.write_text(
        'corpus: other\nquestions:\n  - {id: q, language: nl, kind: x, question: "Wat is dit?", abstain: true}\n',
        "utf-8",
    )
    run([written, other], Options(workers=2))
    side_by_side = runs.read(tmp_path / "runs").runs
    assert {one.set for one in side_by_side} == {"small.yaml", "other.yaml"}
    assert [one for one in capsys.readouterr().out.splitlines() if ".yaml: " in one] == [
        "small.yaml: 2 questions",
        "other.yaml: 1 questions",
    ]


def test_pytest_runs_sets_as_tests_and_only_where_it_is_told_to(written: Path, pytester: pytest.Pytester) -> None:
    plugin = ("-p", "assistant.evaluation.plugin", "-p", "no:cacheprovider")
    written.write_text(SET.replace("right: 0.5", "right: 1.0, words per answer: 0"), "utf-8")
    result = pytester.runpytest_inprocess(*plugin, "--assistant-evals", str(written.parent))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*words per answer is *, and must be at most 0*"])
    assert pytester.runpytest_inprocess(*plugin, str(written.parent)).ret == pytest.ExitCode.NO_TESTS_COLLECTED
