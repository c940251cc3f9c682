"""Rankings are fused by rank, each language keeps its places, and no question breaks the full-text search."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chroma_server import ChromaServer
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.language import detect
from assistant.engine import Assistant
from assistant.errors import VectorServerError
from assistant.retrieval.hybrid import fuse
from assistant.retrieval.terms import terms
from assistant.settings import Settings


@given(rankings=st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), max_size=5))
def test_fusion_orders_by_reciprocal_ranks(rankings: list[list[int]]) -> None:
    fused = fuse(rankings)
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert {passage for passage, _ in fused} == {passage for ranking in rankings for passage in ranking}
    assert all(0 < score <= len(rankings) / 61 + 1e-12 for score in scores)


def test_fusion_refuses_no_damping() -> None:
    with pytest.raises(ValueError, match="damping"):
        fuse([[1]], damping=0)


@pytest.mark.parametrize(
    "question", ['"', "NEAR(a b)", "a* OR b", "x AND NOT y", "kol:on", "{}()^-+", "'; DROP TABLE x", "§ 1"]
)
def test_no_question_is_a_full_text_command(veltoral: Assistant, question: str) -> None:
    veltoral.ask(question)


def test_each_language_keeps_its_places(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(30):
        (corpus / f"{number}.da.txt").write_text(
            f"Middel {number} med denosumab gives hver måned til voksne.\n", "utf-8"
        )
    (corpus / "only.nl.txt").write_text("Het middel met denosumab wordt elke week aan volwassenen gegeven.\n", "utf-8")
    assistant = Assistant(Settings(corpus=corpus, index=tmp_path / "index"))
    assistant.index()
    searcher = assistant._open().searcher
    question = "Hvor ofte gives denosumab til voksne?"
    hits = searcher.search(question, terms(question, detect(question)), quota=5)
    assert [hit.language for hit in hits].count("nl") == 1
    assert [hit.language for hit in hits].count("da") == 5
    only = searcher.search(question, terms(question, "da"), document_ids=["7.da.txt"])
    assert {hit.passage.document_id for hit in only} == {"7.da.txt"}
    assistant.close()


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[str]:
    server = ChromaServer(tmp_path / "server")
    yield server.url
    server.stop()


def test_a_chroma_server_serves_the_vectors(tmp_path: Path, chroma_server: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Veltoral gives hver 4. uge til voksne.\n", "utf-8")
    settings = Settings(corpus=corpus, index=tmp_path / "index", chroma_url=chroma_server)
    assistant = Assistant(settings)
    assistant.index()
    assert "4. uge" in assistant.ask("Hvor ofte gives Veltoral?").text
    (corpus / "b.txt").write_text("Bruxamin gives hver dag til voksne.\n", "utf-8")
    assert assistant.index().added == ("b.txt",)
    assert "hver dag" in assistant.ask("Hvor ofte gives Bruxamin?").text
    assert "4. uge" in assistant.ask("Hvor ofte gives Veltoral?").text
    assistant.close()


def test_a_chroma_server_that_is_not_there_says_how_to_start_it(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Veltoral gives hver 4. uge til voksne.\n", "utf-8")
    settings = Settings(corpus=corpus, index=tmp_path / "index", chroma_url="http://127.0.0.1:9")
    with pytest.raises(VectorServerError, match="chroma run"):
        Assistant(settings).index()
