"""Sentences end where a reader would end them, in each language."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.sentences import sentence_spans


def split(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("da", ["Den gives hver 6. måned.", "Den 18. juli 2025 kom svaret.", "Så gå.", "Og stå."]),
        ("da", ["Se § 1, stk. 3, og jf. dog stk. 4.", "Det er f.eks. 5 mg (ca. 2 tabletter) pr. dag."]),
        ("da", ["Prisen er 12,35 kr. per dag.", "Øvrige midler koster mere."]),
        ("da", ["Priserne er fra den 5. januar 2026.", "Kilde: styrelsen."]),
        ("nl", ["Dr. Jansen gaf bijv. 5 mg.", "Dit is (d.w.z. meestal) genoeg.", "Zie rubriek 4.8.", "Klaar."]),
        ("nl", ["Op 2 jan. 2025 begon het.", "Het duurde max. 3 weken."]),
        ("da", ["1. Vask hænderne før brug.", "Tør dem godt."]),
        ("en", ["Give e.g. 5 mg approx. twice daily.", "See section 4.8.", "Dr. Smith left.", "Was it safe?", "Yes."]),
        ("en", ["It rose to 5.7 % (from 5.1 %).", "No change."]),
    ],
)
def test_sentences_are_found(language: str, sentences: list[str]) -> None:
    assert split(" ".join(sentences), language) == sentences


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=300), language=st.sampled_from(["da", "nl", "en", ""]))
def test_sentences_cover_all_that_is_not_space_in_order(text: str, language: str) -> None:
    spans = sentence_spans(text, language)
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
