"""The questions over documents written for training: each in three languages, each answer found where it is said."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from training.evidence.cases import _DOCUMENTS, APART, from_documents

FOLDERS = sorted(path.name for path in _DOCUMENTS.iterdir())


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_DOCUMENTS / name / "questions.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", FOLDERS)
def test_every_answer_stands_once_in_its_document(name: str) -> None:
    texts = {path.name: path.read_text("utf-8") for path in (_DOCUMENTS / name / "docs").iterdir()}
    for row in rows(name):
        for said in row["evidence"]:
            pattern = r"\s+".join(map(re.escape, said["has"].split()))
            assert len(re.findall(pattern, texts[said["doc"]])) == 1, said


@pytest.mark.parametrize("name", FOLDERS)
def test_every_question_is_asked_in_three_languages_and_once(name: str) -> None:
    asked = Counter(row[language] for row in rows(name) for language in ("da", "nl", "en"))
    assert all(text.strip() for text in asked)
    assert sum(count > 1 for count in asked.values()) <= 0.01 * len(asked)  # short ones may be the same in two


def test_what_tells_the_worth_of_the_reader_is_not_what_it_learns() -> None:
    learnt, apart = from_documents(apart=False), from_documents(apart=True)
    assert sorted(folder.name for folder in apart) == sorted(APART)
    assert sorted(folder.name for folder in (*learnt, *apart)) == FOLDERS
    texts = {text for folder in learnt for text in folder.texts.values()}
    assert not texts & {text for folder in apart for text in folder.texts.values()}


def test_a_case_has_its_places_and_its_other_languages() -> None:
    for folder in from_documents(apart=True):
        for case in folder.cases:
            assert {case.language, *(language for language, _ in case.otherwise)} == {"da", "nl", "en"}
            assert case.declined is not bool(case.gold)
            for document, start, end in case.gold:
                assert folder.texts[document][start:end].strip()
