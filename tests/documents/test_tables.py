"""Tables of plain text: each row a sentence of its own under its header; prose with figures stays prose."""

import pytest

from assistant.documents.model import Document, Metadata, Sentence
from assistant.documents.segment import segment

PRICES = """Priser

Ved aftalens start gælder disse priser for sygehusene i begge regioner.

Pakning AIP Aftalepris
Brimovan 20 mg, 28 stk. 1.245,00 kr. 980,50
Brimovan 40 mg, 28 stk. 2.310,00 kr. 1.815,25
Brimovan 80 mg, 28 stk. 4.400,00 kr. …

Priserne reguleres hvert år den 1. januar efter nettoprisindekset.
"""
EVENTS = """Bijwerkingen

Bijwerking 4 mg 8 mg Placebo

Misselijkheid 14,8 % 19,2 % 6,1 %

Diarree 8,3 % 10,7 % 5,2 %

De meeste klachten waren licht en gingen vanzelf over. Zij kwamen vooral voor in
de eerste weken van de behandeling.
"""


def rows(text: str, language: str) -> list[tuple[str, str]]:
    """The rows of a text, each as (header, row)."""
    found = []
    for passage in segment(Document("a.txt", text, Metadata(language=language), "h")):
        for sentence in passage.sentences:
            if sentence.kind == "row":
                found.append((_lead(passage.sentences, sentence), sentence.text))
    return found


def _lead(sentences: tuple[Sentence, ...], sentence: Sentence) -> str:
    return sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""


def test_each_row_stands_alone_under_its_header() -> None:
    header = "Pakning AIP Aftalepris"
    assert [lead for lead, _ in rows(PRICES, "da")] == [header] * 3
    assert rows(PRICES, "da")[1][1] == "Brimovan 40 mg, 28 stk. 2.310,00 kr. 1.815,25"


def test_a_header_of_doses_is_no_row_and_double_spaced_lines_are_a_table_too() -> None:
    assert rows(EVENTS, "nl") == [
        ("Bijwerking 4 mg 8 mg Placebo", "Misselijkheid 14,8 % 19,2 % 6,1 %"),
        ("Bijwerking 4 mg 8 mg Placebo", "Diarree 8,3 % 10,7 % 5,2 %"),
    ]


@pytest.mark.parametrize(
    "prose",
    [
        # Wrapped lines that are full of figures.
        "In the two studies 412 and 388 patients took 20 mg or 40 mg for 12 or 24 weeks and\n"
        "14.8% of those on 40 mg and 6.1% of those on placebo had nausea in the first 4 weeks.",
        # The first lines of a letter: dates and numbers, one a line.
        "Journal number 24-1187\nDecided on 26 March 2025\nIn force from 1 April 2025\n\nThe board has decided as follows.",
        "1. Introduction 3\n2. Methods 5\n3. Results 12",
    ],
)
def test_prose_dates_and_contents_are_no_table(prose: str) -> None:
    assert rows(prose, "en") == []
