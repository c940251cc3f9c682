"""`Assistant.verify`: any text against files, texts or the index; each sentence backed, refused or not found."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.verify import Verification
from assistant.documents.read import read_document
from assistant.documents.segment import segment
from assistant.engine import Assistant
from assistant.errors import DocumentError, IndexMissingError, VerifyError
from assistant.settings import Settings

DATA = Path(__file__).parents[1] / "data" / "veltoral"
DANISH, DUTCH = DATA / "bruxamin-indlaegsseddel.da.md", DATA / "veltoral-bijsluiter.nl.txt"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant without an index."""
    return Assistant(Settings(corpus=DATA, index=tmp_path_factory.mktemp("none") / "index"))


def statuses(found: Verification) -> list[str]:
    return [sentence.status for sentence in found.sentences]


@pytest.mark.parametrize(
    ("text", "status", "fault"),
    [
        ("Voksne tager 15 mg Bruxamin hver 8. time.", "backed", ""),
        ("Børn på 6-12 år tager 7,5 mg hver 12. time.", "backed", ""),
        ("Børn på 6-12 år tager 15 mg hver 12. time.", "refused", "figure"),
        ("Bruxamin må tages af personer med grøn stær.", "refused", "negation"),
        ("Bruxamin må ikke tages af personer med grøn stær.", "backed", ""),
        ("Gravide må tage Bruxamin efter 3. måned.", "backed", ""),
        ("Bruxamin kan købes i supermarkedet.", "not_found", ""),
        ("Bruxamin opbevares ved 2-8 °C i køleskab.", "backed", ""),
        ("Bruxamin opbevares ved 2-18 °C i køleskab.", "refused", "figure"),
        ("Veltoral must not be used by children under 18 years.", "backed", ""),
        ("Clarithromycin may be used together with Veltoral.", "refused", "negation"),
        ("The usual dose is one 40 mg tablet in the morning and one 40 mg tablet in the evening.", "backed", ""),
        ("Et glas Veltoral indeholder 65 tabletter.", "refused", "figure"),
        ("Er Bruxamin farligt?", "no_claim", ""),
        ("Hej!", "no_claim", ""),
    ],
)
def test_a_sentence_against_files(bare: Assistant, text: str, status: str, fault: str) -> None:
    (sentence,) = bare.verify(text, [DANISH, DUTCH]).sentences
    assert sentence.status == status
    assert not fault or fault in {found.kind for found in sentence.faults}
    assert bool(sentence.citations) == (status == "backed")
    assert bool(sentence.faults) == (status == "refused")


def test_citations_are_exact_and_of_the_file_sent_along(bare: Assistant) -> None:
    (sentence,) = bare.verify("Paracetamol may be used.", [DANISH, DUTCH]).sentences
    (citation,) = sentence.citations
    assert citation.document_id == DUTCH.name
    assert DUTCH.read_text("utf-8")[citation.start : citation.end] == citation.quote
    assert citation.quote == "Paracetamol mag u wel gebruiken."


def test_a_text_sent_along_needs_no_file(bare: Assistant) -> None:
    source = "Nordimab gives i en dosis på 60 mg hver 6. måned."
    found = bare.verify("Nordimab is given in a dose of 60 mg every 6 months.", [source])
    assert found.is_backed
    assert found.sentences[0].citations[0].quote == source
    assert not bare.verify("Nordimab is given in a dose of 60 mg every 6 weeks.", [source]).is_backed


def test_two_sentences_of_one_passage_may_back_one(bare: Assistant) -> None:
    source = "Nordimab gives i en dosis på 60 mg. Nordimab gives hver 6. måned."
    found = bare.verify("Nordimab gives i en dosis på 60 mg hver 6. måned.", [source])
    assert found.is_backed
    assert len(found.sentences[0].citations) == 2


