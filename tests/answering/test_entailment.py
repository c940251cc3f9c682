"""The second judge: it reads its model's own labels, can only refuse, and says clearly where it cannot be used."""

from pathlib import Path

import pytest
from tiny_models import tiny_bert

from assistant.answering.entailment import load_judge
from assistant.answering.grounding import Cited, judge
from assistant.errors import NliModelError
from assistant.settings import Settings

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "dosis",
    "er",
    "60",
    "mg",
    "hver",
    "uge",
    "gives",
    "børn",
    "ikke",
    "veltoral",
    "af",
    ".",
]
SOURCES = ["dosis er 60 mg.", "børn ikke.", "60 mg gives hver uge."]
LABELS = ("entailment", "neutral", "contradiction")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models that differ in nothing but the names of their labels; so one says yes where another says no."""
    root = tmp_path_factory.mktemp("judges")
    for turn in range(3):
        tiny_bert(root / f"turn{turn}", WORDS, 3, LABELS[turn:] + LABELS[:turn])
    tiny_bert(root / "two", WORDS, 2, ("not_entailment", "entailment"))
    tiny_bert(root / "nameless", WORDS, 3)
    tiny_bert(root / "one", WORDS, 1, ("entailment",))
    return root


def test_the_model_s_own_labels_decide(made: Path) -> None:
    for source in SOURCES:
        found = set()
        for turn in range(3):
            second = load_judge(Settings(nli_model=str(made / f"turn{turn}")))
            assert second is not None
            found.update(second.reads([source], "60 mg hver uge"))
        assert found == {"entails", "contradicts", "open"}


def test_a_model_of_two_labels_says_entailed_or_open(made: Path) -> None:
    second = load_judge(Settings(nli_model=str(made / "two")))
    assert second is not None
    assert set(second.reads(SOURCES, "60 mg hver uge")) <= {"entails", "open"}
    assert second.reads([], "60 mg") == []


def test_it_refuses_what_the_rules_let_pass_and_saves_nothing_they_refuse(made: Path) -> None:
    source = Cited("Den anbefalede dosis af Veltoral er 60 mg hver uge.", "da")
    verdicts = []
    for turn in range(3):
        second = load_judge(Settings(nli_model=str(made / f"turn{turn}")))
        verdicts.append(judge("Dosis af Veltoral er 60 mg hver uge.", "da", [source], second=second))
        assert not judge("Dosis af Veltoral er 90 mg hver uge.", "da", [source], second=second).backed
        assert judge(source.text, "da", [source], second=second).backed  # a quotation backs itself
    assert sorted(len(verdict.faults) for verdict in verdicts) == [0, 1, 1]
    assert {fault.kind for verdict in verdicts for fault in verdict.faults} == {"relation", "content"}


def test_without_a_setting_there_is_none_and_one_model_is_loaded_once(made: Path) -> None:
    assert load_judge(Settings()) is None
    settings = Settings(nli_model=str(made / "two"))
    assert load_judge(settings) is load_judge(settings)


@pytest.mark.parametrize(
    ("folder", "says"),
    [("nameless", "LABEL_0"), ("one", "entailment"), ("../nowhere", "no such folder"), ("", "holds no model")],
)
def test_what_is_no_judge_is_refused_with_the_remedy(made: Path, folder: str, says: str) -> None:
    with pytest.raises(NliModelError, match=rf"{says}.*ASSISTANT_NLI_MODEL"):
        load_judge(Settings(nli_model=str(made / folder))).reads(["a"], "b")  # type: ignore[union-attr]
