"""Yes and no are said where the evidence decides, and nowhere else."""

import pytest

from assistant.answering.evidence import Evidence
from assistant.answering.features import Candidate, measure
from assistant.answering.polarity import decided
from assistant.answering.question import understand
from assistant.documents.model import Document, Metadata
from assistant.documents.segment import segment
from assistant.retrieval.terms import Term


class Even:
    """Every word counts the same."""

    def __call__(self, term: Term) -> float:
        return 1.0

    def is_unknown(self, term: Term) -> bool:
        return False


def evidence(question: str, sentence: str, language: str) -> Evidence:
    document = Document("a.txt", sentence, Metadata(title="Zelmivax", language=language), "")
    (passage,) = segment(document)
    (measured,), _ = measure(
        understand(question, language=language), [Candidate(1, passage, language, document.metadata)], Even(), None
    )
    return Evidence(measured.candidate, 0, 0.9, measured.coverage, measured.matches, measured.own)


@pytest.mark.parametrize(
    ("question", "sentence", "language", "expected"),
    [
        ("Må Zelmivax tages sammen med mælk?", "Zelmivax må tages sammen med mælk.", "da", True),
        ("Må Zelmivax tages sammen med mælk?", "Zelmivax må ikke tages sammen med mælk.", "da", False),
        ("Mag Zelmivax met melk worden ingenomen?", "Zelmivax mag niet met melk worden ingenomen.", "nl", False),
        ("Can Zelmivax be taken with milk?", "Zelmivax can be taken with milk.", "en", True),
        ("Can Zelmivax be taken with milk?", "Zelmivax can be taken with milk if the doctor agrees.", "en", None),
        ("Can Zelmivax be taken with milk?", "Zelmivax can be taken with water.", "en", None),
        ("Can Zelmivax be taken with milk?", "Zelmivax must not be taken without milk.", "en", None),
        ("Is Zelmivax not to be taken with milk?", "Zelmivax can be taken with milk.", "en", None),
        ("How is Zelmivax taken with milk?", "Zelmivax can be taken with milk.", "en", None),
        ("Does Zelmivax increase the blood pressure?", "Zelmivax lowers the blood pressure.", "en", None),
    ],
)
def test_only_evidence_that_decides_is_summed_up(
    question: str, sentence: str, language: str, expected: bool | None
) -> None:
    assert decided(understand(question, language=language), evidence(question, sentence, language)) is expected