def test_what_one_sentence_forbids_another_does_not_allow(bare: Assistant) -> None:
    source = "Nordimab må ikke gives til børn. Nordimab kan gives til voksne."
    assert bare.verify("Nordimab kan gives til voksne.", [source]).is_backed
    assert not bare.verify("Nordimab kan gives til børn.", [source]).is_backed
    assert not bare.verify("Nordimab må ikke gives til voksne.", [source]).is_backed


def test_a_whole_text_is_parted_and_each_part_answered_for(bare: Assistant) -> None:
    text = (
        "Hej!\n\nVoksne tager 15 mg hver 8. time [1].\n- Gravide må tage Bruxamin efter 3. måned.\n1. Børn får 99 mg.\n"
    )
    found = bare.verify(text, [DANISH])
    assert statuses(found) == ["no_claim", "backed", "backed", "refused"]
    assert not found.is_backed
    assert [found.count("backed"), found.count("refused")] == [2, 1]


def test_a_text_without_a_claim_is_not_backed(bare: Assistant) -> None:
    assert not bare.verify("Hej! Hvordan går det?", [DANISH]).is_backed


def test_without_sources_the_index_is_searched(veltoral: Assistant) -> None:
    found = veltoral.verify(
        "Attacks fell by 41% with Veltoral and by 12% with placebo. Attacks fell by 12% with Veltoral.", language="en"
    )
    assert statuses(found) == ["backed", "refused"]
    citation = found.sentences[0].citations[0]
    assert veltoral.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    assert found.searched == 4


def test_what_cannot_be_verified_says_why(bare: Assistant, tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="no text"):
        bare.verify(" \n", [DANISH])
    with pytest.raises(VerifyError, match="against"):
        bare.verify("Noget.", [])
    with pytest.raises(VerifyError, match="text 1"):
        bare.verify("Noget.", ["  "])
    with pytest.raises(DocumentError, match=r"gone\.txt"):
        bare.verify("Noget.", [tmp_path / "gone.txt"])
    with pytest.raises(IndexMissingError):
        bare.verify("Veltoral gives dagligt.")


@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet="abcæøå ABC.!?\n-•[]0123456789%mg,", max_size=120))
def test_sentences_are_spans_of_the_text_in_order(text: str) -> None:
    if not text.strip():
        return
    found = Assistant(Settings(corpus=DATA, index=DATA / "none")).verify(text, ["Nordimab gives én gang dagligt."])
    at = 0
    for sentence in found.sentences:
        assert at <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end] == sentence.text
        at = sentence.end


def test_the_machine_readable_form_has_it_all(bare: Assistant) -> None:
    given = bare.verify(
        "Voksne tager 15 mg hver 8. time. Børn på 6-12 år tager 15 mg hver 12. time.", [DANISH]
    ).as_dict()
    assert given["backed"] is False
    assert given["counts"] == {"backed": 1, "refused": 1, "not_found": 0, "no_claim": 0}
    backed, refused = given["sentences"]
    assert backed["citations"][0]["path"] == DANISH.name
    assert refused["faults"][0]["kind"] == "figure"
    assert "15 mg" in refused["faults"][0]["said"]
    assert refused["nearest"]["quote"]


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_every_sentence_of_a_document_is_backed_by_it(bare: Assistant, path: Path) -> None:
    document = read_document(path, DATA)
    lines = [sentence.text for passage in segment(document) for sentence in passage.sentences]
    found = bare.verify("\n\n".join(lines), [path], language=document.metadata.language)
    odd = [sentence.text for sentence in found.sentences if sentence.status in ("refused", "not_found")]
    assert not odd


def test_an_assistant_over_an_index_finds_what_it_was_given(
    assistant_over: Callable[[dict[str, str]], Assistant],
) -> None:
    assistant = assistant_over({"a.da.md": "# Nordimab\n\nNordimab må ikke gives til gravide.\n"})
    assert assistant.verify("Nordimab is contraindicated in pregnancy.").is_backed
    assert not assistant.verify("Nordimab may be given in pregnancy.").is_backed
