"""What people in a hurry write for a word is read as the word; all else stands as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.shorthand import in_full
from assistant.documents.model import LANGUAGES


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("da", "udl.gr. på Zelmivax??", "udleveringsgruppe på Zelmivax??"),
        ("da", "Udl gr Zelmivax", "udleveringsgruppe Zelmivax"),
        ("da", "antal ptt i studiet + bivirkn. og kontraind.?", "antal patienter i studiet + bivirkninger og kontraindikationer?"),
        ("nl", "bijw. van Zelmivax, hoevaak?", "bijwerkingen van Zelmivax, hoe vaak?"),
        ("nl", "werkz. stof Zelmivax", "werkzame stof Zelmivax"),
        ("en", "Zelmivax subq or IM, how many pts?", "Zelmivax subcutaneous or IM, how many patients?"),
        ("da", "Hvad koster Inj-Tabl?", "Hvad koster Inj-Tabl?"),
        ("en", "What is a captain's dose?", "What is a captain's dose?"),
    ],
)  # fmt: skip
def test_shorthand_is_written_out(language: str, written: str, meant: str) -> None:
    assert in_full(written, language) == meant


@given(st.sampled_from(LANGUAGES), st.text(max_size=60))
def test_written_out_once_it_stays(language: str, text: str) -> None:
    assert in_full(in_full(text, language), language) == in_full(text, language)
